/** Changes of tags that several resources need alike: AWS takes up to 1,000 resources in one call. */
import { isDeepStrictEqual } from 'node:util';
import type { Action } from '../actions.ts';
import type { Observation } from '../observation.ts';
import { ownershipPrefix } from '../ownership/ownership.ts';
import type { TagAction } from './actions.ts';

/**
 * The actions, with one call for changes of tags that are the same. AWS refuses such a call as a whole,
 * so resources that it was refused for get a call of their own again. Tags of ownership stay apart: the
 * order in which resources are taken over is the plan's.
 */
export function withSharedTags(
  actions: readonly Action[],
  { refusals }: Pick<Observation, 'refusals'>,
): readonly Action[] {
  const isRefused = ({ kind, resourceIds }: TagAction): boolean =>
    resourceIds.some((id) => refusals[`${kind} ${id}`] !== undefined);
  return actions.reduce<readonly Action[]>((shared, action) => {
    if (!isAboutTags(action) || isOfOwnership(action) || isRefused(action)) {
      return [...shared, action];
    }
    const other = shared.filter(isAboutTags).find((one) => !isRefused(one) && isAlike(one, action));
    if (other === undefined) return [...shared, action];
    return shared.with(shared.indexOf(other), joined(other, action));
  }, []);
}

/** Whether a change of tags was repeated for a part of its resources: that one tells the rest. */
export function isForPart(whole: TagAction, other: TagAction): boolean {
  return (
    isAlike(whole, other) &&
    other.resourceIds.length < whole.resourceIds.length &&
    other.resourceIds.every((id) => whole.resourceIds.includes(id))
  );
}

function isAboutTags(action: Action): action is TagAction {
  return action.kind === 'CreateTags' || action.kind === 'DeleteTags';
}

function isOfOwnership(action: TagAction): boolean {
  const keys = action.kind === 'CreateTags' ? Object.keys(action.tags) : action.keys;
  return keys.some((key) => key.startsWith(ownershipPrefix));
}

function isAlike(one: TagAction, other: TagAction): boolean {
  if (one.kind === 'CreateTags') {
    return other.kind === one.kind && isDeepStrictEqual(one.tags, other.tags);
  }
  return other.kind === one.kind && isDeepStrictEqual(one.keys, other.keys);
}

function joined(one: TagAction, other: TagAction): TagAction {
  const subjects = [one.subject, ...(one.alsoFor ?? []), other.subject, ...(other.alsoFor ?? [])];
  const [subject = one.subject, ...alsoFor] = new Set(subjects);
  const resourceIds = [...one.resourceIds, ...other.resourceIds];
  return { ...one, subject, resourceIds, ...(alsoFor.length === 0 ? {} : { alsoFor }) };
}
