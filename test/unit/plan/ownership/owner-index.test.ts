import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOwnerIndex } from '../../../../src/plan/ownership/owner-index.ts';
import {
  markedOwner,
  ownershipOf,
  ownershipTags,
} from '../../../../src/plan/ownership/ownership.ts';

const key = (name: string): fc.Arbitrary<string> =>
  fc.constantFrom(name, name.toUpperCase(), 'unrelated');
const tags = fc
  .tuple(
    fc.tuple(key(ownershipTags.cluster), fc.constantFrom('c', 'other')),
    fc.tuple(key(ownershipTags.uid), fc.constantFrom('u1', 'u2', 'u3')),
    fc.tuple(key(ownershipTags.name), fc.constantFrom('a', 'b')),
  )
  .map((entries) => Object.fromEntries(entries));
const resource = fc
  .record({ id: fc.constantFrom('1', '2', '3'), tags })
  .map((one) => ({ ...one, ...markedOwner(one.tags) }));
type Resource = typeof resource extends fc.Arbitrary<infer T> ? T : never;
const steps = fc.array(fc.record({ resource, isDeleted: fc.boolean() }));
const owners = fc.record(
  {
    clusterId: fc.constant('c'),
    uid: fc.constantFrom('u1', 'u2'),
    name: fc.constantFrom('a', 'b'),
    formerUids: fc.subarray(['u2', 'u3']),
  },
  { requiredKeys: ['clusterId', 'uid', 'name'] },
);

function byId(resources: readonly Resource[]): readonly Resource[] {
  return resources.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

test('whatever is a link’s own or a former self’s is near to it', () => {
  fc.assert(
    fc.property(steps, owners, (wanted, owner) => {
      const index = createOwnerIndex<Resource>([]);
      const left = new Map<string, Resource>();
      for (const { resource: one, isDeleted } of wanted) {
        if (isDeleted) {
          index.delete(one.id);
          left.delete(one.id);
        } else {
          index.put(one);
          left.set(one.id, one);
        }
      }
      const isOurs = ({ tags: given }: Resource): boolean =>
        ['own', 'former-self'].includes(ownershipOf(given, owner).kind);
      expect(byId([...index.all()])).toEqual(byId([...left.values()]));
      expect(index.near(owner).filter(isOurs)).toEqual(byId([...left.values()].filter(isOurs)));
    }),
  );
});

test('a resource of thousands of others is not near', () => {
  const index = createOwnerIndex([{ id: '1', uid: 'u', name: undefined }]);
  expect(index.near({ clusterId: 'c', uid: 'v', name: 'a' })).toEqual([]);
});

test('an index that is made one of other resources is as if it had been made so', () => {
  const lists = fc.uniqueArray(resource, { selector: ({ id }) => id });
  fc.assert(
    fc.property(lists, lists, fc.boolean(), owners, (before, after, areSame, owner) => {
      const index = createOwnerIndex(before);
      // Resources that a read says the same of are the same objects.
      const wanted = after.map((one) =>
        areSame ? (before.find(({ id }) => id === one.id) ?? one) : one,
      );
      index.replace(wanted);
      const made = createOwnerIndex(wanted);
      expect(byId([...index.all()])).toEqual(byId([...made.all()]));
      expect(index.near(owner)).toEqual(made.near(owner));
    }),
  );
});
