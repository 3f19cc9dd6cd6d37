import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import {
  clusterShard,
  createPlaceIndex,
  placeId,
  placeOfId,
} from '../../../../src/operator/sharing/places.ts';

const accounts = ['dev', 'prod', 'same-as-prod', 'unknown'] as const;
const map = new Map(
  [
    ['dev', '111122223333'],
    ['prod', '444455556666'],
    ['same-as-prod', '444455556666'],
  ].map(([name = '', accountId = '']) => [name, { roleArn: `arn:${name}`, accountId }] as const),
);
const regions = ['eu-west-1', 'us-east-1'] as const;

interface Drawn {
  readonly account: string | undefined;
  readonly region: string;
  readonly clients: boolean;
  readonly served: boolean;
}

function linkOf(name: string, { account, region, clients, served }: Drawn): SageMakerPrivateLink {
  const spec = {
    region,
    ...(account === undefined ? {} : { account }),
    ...(clients ? { clients: {} } : {}),
  };
  return {
    metadata: { name },
    spec,
    status: served ? { clients: {} } : {},
  } as unknown as SageMakerPrivateLink;
}

const drawn = fc.record<Drawn>({
  account: fc.constantFrom(undefined, ...accounts),
  region: fc.constantFrom(...regions),
  clients: fc.boolean(),
  served: fc.boolean(),
});
const step = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), link: fc.option(drawn) });

/** An index that follows links as they come, change and go, and the links at the end. */
function follow(steps: readonly { readonly name: string; readonly link: Drawn | null }[]) {
  const index = createPlaceIndex();
  const links = new Map<string, SageMakerPrivateLink>();
  let told = JSON.stringify(index.shards(map, []));
  for (const { name, link } of steps) {
    const previous = links.get(name);
    const object = link === null ? undefined : linkOf(name, link);
    if (object === undefined && previous === undefined) continue;
    const isNews =
      object === undefined
        ? index.note({ kind: 'deleted', object: previous as SageMakerPrivateLink })
        : previous === undefined
          ? index.note({ kind: 'added', object })
          : index.note({ kind: 'updated', object, previous });
    if (object === undefined) links.delete(name);
    else links.set(name, object);
    const now = JSON.stringify([...index.shards(map, [])].sort((a, b) => (a.id < b.id ? -1 : 1)));
    // Nobody is woken up for nothing, and nobody sleeps through a change.
    if (told !== now && !isNews) throw new Error(`${now} was not told of`);
    told = now;
  }
  return { index, links: [...links.values()] };
}

test('every place of a link is a shard of its own, beside the duties of the cluster, and no other is', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { index, links } = follow(steps);
      const ids = index.shards(map, []).map(({ id }) => id);
      const wanted = new Set([clusterShard, ...links.map(({ spec }) => placeId(spec))]);
      expect([...ids].sort()).toEqual([...wanted].sort());
    }),
  );
});

test('places of one call bucket go together, and with the cluster those that need it or nobody knows', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { index, links } = follow(steps);
      const groups = new Map(index.shards(map, []).map(({ id, group }) => [id, group]));
      for (const { spec, status } of links) {
        const group = groups.get(placeId(spec));
        const { account } = spec;
        const isKnown = account === undefined || map.has(account);
        const needs = spec.clients !== undefined || status?.clients !== undefined || !isKnown;
        if (needs) expect(group).toBe(clusterShard);
      }
      const ofProd = groups.get('prod/eu-west-1');
      const ofSame = groups.get('same-as-prod/eu-west-1');
      const isOfCluster = [ofProd, ofSame].includes(clusterShard);
      if (ofProd !== undefined && ofSame !== undefined && !isOfCluster) {
        expect(ofProd).toBe(ofSame);
      }
    }),
  );
});

test('regions whose queues are read have one owner, and are there without links', () => {
  const shards = createPlaceIndex().shards(map, [...regions]);
  expect(shards.map(({ id }) => id)).toEqual([clusterShard, ...regions]);
  expect(new Set(shards.slice(1).map(({ group }) => group)).size).toBe(1);
});

test('a place can be told from its id', () => {
  for (const region of regions) {
    for (const account of accounts) {
      expect(placeOfId(placeId({ account, region }))).toEqual({ account, region });
    }
    expect(placeOfId(placeId({ region }))).toEqual({ region });
  }
});
