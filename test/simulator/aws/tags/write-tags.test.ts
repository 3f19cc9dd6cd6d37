/** The writers of tags of EC2, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTags, deleteTags } from '../../../../src/aws/tags/write-tags.ts';
import { type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

const absentId = 'sg-0123456789abcdef0';
const change = { reason: 'r', subject: 'EndpointsAvailable' } as const;

function createGroup(name: string): string {
  const { id: vpcId } = world.aws.defaultVpc();
  return world.aws.createSecurityGroup({ vpcId, name, tags: { of: name, env: 'a' } }).id;
}

function tagsOf(id: string) {
  return world.aws.securityGroups().find((group) => group.id === id)?.tags;
}

test('tags are put on several resources, over what they had, and beside the others', async () => {
  const resourceIds = ['one', 'two'].map(createGroup);
  const tags = { env: 'b', team: '' };
  await createTags({ kind: 'CreateTags', ...change, resourceIds, tags }, world.writing);
  expect(resourceIds.map(tagsOf)).toEqual([
    { of: 'one', env: 'b', team: '' },
    { of: 'two', env: 'b', team: '' },
  ]);
});

test('tags are removed by key, whatever their value; a key that is not there is no error', async () => {
  const [one = '', two = ''] = ['one', 'two'].map(createGroup);
  const removal = { kind: 'DeleteTags', ...change, keys: ['of', 'never'] } as const;
  await deleteTags({ ...removal, resourceIds: [one, two] }, world.writing);
  expect([one, two].map(tagsOf)).toEqual([{ env: 'a' }, { env: 'a' }]);
});

test('a resource that is gone has no tags to remove, and can get none', async () => {
  const { writing } = world;
  const resourceIds = [absentId];
  await deleteTags({ kind: 'DeleteTags', ...change, resourceIds, keys: ['of'] }, writing);
  const creation = { kind: 'CreateTags', ...change, resourceIds, tags: { of: 'me' } } as const;
  await expect(createTags(creation, writing)).rejects.toMatchObject({ kind: 'NotFound' });
});

test('a removal that is denied is not taken for done', async () => {
  const { simulator, writing } = world;
  const one = createGroup('one');
  simulator.faults.add({ action: 'DeleteTags', effect: { kind: 'deny' } });
  const removal = { kind: 'DeleteTags', ...change, resourceIds: [one], keys: ['of'] } as const;
  await expect(deleteTags(removal, writing)).rejects.toMatchObject({ kind: 'Denied' });
  expect(tagsOf(one)).toEqual({ of: 'one', env: 'a' });
});
