import { expect, test } from '@jest/globals';
import { parseLinks } from '../../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../../src/api/validation/validate-link.ts';
import { readSpecs } from '../../../specs/read-specs.ts';

function violationsOf(text: string): readonly string[] {
  const documents = parseLinks(text, 'link.yaml');
  expect(documents).toHaveLength(1);
  expect(documents[0]?.problems).toEqual([]);
  return validateLink(documents[0]?.object).violations.map(({ message }) => message);
}

test.each(readSpecs('valid'))('$name is valid', ({ text }) => {
  expect(violationsOf(text)).toEqual([]);
});

test.each(readSpecs('invalid'))('$name is refused in the expected words', ({ text, expected }) => {
  expect(expected).not.toEqual([]);
  const violations = violationsOf(text);
  for (const words of expected) expect(violations).toContainEqual(expect.stringContaining(words));
});

test('each invalid file breaks one rule only', () => {
  const notChecked = 'some validation rules were not checked';
  for (const { text, name } of readSpecs('invalid')) {
    const violations = violationsOf(text).filter((each) => !each.includes(notChecked));
    const places = new Set(violations.map((each) => each.split(': ')[0]));
    expect({ name, places: places.size }).toEqual({ name, places: 1 });
  }
});
