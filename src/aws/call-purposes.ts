import { accountPurposes } from './accounts/call-purposes.ts';
import type { CallPurpose } from './call-purpose.ts';
import type { AwsAction } from './client/operations.ts';
import { driftEventPurposes } from './drift-events/call-purposes.ts';
import { endpointPurposes } from './endpoint/call-purposes.ts';
import { networkPurposes } from './network/call-purposes.ts';
import { policyPurposes } from './notebook-policy/call-purposes.ts';
import { securityGroupPurposes } from './security-group/call-purposes.ts';
import { tagPurposes } from './tags/call-purposes.ts';

/**
 * Every operation that the operator calls, and what for: `docs/aws-calls.md` is made from it. A new
 * operation does not compile without its purpose.
 */
export const callPurposes: Readonly<Record<AwsAction, CallPurpose>> = {
  ...accountPurposes,
  ...networkPurposes,
  ...securityGroupPurposes,
  ...endpointPurposes,
  ...tagPurposes,
  ...policyPurposes,
  ...driftEventPurposes,
};
