/** What a read shows while AWS lags behind its own writes. */
import type { Endpoint, SecurityGroup } from '../../src/plan/facts.ts';
import type { Author, AwsWorld, Change } from './aws-world.ts';

/** Endpoints and groups as one reader sees them. */
export interface View {
  readonly endpoints: readonly Endpoint[];
  readonly groups: readonly SecurityGroup[];
}

/**
 * The view of a reader: changes of the last `lag` reads are not shown, except that a process keeps
 * its own in mind, as the port promises: a change of an endpoint shows as `settling`, what it
 * deleted as deleting, what it did to groups and tags as done.
 */
export function viewOf(world: AwsWorld, reader: Author, lag: number): View {
  const hidden = world.changes.filter(({ atRead }) => world.reads - atRead <= lag);
  const byId = new Map<string, readonly Change[]>();
  for (const one of hidden) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
  const ids = <T>(table: Map<string, T>): string[] => [
    ...new Set([...table.keys(), ...byId.keys()]),
  ];
  return {
    endpoints: ids(world.endpoints).flatMap((id) => {
      return endpointSeen(world.endpoints.get(id), byId.get(id) ?? [], reader) ?? [];
    }),
    groups: ids(world.groups).flatMap((id) => {
      return groupSeen(world.groups.get(id), byId.get(id) ?? [], reader) ?? [];
    }),
  };
}

function endpointSeen(
  current: Endpoint | undefined,
  hidden: readonly Change[],
  reader: Author,
): Endpoint | undefined {
  const [first] = hidden;
  if (first === undefined) return current;
  const shown = isGroup(first.before) ? undefined : first.before;
  const own = hidden.filter(({ by }) => by === reader);
  if (own.some(({ what }) => what === 'deleted')) {
    return shown === undefined ? undefined : { ...shown, state: 'deleting' };
  }
  const tags = own.some(({ what }) => what === 'tags') ? current?.tags : undefined;
  const retagged = shown === undefined || tags === undefined ? shown : { ...shown, tags };
  if (own.some(({ what }) => what === 'created')) {
    return current === undefined ? undefined : { ...current, state: 'pending', settling: true };
  }
  const isSettling = own.some(({ what }) => what === 'modified');
  return retagged === undefined || !isSettling ? retagged : { ...retagged, settling: true };
}

function groupSeen(
  current: SecurityGroup | undefined,
  hidden: readonly Change[],
  reader: Author,
): SecurityGroup | undefined {
  const [first] = hidden;
  if (first === undefined || hidden.some(({ by }) => by === reader)) return current;
  return isGroup(first.before) ? first.before : undefined;
}

function isGroup(value: Endpoint | SecurityGroup | undefined): value is SecurityGroup {
  return value !== undefined && 'name' in value;
}
