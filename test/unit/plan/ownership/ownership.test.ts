import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OwnerIdentity } from '../../../../src/plan/looks.ts';
import {
  foreignOwnerOf,
  isAdoptable,
  isOwnedBy,
  type Ownership,
  ownershipOf,
  ownershipTags,
} from '../../../../src/plan/ownership/ownership.ts';

const owner: OwnerIdentity = { clusterId: 'c1', uid: 'u1', name: 'ml' };

function tagsOf(cluster: string, uid: string, name: string): Record<string, string> {
  return {
    [ownershipTags.cluster]: cluster,
    [ownershipTags.uid]: uid,
    [ownershipTags.name]: name,
  };
}

function kindOf(tags: Record<string, string>, who = owner): Ownership['kind'] {
  return ownershipOf(tags, who).kind;
}

test('a resource of another cluster is not ours, even with the same uid', () => {
  expect(isOwnedBy(tagsOf('c2', 'u1', 'ml'), owner)).toBe(false);
  expect(kindOf(tagsOf('c2', 'u1', 'ml'))).toBe('other-cluster');
  expect(isAdoptable(tagsOf('c2', 'u1', 'ml'), owner)).toBe(false);
});

test('the name does not matter: a link may be renamed by recreating it with the same uid', () => {
  expect(isOwnedBy(tagsOf('c1', 'u1', 'x'), owner)).toBe(true);
  expect(kindOf(tagsOf('c1', 'u1', 'x'))).toBe('own');
});

test('the same cluster and name with another uid is a former self', () => {
  const tags = tagsOf('c1', 'u0', 'ml');
  expect(ownershipOf(tags, owner)).toEqual({ kind: 'former-self', name: 'ml', uid: 'u0' });
  expect(isOwnedBy(tags, owner)).toBe(false);
  expect(isAdoptable(tags, owner)).toBe(true);
  expect(foreignOwnerOf(tags, owner)).toBe(
    'an earlier SageMakerPrivateLink ml of this cluster (UID u0)',
  );
});

test('where names are not unique only the listed uids are former selves', () => {
  const file = { ...owner, formerUids: ['u0'] };
  expect(kindOf(tagsOf('c1', 'u0', 'ml'), file)).toBe('former-self');
  expect(kindOf(tagsOf('c1', 'u9', 'ml'), file)).toBe('other-link');
  expect(foreignOwnerOf(tagsOf('c1', 'u9', 'ml'), file)).toBe(
    'another SageMakerPrivateLink ml of cluster c1 (UID u9)',
  );
});

test('half of the tags make nobody a former self', () => {
  expect(kindOf({ [ownershipTags.cluster]: 'c1' })).toBe('other-link');
  expect(kindOf({ [ownershipTags.cluster]: 'c1', [ownershipTags.name]: 'ml' })).toBe('other-link');
  expect(kindOf({ [ownershipTags.uid]: 'u1' })).toBe('other-cluster');
});

test("another tool's tag keeps a resource from being adopted", () => {
  const tags = { 'aws:cloudformation:stack-id': 'arn:stack' };
  expect(kindOf(tags)).toBe('other-tool');
  expect(isAdoptable(tags, owner)).toBe(false);
  expect(foreignOwnerOf(tags, owner)).toBe('CloudFormation (tag aws:cloudformation:stack-id)');
});

test('ownership tags in any letter case say that somebody owns the resource', () => {
  const mixedCase = fc.mixedCase(fc.constantFrom(ownershipTags.cluster, ownershipTags.uid));
  fc.assert(
    fc.property(mixedCase, (key) => {
      expect(kindOf({ [key]: 'x' })).not.toBe('unowned');
      expect(isAdoptable({ [key]: 'x' }, owner)).toBe(false);
    }),
  );
});

test('each owner is one kind only, and only our own and nobody have no words', () => {
  const some = fc.option(fc.constantFrom('c1', 'c2', 'u1', 'u0', 'ml', 'x'), { nil: undefined });
  fc.assert(
    fc.property(some, some, some, (cluster, uid, name) => {
      const tags = Object.fromEntries(
        Object.entries({
          [ownershipTags.cluster]: cluster,
          [ownershipTags.uid]: uid,
          [ownershipTags.name]: name,
        }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      );
      const kind = kindOf(tags);
      expect(kind === 'own').toBe(isOwnedBy(tags, owner));
      expect(foreignOwnerOf(tags, owner) === undefined).toBe(kind === 'own' || kind === 'unowned');
    }),
  );
});
