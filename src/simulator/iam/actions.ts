import type { ActionTable } from '../actions.ts';
import { accountDetailActions } from './account-details.ts';
import { attachmentActions } from './principals/attachment-actions.ts';
import { boundaryActions } from './principals/boundary-actions.ts';
import { inlineActions } from './principals/inline-actions.ts';
import { instanceProfileActions } from './principals/instance-profiles.ts';
import { membershipActions } from './principals/membership-actions.ts';
import { policyActions } from './policies/policy-actions.ts';
import { principalActions } from './principals/principal-actions.ts';
import { simulationActions } from './policies/simulation-actions.ts';
import { versionActions } from './policies/version-actions.ts';

/** Every action of IAM that the simulator knows. */
export const iamActions: ActionTable = {
  ...policyActions,
  ...versionActions,
  ...attachmentActions,
  ...principalActions,
  ...membershipActions,
  ...boundaryActions,
  ...inlineActions,
  ...instanceProfileActions,
  ...accountDetailActions,
  ...simulationActions,
};
