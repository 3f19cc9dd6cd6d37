import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overtakes } from '../../../src/aws/apply-action.ts';
import type { Action, ResultOf } from '../../../src/plan/actions.ts';
import { CloudError } from '../../../src/plan/cloud.ts';
import type { Endpoint, Holdings, SecurityGroup } from '../../../src/plan/facts.ts';
import {
  createRecentWrites,
  type RecentWrites,
} from '../../../src/aws/consistency/recent-writes.ts';
import { createOwnedMerges, type OwnedRead } from '../../../src/aws/merge-owned.ts';
import { ownershipTagsOf } from '../../../src/plan/ownership/ownership.ts';
import { creation, endpoint, group, modification, partOf, rule } from './aws-values.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';

const nothing: Holdings = { endpoints: [], securityGroups: [] };

/** Gives each read the time at which it is used first. */
function createReadTimes(clock: Clock): (read: Holdings) => OwnedRead {
  const reads = new Map<Holdings, OwnedRead>();
  return (read) => {
    const known = reads.get(read) ?? readOf(read, clock.now());
    reads.set(read, known);
    return known;
  };
}

function readOf({ endpoints, securityGroups }: Holdings, begunAt: number): OwnedRead {
  return {
    endpoints: partOf(endpoints, begunAt),
    securityGroups: partOf(securityGroups, begunAt),
  };
}

function recorder() {
  const clock = createVirtualClock();
  const writes = createRecentWrites(clock, 60_000, overtakes);
  const readAt = createReadTimes(clock);
  const merges = createOwnedMerges(writes);
  const ofReads = {
    mergeOwned: (read: Holdings) => merges.mergeOwned(readAt(read)),
    mergeOwnedOf: (read: Holdings, whose: typeof owner) => merges.mergeOwnedOf(readAt(read), whose),
  };
  return { clock, readAt, writes: Object.assign(writes, merges, ofReads) };
}

const deletion = { kind: 'DeleteVpcEndpoints', reason: 'x', endpointIds: ['vpce-1'] } as const;

test('an endpoint that was just created is there although the read lacks it', async () => {
  const { clock, writes } = recorder();
  const created = endpoint({ state: 'pending' });
  writes.record(creation(), { endpoint: created });
  const settling = [{ ...created, settling: true }];
  expect(writes.mergeOwned(nothing).endpoints).toEqual(settling);
  const scope = { vpcId: 'vpc-1', serviceNames: [created.serviceName] };
  expect(writes.mergeVpcEndpoints([], scope)).toEqual(settling);
  expect(writes.mergeVpcEndpoints([], { ...scope, vpcId: 'vpc-2' })).toEqual([]);
  await clock.advance(60_000);
  expect(writes.mergeOwned(nothing).endpoints).toEqual(settling);
  expect(writes.mergeOwned({ ...nothing }).endpoints).toEqual([]);
});

test('once a read has shown an endpoint, a read without it means that it is gone', () => {
  const { writes } = recorder();
  writes.record(creation(), { endpoint: endpoint({ state: 'pending' }) });
  const shown = { endpoints: [endpoint()], securityGroups: [] };
  expect(writes.mergeOwned(shown)).toEqual(shown);
  expect(writes.mergeOwned(nothing)).toEqual(nothing);
});

test('the default egress of a group that is not shown yet is as wide as its VPC', () => {
  const { writes } = recorder();
  const create = {
    kind: 'CreateSecurityGroup',
    reason: 'r',
    description: 'd',
    vpcHasIpv6: true,
  } as const;
  writes.record({ ...create, ...group() }, { group: group(), existed: false });
  const [unread] = writes.mergeOwned(nothing).securityGroups;
  expect(unread?.rules?.map(({ source }) => source)).toEqual([
    { cidr: '0.0.0.0/0' },
    { cidr: '::/0' },
  ]);
});

test('an endpoint is settling until a read shows its modification', () => {
  const { writes } = recorder();
  const policy = { Statement: [{ Effect: 'Deny', Action: '*' }] };
  writes.record(modification({ addSubnetIds: ['subnet-2'], policy }), {});
  const before = { endpoints: [endpoint()], securityGroups: [] };
  expect(writes.mergeOwned(before).endpoints).toEqual([endpoint({ settling: true })]);
  const half = endpoint({ subnetIds: ['subnet-1', 'subnet-2'] });
  expect(writes.mergeOwned({ ...before, endpoints: [half] }).endpoints[0]?.settling).toBe(true);
  const after = { ...before, endpoints: [{ ...half, policy }] };
  expect(writes.mergeOwned(after)).toEqual(after);
  // From now on the old state is a drift, not a delay.
  expect(writes.mergeOwned(before)).toEqual(before);
});

test('an endpoint whose addresses were changed is settling until it is pending', () => {
  const { writes } = recorder();
  const addresses = [{ subnetId: 'subnet-1', ipv4: '10.0.1.17' }];
  writes.record(modification({ addresses }), {});
  // Nothing else in the description of an endpoint tells that it is being changed.
  const before = { endpoints: [endpoint()], securityGroups: [] };
  expect(writes.mergeOwned(before).endpoints).toEqual([endpoint({ settling: true })]);
  const during = { ...before, endpoints: [endpoint({ state: 'pending' })] };
  expect(writes.mergeOwned(during)).toEqual(during);
  expect(writes.mergeOwned(before)).toEqual(before);
});

test('a deleted endpoint is deleting while reads still show it', () => {
  const { writes } = recorder();
  writes.record(deletion, {});
  const before = { endpoints: [endpoint()], securityGroups: [] };
  expect(writes.mergeOwned(before).endpoints).toEqual([endpoint({ state: 'deleting' })]);
  expect(writes.mergeOwned(nothing)).toEqual(nothing);
});

test('what was deleted does not come back with an older read', async () => {
  const { clock, writes } = recorder();
  writes.record(deletion, {});
  const gone = { endpoints: [endpoint({ state: 'deleted' })], securityGroups: [] };
  expect(writes.mergeOwned(gone)).toEqual(gone);
  const living = { endpoints: [endpoint()], securityGroups: [] };
  expect(writes.mergeOwned(living).endpoints).toEqual([endpoint({ state: 'deleting' })]);
  await clock.advance(60_000);
  expect(writes.mergeOwned({ ...living })).toEqual(living);
});

test('an endpoint deleted before any read showed it is deleting, not gone', () => {
  const { writes } = recorder();
  writes.record(creation(), { endpoint: endpoint({ state: 'pending' }) });
  writes.record(deletion, {});
  expect(writes.mergeOwned(nothing).endpoints).toMatchObject([{ id: 'vpce-1', state: 'deleting' }]);
});

test('a new group has the rules that it was given, before any read shows it', () => {
  const { writes } = recorder();
  const tags = { owner: 'me' };
  const created = { id: 'sg-1', name: 'group', vpcId: 'vpc-1', ownerId: '1', tags };
  const create = {
    kind: 'CreateSecurityGroup',
    reason: 'r',
    description: 'd',
    vpcHasIpv6: false,
    ...created,
  } as const;
  writes.record(create, { group: created, existed: false });
  const [unread] = writes.mergeOwned(nothing).securityGroups;
  expect(unread?.rules).toMatchObject([{ id: '', isEgress: true, source: { cidr: '0.0.0.0/0' } }]);
  const authorize = {
    kind: 'AuthorizeIngress',
    reason: 'r',
    groupId: 'sg-1',
    rules: [],
    tags,
  } as const;
  writes.record(authorize, { rules: [rule()] });
  const revoke = { kind: 'RevokeEgress', reason: 'r', groupId: 'sg-1' } as const;
  writes.record({ ...revoke, rules: unread?.rules ?? [] }, {});
  expect(writes.mergeOwned(nothing).securityGroups).toEqual([{ ...created, rules: [rule()] }]);
  // The read now shows the group as it was at first.
  const egress = { ...rule(), id: 'sgr-egress', isEgress: true, protocol: '-1' };
  const stale = group({
    tags,
    rules: [{ ...egress, fromPort: -1, toPort: -1, source: { cidr: '0.0.0.0/0' } }],
  });
  const { securityGroups } = writes.mergeOwned({ endpoints: [], securityGroups: [stale] });
  expect(securityGroups).toEqual([{ ...created, rules: [rule()] }]);
});

test('a group that had its name before is not one that we made', () => {
  const { writes } = recorder();
  const create = {
    kind: 'CreateSecurityGroup',
    reason: 'r',
    description: 'd',
    vpcHasIpv6: false,
    ...group(),
  } as const;
  writes.record(create, { group: group(), existed: true });
  expect(writes.mergeOwned(nothing)).toEqual(nothing);
});

test('a deleted group is not shown, and tags are as they were set', () => {
  const { writes } = recorder();
  writes.record({ kind: 'DeleteSecurityGroup', reason: 'r', groupId: 'sg-1' }, {});
  const resourceIds = ['vpce-1'];
  writes.record(
    {
      kind: 'CreateTags',
      subject: 'EndpointsAvailable',
      reason: 'r',
      resourceIds,
      tags: { team: 'ml' },
    },
    {},
  );
  writes.record(
    { kind: 'DeleteTags', subject: 'EndpointsAvailable', reason: 'r', resourceIds, keys: ['old'] },
    {},
  );
  const read = { endpoints: [endpoint({ tags: { old: 'x' } })], securityGroups: [group()] };
  expect(writes.mergeOwned(read)).toEqual({
    endpoints: [endpoint({ tags: { team: 'ml' } })],
    securityGroups: [],
  });
});

const denied = new CloudError({
  kind: 'Denied',
  action: 'ec2:Describe',
  code: 'UnauthorizedOperation',
  message: 'ec2:Describe is not allowed',
});

/** A link's endpoint and group, as they were read. */
const mine = { clusterId: 'c', uid: 'u', name: 'ml' };
const readEndpoint = endpoint({ tags: ownershipTagsOf(mine, 'endpoint') });
const readGroup = group({ tags: ownershipTagsOf(mine, 'security-group'), rules: [rule()] });
const { rules: _readRules, ...bareGroup } = readGroup;

test('a part that could not be read is told with its reason, and the others with what they have', () => {
  const { clock, writes } = recorder();
  const endpoints = partOf([readEndpoint], clock.now());
  const securityGroups = partOf([readGroup], clock.now());
  const merges = createOwnedMerges(writes);
  const told = (read: OwnedRead) => [merges.mergeOwned(read), merges.mergeOwnedOf(read, mine)];
  const whole = { endpoints: [readEndpoint], securityGroups: [readGroup] };
  expect(told({ endpoints, securityGroups })).toEqual([whole, whole]);
  const noEndpoints = { ...whole, endpoints: [], unread: { endpoints: denied } };
  expect(told({ endpoints: denied, securityGroups })).toEqual([noEndpoints, noEndpoints]);
  const noGroups = { ...whole, securityGroups: [], unread: { securityGroups: denied } };
  expect(told({ endpoints, securityGroups: denied })).toEqual([noGroups, noGroups]);
  const noRules = { ...whole, securityGroups: [bareGroup], unread: { rules: denied } };
  const bare = { ...partOf([bareGroup], clock.now()), rulesError: denied };
  expect(told({ endpoints, securityGroups: bare })).toEqual([noRules, noRules]);
  // Its last state is still known to those who watch AWS at work.
  merges.mergeOwned({ endpoints: denied, securityGroups });
  expect(merges.endpoint(readEndpoint.id)).toEqual(readEndpoint);
});

test('the resources of some links can be left out', () => {
  const { writes } = recorder();
  const merges = createOwnedMerges(writes);
  const ofNobody = endpoint({ id: 'vpce-2' });
  const read: OwnedRead = {
    endpoints: partOf([readEndpoint, ofNobody], 0),
    securityGroups: partOf([readGroup], 0),
  };
  const left = merges.mergeOwned(read, [mine.uid]);
  expect(left).toEqual({ endpoints: [ofNobody], securityGroups: [] });
  expect(merges.mergeOwned(read, ['another']).endpoints).toHaveLength(2);
});

test('rules are unread for the links alone whose groups lack them', () => {
  const { writes } = recorder();
  const merges = createOwnedMerges(writes);
  const others = { ...bareGroup, id: 'sg-2', tags: { ...bareGroup.tags, other: 'x' } };
  const theirs = { clusterId: 'c', uid: 'v', name: 'other' };
  const read: OwnedRead = {
    endpoints: partOf<Endpoint>([], 0),
    securityGroups: {
      ...partOf<SecurityGroup>(
        [readGroup, { ...others, tags: ownershipTagsOf(theirs, 'security-group') }],
        0,
      ),
      rulesError: denied,
    },
  };
  expect(merges.mergeOwnedOf(read, mine)).toEqual({ endpoints: [], securityGroups: [readGroup] });
  expect(merges.mergeOwnedOf(read, theirs).unread).toEqual({ rules: denied });
});

test('each part has the writes of its own time', async () => {
  const { clock, writes } = recorder();
  const merges = createOwnedMerges(writes);
  const nobody = { all: [], begunAt: clock.now() };
  writes.record(creation(), { endpoint: readEndpoint });
  expect(merges.mergeOwned({ endpoints: nobody, securityGroups: nobody }).endpoints).toHaveLength(
    1,
  );
  await clock.advance(70_000);
  // The groups are as they were read long ago; the endpoints were read when the write had settled.
  const later = { all: [], begunAt: clock.now() };
  expect(merges.mergeOwned({ endpoints: later, securityGroups: nobody }).endpoints).toEqual([]);
});

test('a read without rules shows no change of them, and loses none', () => {
  const { writes } = recorder();
  const merges = createOwnedMerges(writes);
  const endpoints = { all: [], begunAt: 0 };
  const bare = { ...partOf([bareGroup], 0), rulesError: denied };
  const added = { ...rule(), id: 'sgr-2' };
  const authorize = { kind: 'AuthorizeIngress', reason: 'r', groupId: 'sg-1' } as const;
  writes.record({ ...authorize, rules: [], tags: {} }, { rules: [added] });
  const unread = merges.mergeOwned({ endpoints, securityGroups: bare });
  expect(unread.securityGroups).toEqual([bareGroup]);
  // A read that is older than the change.
  const old = partOf([readGroup], 0);
  expect(merges.mergeOwned({ endpoints, securityGroups: old }).securityGroups).toEqual([
    { ...readGroup, rules: [rule(), added] },
  ]);
});

const ids = fc.constantFrom('vpce-1', 'vpce-2', 'vpce-3');
const owner = { clusterId: 'c', uid: 'u', name: 'ml' };
const ownTags = ownershipTagsOf(owner, 'endpoint');

/** One action of this process, with what it was. */
interface Written {
  readonly kind: 'created' | 'deleted' | 'other';
  readonly id: string;
  record(writes: RecentWrites): void;
}

function written<A extends Action>(
  kind: Written['kind'],
  id: string,
  action: A,
  result: ResultOf<A>,
): Written {
  return { kind, id, record: (writes) => writes.record(action, result) };
}

const anyWritten: fc.Arbitrary<readonly Written[]> = fc.array(
  fc.oneof(
    ids.map((id) =>
      written('created', id, creation(), { endpoint: endpoint({ id, tags: ownTags }) }),
    ),
    ids.map((id) => written('deleted', id, { ...deletion, endpointIds: [id] }, {})),
    fc
      .record({ endpointId: ids, privateDnsEnabled: fc.boolean() })
      .map((fields) => written('other', fields.endpointId, modification(fields), {})),
    fc
      .record({ id: ids, value: fc.constantFrom('a', 'b') })
      .map(({ id, value }) => written('other', id, taggingOf(id, value), {})),
  ),
);

/** A read that is made after all of the actions. */
function mergedAfter(all: readonly Written[], read: Holdings) {
  const { writes } = recorder();
  for (const one of all) one.record(writes);
  const holdings = writes.mergeOwned(read);
  return { holdings, unseen: [...writes.ids()].flatMap((id) => writes.unseenOf(id)) };
}

function taggingOf(id: string, value: string): Action {
  const subject = 'EndpointsAvailable';
  return { kind: 'CreateTags', subject, reason: 'r', resourceIds: [id], tags: { key: value } };
}

const anyRead = fc
  .uniqueArray(ids)
  .chain((shown) =>
    fc.tuple(
      ...shown.map((id) =>
        fc
          .record({
            privateDnsEnabled: fc.boolean(),
            state: fc.constantFrom('pending', 'available', 'deleting', 'deleted'),
          })
          .map((fields) => endpoint({ id, tags: ownTags, ...fields })),
      ),
    ),
  )
  .map((endpoints): Holdings => ({ endpoints, securityGroups: [] }));

test('nothing that a read shows is lost, and nothing comes in that was not created', () => {
  fc.assert(
    fc.property(anyRead, anyWritten, (read, all) => {
      const { holdings } = mergedAfter(all, read);
      const merged = holdings.endpoints.map(({ id }) => id);
      const created = all.flatMap(({ kind, id }) => (kind === 'created' ? [id] : []));
      const shown = read.endpoints.map(({ id }) => id);
      expect(new Set(merged)).toEqual(new Set([...shown, ...created]));
      expect(merged).toHaveLength(new Set(merged).size);
    }),
  );
});

test('without unseen changes a read stays as it is', () => {
  fc.assert(
    fc.property(anyRead, anyWritten, (read, all) => {
      const { holdings, unseen } = mergedAfter(all, read);
      fc.pre(unseen.length === 0);
      expect(holdings).toEqual(read);
    }),
  );
});

test('an endpoint whose deletion we made is never shown as living', () => {
  fc.assert(
    fc.property(anyRead, anyWritten, (read, all) => {
      const last = new Map<string, string>();
      for (const { kind, id } of all) if (kind !== 'other') last.set(id, kind);
      for (const { id, state } of mergedAfter(all, read).holdings.endpoints) {
        if (last.get(id) === 'deleted') expect(['deleting', 'deleted']).toContain(state);
      }
    }),
  );
});

/** Something that happens between two looks. */
type Happening =
  | { readonly kind: 'written'; readonly one: Written }
  | { readonly kind: 'doubted'; readonly id: string }
  | { readonly kind: 'read'; readonly read: Holdings }
  | { readonly kind: 'time'; readonly ms: number };

const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    anyWritten
      .filter((all) => all.length > 0)
      .map((all) => ({ kind: 'written' as const, one: all[0] as Written })),
    ids.map((id) => ({ kind: 'doubted' as const, id })),
    anyRead.map((read) => ({ kind: 'read' as const, read })),
    fc.constantFrom(1_000, 40_000).map((ms) => ({ kind: 'time' as const, ms })),
  ),
);

test('a look after each change finds the same as one that begins anew', async () => {
  const scope = { vpcId: 'vpc-1', serviceNames: [creation().serviceName] };
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      const { clock, readAt, writes } = recorder();
      let read = nothing;
      for (const one of all) {
        if (one.kind === 'written') one.one.record(writes);
        if (one.kind === 'doubted') writes.doubt(modification({ endpointId: one.id }));
        if (one.kind === 'read') read = one.read;
        if (one.kind === 'time') await clock.advance(one.ms);
        const inVpc = writes.mergeVpcEndpoints(read.endpoints, scope);
        const [kept, own] = [writes.mergeOwned(read), writes.mergeOwnedOf(read, owner)];
        const anew = createOwnedMerges(writes);
        expect(byId(kept)).toEqual(byId(anew.mergeOwned(readAt(read))));
        expect(own.endpoints).toHaveLength(kept.endpoints.length);
        // AWS gives no order either.
        expect(byId(own)).toEqual(byId(anew.mergeOwnedOf(readAt(read), owner)));
        const anewInVpc = anew.mergeVpcEndpoints(read.endpoints, scope);
        expect(inVpc).toHaveLength(anewInVpc.length);
        expect(byId({ endpoints: inVpc })).toEqual(byId({ endpoints: anewInVpc }));
      }
    }),
  );
});

function byId({ endpoints }: Pick<Holdings, 'endpoints'>): ReadonlyMap<string, unknown> {
  return new Map(endpoints.map((one) => [one.id, one]));
}
