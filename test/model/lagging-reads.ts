/** What a read shows while AWS lags behind its own writes. */
import type { Endpoint, SecurityGroup } from '../../src/plan/facts.ts';
import type { Author, AwsWorld, Change, Resource, StoredPolicy } from './aws-world.ts';

/** A policy as one reader sees it. */
export type PolicyView = StoredPolicy & { readonly settling?: boolean };

/** Endpoints, groups and policies as one reader sees them. */
export interface View {
  readonly endpoints: readonly Endpoint[];
  readonly groups: readonly SecurityGroup[];
  readonly policies: readonly PolicyView[];
}

/**
 * The view of a reader: changes of the last `lag` reads are not shown, except that a process keeps
 * its own in mind, as the port promises: a change of an endpoint shows as `settling`, what it
 * deleted as deleting, what it did to groups and tags as done. A policy that says or binds something
 * new by its doing shows that as `settling`.
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
    policies: ids(world.policies).flatMap((id) => {
      return policySeen(world.policies.get(id), byId.get(id) ?? [], reader) ?? [];
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
  const shown = isEndpoint(first.before) ? first.before : undefined;
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

function policySeen(
  current: StoredPolicy | undefined,
  hidden: readonly Change[],
  reader: Author,
): PolicyView | undefined {
  const [first] = hidden;
  if (first === undefined) return current;
  const own = hidden.filter(({ by }) => by === reader);
  if (own.length === 0) return isPolicy(first.before) ? first.before : undefined;
  const isSettling = own.some(({ what }) => what === 'created' || what === 'modified');
  return current === undefined || !isSettling ? current : { ...current, settling: true };
}

function isPolicy(value: Resource | undefined): value is StoredPolicy {
  return value !== undefined && 'attachedTo' in value;
}

function isEndpoint(value: Resource | undefined): value is Endpoint {
  return value !== undefined && 'serviceName' in value;
}

function isGroup(value: Resource | undefined): value is SecurityGroup {
  return value !== undefined && !isPolicy(value) && !isEndpoint(value);
}
