import type { ActionResults } from '../../plan/actions.ts';
import type { ManagedPolicy, PolicyDocument, Principal, Tags } from '../../plan/facts.ts';
import { isSamePrincipal, type PolicyAction } from '../../plan/notebook-policy/policy-effects.ts';

/** A change of a policy that this process made, in the form in which reads are compared with it. */
export type RecentPolicyWrite =
  | { readonly kind: 'Created'; readonly arn: string; readonly policy: ManagedPolicy }
  | {
      readonly kind: 'DefaultSet';
      readonly arn: string;
      readonly versionId: string;
      readonly document: PolicyDocument;
      /** Whether the call made the version: then no other has a higher number yet. */
      readonly isNew: boolean;
    }
  | { readonly kind: 'VersionDeleted'; readonly arn: string; readonly versionId: string }
  | {
      readonly kind: 'AttachmentChanged';
      readonly arn: string;
      readonly principal: Principal;
      readonly isAttached: boolean;
    }
  | { readonly kind: 'Deleted'; readonly arn: string }
  | {
      readonly kind: 'TagsChanged';
      readonly arn: string;
      readonly set: Tags;
      readonly removed: readonly string[];
    };

/** What reads should show after an action that succeeded; undefined if it changed nothing. */
export function recentPolicyWriteOf(
  action: PolicyAction,
  result: ActionResults[keyof ActionResults],
): RecentPolicyWrite | undefined {
  switch (action.kind) {
    case 'CreatePolicy': {
      const { policy, existed } = result as ActionResults['CreatePolicy'];
      return existed ? undefined : { kind: 'Created', arn: policy.arn, policy };
    }
    case 'CreatePolicyVersion': {
      const { versionId } = result as ActionResults['CreatePolicyVersion'];
      const { arn, document } = action;
      return { kind: 'DefaultSet', arn, versionId, document, isNew: true };
    }
    case 'SetDefaultPolicyVersion': {
      const { arn, versionId, document } = action;
      return { kind: 'DefaultSet', arn, versionId, document, isNew: false };
    }
    case 'DeletePolicyVersion':
      return { kind: 'VersionDeleted', arn: action.arn, versionId: action.versionId };
    case 'AttachPolicy':
    case 'DetachPolicy': {
      const { arn, principal } = action;
      const isAttached = action.kind === 'AttachPolicy';
      return { kind: 'AttachmentChanged', arn, principal, isAttached };
    }
    case 'DeletePolicy':
      return { kind: 'Deleted', arn: action.arn };
    case 'TagPolicy':
      return { kind: 'TagsChanged', arn: action.arn, set: action.tags, removed: [] };
    case 'UntagPolicy':
      return { kind: 'TagsChanged', arn: action.arn, set: {}, removed: action.keys };
    default:
      return action satisfies never;
  }
}

/**
 * Whether an action makes an earlier change moot: what it did has the last word, or, where its
 * answer was lost, nobody knows any more which of the two is in force.
 */
export function isOvertaken(write: RecentPolicyWrite, action: PolicyAction): boolean {
  switch (action.kind) {
    case 'CreatePolicy':
      return write.arn.endsWith(`:policy${action.path}${action.name}`);
    case 'DeletePolicy':
      return write.arn === action.arn;
    case 'CreatePolicyVersion':
    case 'SetDefaultPolicyVersion':
      return write.kind === 'DefaultSet' && write.arn === action.arn;
    case 'AttachPolicy':
    case 'DetachPolicy':
      return (
        write.kind === 'AttachmentChanged' &&
        write.arn === action.arn &&
        isSamePrincipal(write.principal, action.principal)
      );
    case 'DeletePolicyVersion':
    case 'TagPolicy':
    case 'UntagPolicy':
      return false;
    default:
      return action satisfies never;
  }
}
