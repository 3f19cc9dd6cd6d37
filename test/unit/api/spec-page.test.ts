import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { conditionTypes, reasons } from '../../../src/api/conditions.ts';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/spec.md'), 'utf8');

/** First cells of the table rows of a chapter. */
function rowsOf(chapter: string): readonly string[] {
  const start = page.indexOf(`\n## ${chapter}\n`);
  const next = page.indexOf('\n## ', start + 1);
  const text = page.slice(start, next < 0 ? undefined : next);
  return [...text.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] ?? '');
}

test('the page explains every condition', () => {
  expect([...rowsOf('Conditions')].sort()).toEqual(Object.keys(conditionTypes).sort());
});

test('the page says of every reason what it means and what to do, and of no other', () => {
  expect([...rowsOf('Reasons')].sort()).toEqual(Object.keys(reasons).sort());
});

test('the first example is a valid link', () => {
  const example = /```yaml\n(apiVersion[\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(validateLink(parseLinks(example, 'spec.md')[0]?.object).violations).toEqual([]);
});

test('the example of every field is YAML of one key', () => {
  const chapters = page.split('\n### `spec.').slice(1);
  expect(chapters.length).toBeGreaterThan(50);
  for (const chapter of chapters) {
    const example = /```yaml\n([\s\S]*?)```/.exec(chapter)?.[1];
    if (example !== undefined) expect(Object.keys(parse(example))).toHaveLength(1);
  }
});
