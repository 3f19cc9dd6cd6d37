import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPackedObjects } from '../../../../src/kubernetes/watch/packed-objects.ts';

/** More objects than are kept as they are, so that the first ones are packed. */
const others = Array.from({ length: 200 }, (_, at) => [`other-${at}`, { at }] as const);

/** Keys and texts as odd as JSON lets them be, and numbers as JSON can tell them. */
const odd = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((value) => onTheWire(value));
const key = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'a.b', '\u0000', '\ud800'),
  fc.string({ unit: 'binary' }),
);
const object = fc
  .array(fc.tuple(key, odd), { maxLength: 8 })
  .map((fields) =>
    parsed(
      `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
    ),
  );

function parsed(text: string): object {
  return JSON.parse(text) as object;
}

/** JSON knows no minus zero. */
function onTheWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('every object of JSON is the same after it was packed', () => {
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 20 }), (objects) => {
      const store = createPackedObjects<object>(() => true, 100);
      for (const [at, one] of objects.entries()) store.set(String(at), one);
      for (const [name, one] of others) store.set(name, one);
      for (const [at, one] of objects.entries()) {
        const kept = store.get(String(at));
        expect(kept).not.toBe(one);
        expect(JSON.stringify(kept)).toBe(JSON.stringify(one));
        expect(kept).toEqual(one);
      }
    }),
  );
});

test('a store of packed objects is like a map, whatever is done to it', () => {
  const name = fc.integer({ min: 0, max: 150 }).map(String);
  const step = fc.oneof(
    fc.record({ do: fc.constant('get' as const), name }),
    fc.record({ do: fc.constant('set' as const), name, value: fc.nat() }),
    fc.record({ do: fc.constant('delete' as const), name }),
    fc.record({ do: fc.constant('look' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const store = createPackedObjects<{ value: number }>(({ value }) => value % 3 !== 0, 80);
      const model = new Map<string, { value: number }>();
      for (let at = 0; at < 150; at += 1) {
        store.set(String(at), { value: -1 });
        model.set(String(at), { value: -1 });
      }
      for (const each of steps) {
        if (each.do === 'set') {
          store.set(each.name, { value: each.value });
          model.set(each.name, { value: each.value });
        } else if (each.do === 'delete') {
          store.delete(each.name);
          model.delete(each.name);
        } else if (each.do === 'get') {
          expect(store.get(each.name)).toEqual(model.get(each.name));
        } else {
          expect([...store.keys()]).toEqual([...model.keys()]);
          expect([...store.values()]).toEqual([...model.values()]);
          expect(store.size).toBe(model.size);
        }
      }
      for (const [key_, value] of model) expect(store.get(key_)).toEqual(value);
    }),
  );
});

test('an object that is very large or in use comes back as it was', () => {
  const store = createPackedObjects<object>(() => true, 100);
  const large = { policy: Array.from({ length: 50_000 }, (_, at) => `statement ${at}`) };
  store.set('large', large);
  expect(store.get('large')).toBe(large);
  for (const [name, one] of others) store.set(name, one);
  expect(store.get('large')).toEqual(large);
  expect(store.get('large')).toBe(store.get('large'));
});

test('few objects are the very ones that were put in, and of more the last ones', () => {
  const store = createPackedObjects<object>(() => true, 100);
  const isSame = (at: number): boolean => store.get(`other-${at}`) === others[at]?.[1];
  for (const [name, one] of others.slice(0, 100)) store.set(name, one);
  expect([0, 50, 99].map(isSame)).toEqual([true, true, true]);
  for (const [name, one] of others.slice(100)) store.set(name, one);
  expect([199, 160].map(isSame)).toEqual([true, true]);
  expect([0, 99].map(isSame)).toEqual([false, false]);
});

test('an object in work stays as it is while others are read', () => {
  const store = createPackedObjects<{ at?: number }>(({ at }) => at !== undefined, 10);
  const inWork = {};
  store.set('in work', inWork);
  for (const [name, one] of others) store.set(name, one);
  expect(store.get('in work')).toBe(inWork);
  const atRest = { at: 1 };
  store.set('in work', atRest);
  for (const [name, one] of others) store.set(name, one);
  expect(store.get('in work')).toEqual(atRest);
  expect(store.get('in work')).not.toBe(atRest);
});

test('of too many objects in work those are packed that nobody has asked for the longest', () => {
  const store = createPackedObjects<object>(() => false, 10);
  const first = {};
  store.set('first', first);
  for (let at = 0; at < 3_000; at += 1) store.set(String(at), { at });
  expect(store.get('first')).not.toBe(first);
  expect(store.get('first')).toEqual(first);
  expect(store.size).toBe(3_001);
});

test('a state is known as long as the object is in it, packed or not', () => {
  const store = createPackedObjects<object>(() => true, 10);
  const object = { at: 1 };
  store.set('a', object);
  const state = store.stateOf?.('a');
  expect(state).toBeDefined();
  for (const [name, one] of others) store.set(name, one);
  expect(store.stateOf?.('a')).toBe(state);
  expect(store.get('a')).not.toBe(object);
  expect(store.stateOf?.('a')).toBe(state);
  store.set('a', object);
  expect(store.stateOf?.('a')).not.toBe(state);
  store.delete('a');
  expect(store.stateOf?.('a')).toBeUndefined();
});
