import { expect, test } from '@jest/globals';
import { isOwnedBy, ownershipTags } from '../../src/plan/ownership.ts';

const owner = { clusterId: 'c1', uid: 'u1', name: 'ml' };

test('a resource of another cluster is not ours, even with the same uid', () => {
  expect(isOwnedBy({ [ownershipTags.cluster]: 'c2', [ownershipTags.uid]: 'u1' }, owner)).toBe(
    false,
  );
});

test('the name does not matter: a link may be renamed by recreating it with the same uid', () => {
  const tags = {
    [ownershipTags.cluster]: 'c1',
    [ownershipTags.uid]: 'u1',
    [ownershipTags.name]: 'x',
  };
  expect(isOwnedBy(tags, owner)).toBe(true);
});
