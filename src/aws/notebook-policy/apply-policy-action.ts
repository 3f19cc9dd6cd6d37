import type { ActionKind, ActionResults } from '../../plan/actions.ts';
import type { PolicyAction } from '../../plan/notebook-policy/policy-effects.ts';
import { createPolicy, deletePolicy, tagPolicy, untagPolicy } from './write-policies.ts';
import { attachPolicy, detachPolicy } from './write-attachments.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from './write-versions.ts';
import type { PolicyWriteContext } from './policy-write-context.ts';

/** Makes one change at IAM. Throws `CloudError`. */
export async function applyPolicyAction(
  action: PolicyAction,
  context: PolicyWriteContext,
): Promise<ActionResults[ActionKind]> {
  switch (action.kind) {
    case 'CreatePolicy':
      return createPolicy(action, context);
    case 'CreatePolicyVersion':
      return createPolicyVersion(action, context);
    case 'SetDefaultPolicyVersion':
      await setDefaultPolicyVersion(action, context);
      return {};
    case 'DeletePolicyVersion':
      await deletePolicyVersion(action, context);
      return {};
    case 'AttachPolicy':
      await attachPolicy(action, context);
      return {};
    case 'DetachPolicy':
      await detachPolicy(action, context);
      return {};
    case 'DeletePolicy':
      await deletePolicy(action, context);
      return {};
    case 'TagPolicy':
      await tagPolicy(action, context);
      return {};
    case 'UntagPolicy':
      await untagPolicy(action, context);
      return {};
    default:
      return action satisfies never;
  }
}
