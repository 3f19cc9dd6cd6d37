import { expect, test } from '@jest/globals';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld } from '../../model/generated-worlds.ts';
import { LinkLife } from '../../model/link-life.ts';

test('while the rules of the group are refused no endpoint is made: it would turn everybody away', async () => {
  const life = new LinkLife({
    world: emptyWorld(),
    spec: plainSpec,
    faultOf: ({ name }) =>
      name === 'AuthorizeIngress' ? { kind: 'refused', as: 'Denied' } : undefined,
  });
  await life.settle();
  expect(life.world.endpoints.size).toBe(0);
  expect(life.status.conditions?.find(({ type }) => type === 'Stalled')?.reason).toBe(
    'AccessDenied',
  );
  life.restart('status');
  await life.settle();
  expect([...life.world.endpoints.values()].map(({ state }) => state)).toEqual(['available']);
});

test('the successor of an endpoint that is being deleted waits until AWS has let go of its name', async () => {
  const world = emptyWorld({}, { slowness: 3 });
  const life = new LinkLife({ world, spec: plainSpec });
  await life.settle();
  const [first] = world.endpoints.values();
  if (first === undefined) throw new Error('no endpoint');
  world.endpoints.set(first.id, { ...first, state: 'deleting' });
  const end = await life.pass();
  expect(end.failed).toEqual([]);
  expect(end.done).toEqual([]);
  expect(life.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
    status: 'False',
    reason: 'WaitingForDeletion',
    message: `${first.id} is being deleted; its successor follows.`,
  });
});

test('a change that AWS does not show yet is waited for, not made again', async () => {
  const life = new LinkLife({ world: emptyWorld(), spec: plainSpec, lag: 2 });
  await life.settle();
  life.change({ ...plainSpec, endpoints: [{ service: 'api', privateDNS: false }] });
  const first = await life.pass();
  expect(first.done.map(({ kind }) => kind)).toEqual(['ModifyVpcEndpoint']);
  const second = await life.pass();
  expect([...second.done, ...second.failed]).toEqual([]);
  expect(life.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');
  await life.settle();
  expect([...life.world.endpoints.values()][0]?.privateDnsEnabled).toBe(false);
});
