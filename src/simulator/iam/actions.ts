import type { ActionTable } from '../actions.ts';
import { accountDetailActions } from './account-details.ts';
import { attachmentActions } from './attachment-actions.ts';
import { boundaryActions } from './boundary-actions.ts';
import { inlineActions } from './inline-actions.ts';
import { instanceProfileActions } from './instance-profiles.ts';
import { membershipActions } from './membership-actions.ts';
import { policyActions } from './policy-actions.ts';
import { principalActions } from './principal-actions.ts';
import { versionActions } from './version-actions.ts';

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
};
