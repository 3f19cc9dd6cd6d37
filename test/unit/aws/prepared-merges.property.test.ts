/** Merges that are made ready in turns, for whom they are asked meanwhile. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overtakes } from '../../../src/aws/apply-action.ts';
import { createRecentWrites } from '../../../src/aws/consistency/recent-writes.ts';
import { createOwnedMerges, type OwnedRead } from '../../../src/aws/merge-owned.ts';
import type { Action } from '../../../src/plan/actions.ts';
import type { Endpoint, SecurityGroup, Tags } from '../../../src/plan/facts.ts';
import { ownershipTagsOf } from '../../../src/plan/ownership/ownership.ts';
import { takeTurn } from '../../../src/runtime/turn.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';
import { creation, endpoint, group, modification, partOf } from './aws-values.ts';

const owners = ['one', 'two'].map((name) => ({ clusterId: 'c', uid: `uid-${name}`, name }));
const anyOwner = fc.constantFrom(...owners);
const anyTags: fc.Arbitrary<Tags> = fc.oneof(
  anyOwner.map((owner) => ownershipTagsOf(owner, 'endpoint')),
  fc.constant({}),
);
const endpointId = fc.constantFrom('vpce-1', 'vpce-2', 'vpce-3', 'vpce-4');
const groupId = fc.constantFrom('sg-1', 'sg-2');
const reason = 'r';

interface Written {
  readonly action: Action;
  readonly result: object;
}

const anyWritten: fc.Arbitrary<Written> = fc.oneof(
  fc.tuple(endpointId, anyTags).map(([id, tags]) => ({
    action: creation({ tags }),
    result: { endpoint: endpoint({ id, tags, state: 'pending' }) },
  })),
  endpointId.map((id) => ({
    action: { kind: 'DeleteVpcEndpoints', reason, endpointIds: [id] } as const,
    result: {},
  })),
  groupId.map((id) => ({
    action: { kind: 'DeleteSecurityGroup', reason, groupId: id } as const,
    result: {},
  })),
  fc.tuple(endpointId, fc.boolean()).map(([id, privateDnsEnabled]) => ({
    action: modification({ endpointId: id, privateDnsEnabled }),
    result: {},
  })),
  fc.tuple(fc.oneof(endpointId, groupId), anyTags).map(([id, tags]) => ({
    action: {
      kind: 'CreateTags',
      subject: 'EndpointsAvailable',
      reason,
      resourceIds: [id],
      tags: { ...tags, key: 'value' },
    } as const,
    result: {},
  })),
);

function anyOf<T>(id: fc.Arbitrary<string>, make: (fields: { id: string; tags: Tags }) => T) {
  const one = fc.record({ id, tags: anyTags });
  return fc.uniqueArray(one, { selector: ({ id: own }) => own }).map((all) => all.map(make));
}

type Happening =
  | { readonly kind: 'written'; readonly one: Written }
  | {
      readonly kind: 'read';
      readonly endpoints: readonly Endpoint[];
      readonly groups: readonly SecurityGroup[];
      /** The groups are read before the endpoints. */
      readonly isReversed: boolean;
    }
  | { readonly kind: 'turn' }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'asked'; readonly owner: (typeof owners)[number] }
  | { readonly kind: 'endpoint'; readonly id: string };

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  anyWritten.map((one) => ({ kind: 'written', one }) as const),
  fc
    .record({
      kind: fc.constant('read' as const),
      endpoints: anyOf(endpointId, endpoint),
      groups: anyOf(groupId, group),
      isReversed: fc.boolean(),
    })
    .map((one): Happening => one),
  fc.constant({ kind: 'turn' } as const),
  fc.constantFrom(1, 30_000, 61_000).map((ms) => ({ kind: 'time', ms }) as const),
  anyOwner.map((owner) => ({ kind: 'asked', owner }) as const),
  endpointId.map((id) => ({ kind: 'endpoint', id }) as const),
);

test('a link asks for its part while a read is made ready, and finds it as one that begins anew', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyHappening, { maxLength: 30 }), async (all) => {
      const clock = createVirtualClock();
      const writes = createRecentWrites(clock, 60_000, overtakes);
      const merges = createOwnedMerges(writes, 1);
      let read: OwnedRead = { endpoints: partOf([], 0), securityGroups: partOf([], 0) };
      const preparations: Promise<void>[] = [];
      for (const one of all) {
        if (one.kind === 'written') writes.record(one.one.action, one.one.result as never);
        if (one.kind === 'turn') await takeTurn();
        if (one.kind === 'time') await clock.advance(one.ms);
        if (one.kind === 'read') {
          const begunAt = clock.now();
          const [endpoints, securityGroups] = [
            partOf(one.endpoints, begunAt),
            partOf(one.groups, begunAt),
          ];
          read = { endpoints, securityGroups };
          const parts = [{ endpoints }, { securityGroups }];
          if (one.isReversed) parts.reverse();
          for (const part of parts) preparations.push(merges.prepare(part));
        }
        const anew = createOwnedMerges(writes);
        if (one.kind === 'asked') {
          const found = merges.mergeOwnedOf(read, one.owner);
          expect(byId(found)).toEqual(byId(anew.mergeOwnedOf(read, one.owner)));
        }
        if (one.kind === 'endpoint') {
          merges.mergeOwnedOf(read, owners[0] as (typeof owners)[number]);
          anew.mergeOwned(read);
          expect(merges.endpoint(one.id)).toEqual(anew.endpoint(one.id));
        }
      }
      await Promise.all(preparations);
      const anew = createOwnedMerges(writes);
      expect(byId(merges.mergeOwned(read))).toEqual(byId(anew.mergeOwned(read)));
    }),
    { numRuns: 1_000 },
  );
});

interface Found {
  readonly endpoints: readonly { readonly id: string }[];
  readonly securityGroups: readonly { readonly id: string }[];
}

/** AWS gives no order either. */
function byId({ endpoints, securityGroups }: Found): ReadonlyMap<string, unknown> {
  return new Map([...endpoints, ...securityGroups].map((one) => [one.id, one]));
}

test('a resource that a read gives to another link has its writes for that link, too', () => {
  const clock = createVirtualClock();
  const writes = createRecentWrites(clock, 60_000, overtakes);
  const merges = createOwnedMerges(writes, 1);
  const [former, next] = owners as [(typeof owners)[number], (typeof owners)[number]];
  const readWith = (owner: (typeof owners)[number]) => {
    const tags = ownershipTagsOf(owner, 'endpoint');
    const all = ['vpce-1', 'vpce-2', 'vpce-3'].map((id) => endpoint({ id, tags }));
    return { endpoints: partOf(all, clock.now()), securityGroups: partOf<SecurityGroup>([], 0) };
  };
  for (const endpointId of ['vpce-1', 'vpce-2', 'vpce-3']) {
    writes.record(modification({ endpointId, privateDnsEnabled: false }), {});
  }
  merges.mergeOwned(readWith(former));
  const read = readWith(next);
  void merges.prepare({ endpoints: read.endpoints });
  expect(merges.endpoint('vpce-3')?.settling).toBe(true);
  const found = merges.mergeOwnedOf(read, next).endpoints;
  expect(found.map(({ settling }) => settling)).toEqual([true, true, true]);
  expect(merges.mergeOwnedOf(read, former).endpoints).toEqual([]);
});

test('resources that a link has had made are its own though a read that is made ready lacks them', () => {
  const clock = createVirtualClock();
  const writes = createRecentWrites(clock, 60_000, overtakes);
  const merges = createOwnedMerges(writes, 1);
  const [owner] = owners as [(typeof owners)[number]];
  const tags = ownershipTagsOf(owner, 'endpoint');
  const empty = () => ({
    endpoints: partOf<Endpoint>([], 0),
    securityGroups: partOf<SecurityGroup>([], 0),
  });
  for (const id of ['vpce-1', 'vpce-2', 'vpce-3']) {
    writes.record(creation({ tags }), { endpoint: endpoint({ id, tags }) });
  }
  expect(merges.mergeOwned(empty()).endpoints).toHaveLength(3);
  const read = empty();
  void merges.prepare({ endpoints: read.endpoints });
  expect(merges.mergeOwnedOf(read, owner).endpoints).toHaveLength(3);
});

test('a change is not taken for shown while its part was never read', async () => {
  const writes = createRecentWrites(createVirtualClock(), 60_000, overtakes);
  const merges = createOwnedMerges(writes);
  writes.record(modification({ endpointId: 'vpce-1', privateDnsEnabled: false }), {});
  const endpoints = partOf([endpoint({ id: 'vpce-1', privateDnsEnabled: true })], 0);
  const securityGroups = partOf<SecurityGroup>([], 0);
  await merges.prepare({ securityGroups });
  await merges.prepare({ endpoints });
  expect(merges.mergeOwned({ endpoints, securityGroups }).endpoints[0]?.settling).toBe(true);
});

test('a read of thousands of resources that were just changed is made ready in many turns', async () => {
  const clock = createVirtualClock();
  const writes = createRecentWrites(clock, 60_000, overtakes);
  const merges = createOwnedMerges(writes);
  const [owner] = owners as [(typeof owners)[number]];
  const tags = ownershipTagsOf(owner, 'endpoint');
  const all = Array.from({ length: 1_000 }, (_none, index) =>
    endpoint({ id: `vpce-${index}`, tags }),
  );
  for (const { id } of all) {
    writes.record(modification({ endpointId: id, privateDnsEnabled: true }), {});
  }
  let turns = 0;
  let isDone = false;
  const preparing = merges
    .prepare({ endpoints: partOf(all, clock.now()) })
    .then(() => (isDone = true));
  for (; !isDone; turns += 1) await takeTurn();
  await preparing;
  expect(turns).toBeGreaterThanOrEqual(10);
});
