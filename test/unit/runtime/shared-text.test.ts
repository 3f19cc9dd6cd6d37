import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sharedText, sharedTexts, withSharedTexts } from '../../../src/runtime/shared-text.ts';

test('a text is given back as it is, however many others came in between', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 50 }), (texts) => {
      expect(texts.map(sharedText)).toEqual(texts);
    }),
  );
  const many = Array.from({ length: 20_000 }, (_, index) => `subnet-${index}`);
  expect(many.map(sharedText)).toEqual(many);
  expect(many.map(sharedText)).toEqual(many);
});

test('a value from JSON stays what it is, whatever is in it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const parsed: unknown = JSON.parse(text);
      const shared = withSharedTexts(parsed);
      expect(JSON.stringify(shared)).toBe(text);
    }),
  );
});

test('a name that every object inherits stays a field of the value', () => {
  const text = '{"__proto__":{"constructor":"a"},"toString":"b"}';
  expect(JSON.stringify(withSharedTexts(JSON.parse(text)))).toBe(text);
});

test('of a list the texts that are there are left, in their order', () => {
  expect(sharedTexts(['b', undefined, 'a', ''])).toEqual(['b', 'a', '']);
  expect(sharedTexts(undefined)).toEqual([]);
});
