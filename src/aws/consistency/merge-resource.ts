/** Our own changes of one resource in what a read says of it. Pure. */
import {
  type ChangedFact,
  type ChangedFacts,
  type ChangeOf,
  isShown,
  withChange,
} from '../../plan/actions/changes.ts';
import type { Endpoint, SecurityGroup, Tags } from '../../plan/facts.ts';
import { changesOfFact, type RecentWrite } from './recent-write.ts';

/** Facts about one id, which is an endpoint's or a group's, or nobody's any more. */
interface ResourceFacts {
  readonly endpoint?: Endpoint | undefined;
  readonly group?: SecurityGroup | undefined;
}

/** A working copy: what the changes before this one have already been put into. */
interface Draft {
  endpoint: Endpoint | undefined;
  group: SecurityGroup | undefined;
}

/**
 * Puts the writes of one resource into what a read says of it, which may not show them yet: AWS's
 * reads lag behind its writes by up to seconds. Pure; writes are given in the order in which they
 * were made.
 *
 * @returns also which of the writes the read shows by itself
 */
export function mergeResource(
  { endpoint, group }: ResourceFacts,
  writes: readonly RecentWrite[],
): { readonly facts: ResourceFacts; readonly shown: readonly RecentWrite[] } {
  const draft: Draft = { endpoint, group };
  const shown = writes.filter((write) => isShownOf(draft, write));
  return { facts: draft, shown };
}

/**
 * True if the draft shows all of the write; the rest is put into the draft. A write of nothing that
 * is read here is never shown here.
 */
function isShownOf(draft: Draft, write: RecentWrite): boolean {
  const known = [
    ...changesOfFact(write, 'Endpoint').map((change) => {
      const { isKnown, after } = changed(change, draft.endpoint);
      draft.endpoint = after;
      return isKnown;
    }),
    ...changesOfFact(write, 'SecurityGroup').map((change) => {
      const { isKnown, after } = changedGroup(change, draft.group);
      draft.group = after;
      return isKnown;
    }),
    ...changesOfFact(write, 'Tags').map((change) => putTags(draft, change)),
  ];
  return known.length > 0 && known.every((isShownByRead) => isShownByRead);
}

function changed<Fact extends ChangedFact>(
  change: ChangeOf<Fact>,
  read: ChangedFacts[Fact] | undefined,
): { readonly isKnown: boolean; readonly after: ChangedFacts[Fact] | undefined } {
  const isKnown = isShown(change, read);
  return { isKnown, after: isKnown ? read : withChange(change, read) };
}

/** A read without rules shows no change of them, and loses none. */
function changedGroup(
  change: ChangeOf<'SecurityGroup'>,
  read: SecurityGroup | undefined,
): { readonly isKnown: boolean; readonly after: SecurityGroup | undefined } {
  if (read === undefined || read.rules !== undefined) return changed(change, read);
  const isGone = change.after(read) === undefined;
  return { isKnown: false, after: isGone ? undefined : read };
}

/** Nothing is known of a resource that was not read. */
function putTags(draft: Draft, change: ChangeOf<'Tags'>): boolean {
  const ofEndpoint = withTags(draft.endpoint, change);
  const ofGroup = withTags(draft.group, change);
  draft.endpoint = ofEndpoint.after;
  draft.group = ofGroup.after;
  return ofEndpoint.isKnown || ofGroup.isKnown;
}

function withTags<T extends { readonly tags: Tags }>(
  resource: T | undefined,
  change: ChangeOf<'Tags'>,
): { readonly isKnown: boolean; readonly after: T | undefined } {
  if (resource === undefined) return { isKnown: false, after: undefined };
  const { isKnown, after } = changed(change, resource.tags);
  return {
    isKnown,
    after: isKnown || after === undefined ? resource : { ...resource, tags: after },
  };
}
