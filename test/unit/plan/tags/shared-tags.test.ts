import { expect, test } from '@jest/globals';
import type { Action } from '../../../../src/plan/actions.ts';
import { isForPart, withSharedTags } from '../../../../src/plan/tags/shared-tags.ts';
import type { CreateTags, DeleteTags } from '../../../../src/plan/tags/actions.ts';

const reason = 'tags team differ from the spec';

function put(id: string, tags: Readonly<Record<string, string>>): CreateTags {
  const subject = id.startsWith('sg') ? 'SecurityGroupReady' : 'EndpointsAvailable';
  return { kind: 'CreateTags', subject, resourceIds: [id], tags, reason };
}

function take(id: string, keys: readonly string[]): DeleteTags {
  return { kind: 'DeleteTags', subject: 'EndpointsAvailable', resourceIds: [id], keys, reason };
}

const none = { refusals: {} };
const ofThree = ['sg-1', 'vpce-1', 'vpce-2'].map((id) => put(id, { team: 'ml' }));

test('the same tags go to all resources in one call, in the place of the first', () => {
  const revoke: Action = { kind: 'RevokeIngress', groupId: 'sg-1', ruleIds: ['sgr-1'], reason };
  const [first, ...others] = ofThree as [CreateTags, ...CreateTags[]];
  const shared = withSharedTags([first, revoke, ...others], none);
  expect(shared).toEqual([
    { ...first, resourceIds: ['sg-1', 'vpce-1', 'vpce-2'], alsoFor: ['EndpointsAvailable'] },
    revoke,
  ]);
});

test('tags that differ, and removals of other keys, stay apart', () => {
  const apart = [
    put('sg-1', { team: 'ml' }),
    put('vpce-1', { team: 'data' }),
    take('vpce-1', ['a']),
    take('vpce-2', ['b']),
  ];
  expect(withSharedTags(apart, none)).toEqual(apart);
  const alike = [take('vpce-1', ['a']), take('vpce-2', ['a'])];
  expect(withSharedTags(alike, none)).toEqual(
    [take('vpce-1', ['a'])].map((one) => ({
      ...one,
      resourceIds: ['vpce-1', 'vpce-2'],
    })),
  );
});

test('tags of ownership are written for each resource by itself', () => {
  const tags = { 'sagemaker.privatelink.dev/uid': 'u' };
  const claims = ['vpce-1', 'vpce-2'].map((id) => put(id, tags));
  expect(withSharedTags(claims, none)).toEqual(claims);
});

test('resources of a call that was refused get calls of their own, which tell the rest', () => {
  const [whole] = withSharedTags(ofThree, none) as [CreateTags];
  const refusals = Object.fromEntries(
    whole.resourceIds.map((id) => [`CreateTags ${id}`, 'InvalidVpcEndpointId.NotFound']),
  );
  expect(withSharedTags(ofThree, { refusals })).toEqual(ofThree);
  expect(ofThree.every((one) => isForPart(whole, one))).toBe(true);
  expect(isForPart(whole, put('vpce-3', { team: 'ml' }))).toBe(false);
  expect(isForPart(whole, whole)).toBe(false);
  // A resource of another kind of change that was refused is none of these.
  const other = { refusals: { 'DeleteTags vpce-1': 'X', CreateTags: 'X' } };
  expect(withSharedTags(ofThree, other)).toHaveLength(1);
});
