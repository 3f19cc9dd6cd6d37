import { expect, test } from '@jest/globals';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';
import { ownedBy, shortcomings } from '../../../model/goal.ts';
import { LinkLife } from '../../../model/link-life.ts';
import type { Call, Fault } from '../../../model/model-cloud.ts';
import { meddleWithEndpoint } from '../../../model/mishaps.ts';

// Found by test/unit/plan/mishaps.property.test.ts.

const spec = { ...plainSpec, endpoints: [{ service: 'api' as const, privateDNS: false }] };

async function settledLife(): Promise<LinkLife> {
  const life = new LinkLife({ world: emptyWorld(), spec });
  await life.settle();
  return life;
}

test('an endpoint that lost its tags is marked as ours before anything else of it is changed', async () => {
  const life = await settledLife();
  meddleWithEndpoint(life.world, 'taken out of its groups');
  meddleWithEndpoint(life.world, 'without any tag');
  life.restart('nothing');
  const { done } = await life.pass();
  expect(done.map(({ kind }) => kind)).toEqual([
    'CreateVpcEndpoint',
    'CreateTags',
    'ModifyVpcEndpoint',
    'CreateTags',
  ]);
  await life.settle();
  expect(shortcomings(life.world, owner, spec)).toEqual([]);
  expect(life.world.endpoints.size).toBe(1);
});

test('F22: an endpoint that another link has claimed stays as it is, also when our token made it', async () => {
  const life = await settledLife();
  const [before] = life.world.endpoints.values();
  meddleWithEndpoint(life.world, 'claimed by another link');
  const [claimed] = life.world.endpoints.values();
  life.restart('nothing');
  await life.settle();
  expect(life.world.endpoints.get(before?.id ?? '')).toEqual(claimed);
  expect(ownedBy(life.world, owner).endpoints).toHaveLength(1);
  expect(shortcomings(life.world, owner, spec)).toEqual([]);
});

test('an endpoint whose lost tags may not be put back is still known by its id, and later marked', async () => {
  const life = await settledLife();
  const id = life.status.endpoints?.[0]?.id;
  meddleWithEndpoint(life.world, 'without any tag');
  life.repair = false;
  await life.pass();
  const { end } = await life.settle();
  expect(end.withheld.map(({ kind }) => kind)).toEqual(['CreateTags']);
  expect(life.status.endpoints?.[0]?.id).toBe(id);
  life.repair = true;
  await life.settle();
  expect(ownedBy(life.world, owner).endpoints.map((one) => one.id)).toEqual([id]);
});

test('an endpoint without its tags is still known by its id after a pass that could not look at the VPC', async () => {
  let isDenied = false;
  const faultOf = ({ name }: Call): Fault | undefined =>
    isDenied && name === 'VpcEndpoints' ? { kind: 'refused', as: 'Denied' } : undefined;
  // The private DNS name would be taken for somebody else's.
  const named = { ...spec, endpoints: [{ service: 'api' as const, privateDNS: true }] };
  const life = new LinkLife({ world: emptyWorld(), spec: named, faultOf });
  await life.settle();
  const id = life.status.endpoints?.[0]?.id;
  meddleWithEndpoint(life.world, 'without any tag');
  isDenied = true;
  await life.pass();
  expect(life.status.endpoints?.[0]).toMatchObject({ id });
  expect(life.status.endpoints?.[0]).not.toHaveProperty('state');
  isDenied = false;
  await life.settle();
  expect(ownedBy(life.world, owner).endpoints.map((one) => one.id)).toEqual([id]);
  expect(life.status.endpoints?.[0]).toMatchObject({ id, state: 'available' });
});

test('a tag that somebody else put on our endpoint stays; one that left the spec goes', async () => {
  const life = new LinkLife({ world: emptyWorld(), spec: { ...spec, tags: { team: 'ml' } } });
  await life.settle();
  meddleWithEndpoint(life.world, 'given a tag of others');
  life.change(spec);
  await life.settle();
  const [endpoint] = life.world.endpoints.values();
  expect(endpoint?.tags).toMatchObject({ cost: '7' });
  expect(endpoint?.tags).not.toHaveProperty('team');
});
