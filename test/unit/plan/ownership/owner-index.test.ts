import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOwnerIndex } from '../../../../src/plan/ownership/owner-index.ts';
import { ownershipOf, ownershipTags } from '../../../../src/plan/ownership/ownership.ts';

const key = (name: string): fc.Arbitrary<string> =>
  fc.constantFrom(name, name.toUpperCase(), 'unrelated');
const tags = fc
  .tuple(
    fc.tuple(key(ownershipTags.cluster), fc.constantFrom('c', 'other')),
    fc.tuple(key(ownershipTags.uid), fc.constantFrom('u1', 'u2', 'u3')),
    fc.tuple(key(ownershipTags.name), fc.constantFrom('a', 'b')),
  )
  .map((entries) => Object.fromEntries(entries));
const steps = fc.array(
  fc.record({ id: fc.constantFrom('1', '2', '3'), tags, isDeleted: fc.boolean() }),
);
const owners = fc.record(
  {
    clusterId: fc.constant('c'),
    uid: fc.constantFrom('u1', 'u2'),
    name: fc.constantFrom('a', 'b'),
    formerUids: fc.subarray(['u2', 'u3']),
  },
  { requiredKeys: ['clusterId', 'uid', 'name'] },
);

test('whatever is a link’s own or a former self’s is near to it', () => {
  fc.assert(
    fc.property(steps, owners, (wanted, owner) => {
      const index = createOwnerIndex<(typeof wanted)[number]>([]);
      const left = new Map<string, (typeof wanted)[number]>();
      for (const one of wanted) {
        if (one.isDeleted) {
          index.delete(one.id);
          left.delete(one.id);
        } else {
          index.put(one);
          left.set(one.id, one);
        }
      }
      const isOurs = ({ tags: given }: (typeof wanted)[number]): boolean =>
        ['own', 'former-self'].includes(ownershipOf(given, owner).kind);
      expect(index.all()).toEqual([...left.values()]);
      expect(index.near(owner).filter(isOurs)).toEqual([...left.values()].filter(isOurs));
    }),
  );
});

test('a resource of thousands of others is not near', () => {
  const index = createOwnerIndex([
    { id: '1', tags: { [ownershipTags.cluster]: 'c', [ownershipTags.uid]: 'u' } },
  ]);
  expect(index.near({ clusterId: 'c', uid: 'v', name: 'a' })).toEqual([]);
});

test('an index that is made one of other resources is as if it had been made so', () => {
  const lists = fc.uniqueArray(fc.record({ id: fc.constantFrom('1', '2', '3'), tags }), {
    selector: ({ id }) => id,
  });
  fc.assert(
    fc.property(lists, lists, fc.boolean(), owners, (before, after, areSame, owner) => {
      const index = createOwnerIndex(before);
      // Resources that a read says the same of are the same objects.
      const wanted = after.map((one) =>
        areSame ? (before.find(({ id }) => id === one.id) ?? one) : one,
      );
      index.replace(wanted);
      const byId = (one: readonly { readonly id: string }[]) =>
        one.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const made = createOwnerIndex(wanted);
      expect(byId(index.all())).toEqual(byId(made.all()));
      expect(byId(index.near(owner))).toEqual(byId(made.near(owner)));
    }),
  );
});
