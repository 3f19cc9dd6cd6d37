import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../../environment/eventually.ts';
import { owner, type SimulatedCloud, startSimulatedCloud } from '../simulated-cloud.ts';

let world: SimulatedCloud;

beforeEach(async () => {
  world = await startSimulatedCloud();
});

afterEach(() => world.close());

const owned = { kind: 'Owned', owner } as const;

test('what reads do not show yet is there already, and settling', async () => {
  const { simulator, look, apply, creation, createGroup } = world;
  simulator.setVisibilityLag({ ms: 3_600_000 });
  const groupId = await createGroup();
  const { endpoint } = await apply(creation({ securityGroupIds: [] }));
  const { endpoints, securityGroups } = await look(owned);
  expect(endpoints).toMatchObject([{ id: endpoint.id, settling: true }]);
  expect(securityGroups).toMatchObject([{ id: groupId }]);
});

test('a deletion that reads do not show yet has begun', async () => {
  const { simulator, aws, look, apply, creation } = world;
  const { endpoint } = await apply(creation({}));
  await eventually(async () => {
    expect((await look(owned)).endpoints).toMatchObject([{ state: 'available' }]);
  });
  await apply({ kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: [endpoint.id] });
  const stale = { action: 'DescribeVpcEndpoints', effect: { kind: 'stale' } } as const;
  const reads = simulator.faults.add(stale);
  expect((await look(owned)).endpoints).toMatchObject([{ id: endpoint.id, state: 'deleting' }]);
  expect(reads.hits()).toBeGreaterThan(0);
  expect(aws.endpoints().map(({ state }) => state)).not.toContain('available');
});
