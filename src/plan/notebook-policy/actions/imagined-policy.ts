/** IAM's answers in a plan, where nothing is sent. */
import type { Caller, ManagedPolicy, PolicyVersion } from '../../facts.ts';
import { policyArnOfName } from '../../ownership/ownership.ts';
import type { CreatePolicy } from '../actions.ts';
import { versionNumber } from './policy-changes.ts';

export function imaginedPolicy(
  { name, document, tags }: CreatePolicy,
  caller: Caller,
): ManagedPolicy {
  const arn = policyArnOfName(name, caller);
  const use = { attachedTo: [], boundaryUses: 0 };
  return { arn, name, tags, document, defaultVersionId: 'v1', ...use };
}

/** IAM counts on; versions that were deleted before are not known, so this may be too low. */
export function nextVersionId(versions: readonly PolicyVersion[]): string {
  return `v${Math.max(0, ...versions.map(({ id }) => versionNumber(id))) + 1}`;
}
