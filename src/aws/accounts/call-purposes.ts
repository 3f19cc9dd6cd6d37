import type { CallPurpose } from '../call-purpose.ts';
import type { AwsAction } from '../client/operations.ts';

/** Operations about the caller itself. */
export const accountPurposes = {
  'sts:AssumeRole': { purpose: 'works in the account that `spec.account` names' },
  'iam:SimulatePrincipalPolicy': {
    purpose: 'asks IAM whether the caller may do what notebook access needs',
    onlyFor: 'doctor',
  },
  'sts:GetCallerIdentity': {
    purpose:
      "learns the account and the partition before anything else, with each identity's first use",
    needsPermission: false,
  },
} as const satisfies Partial<Readonly<Record<AwsAction, CallPurpose>>>;
