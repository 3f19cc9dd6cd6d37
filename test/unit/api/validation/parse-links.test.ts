import { expect, test } from '@jest/globals';
import { parseLinks } from '../../../../src/api/validation/parse-links.ts';

const two = `# The first
kind: A
spec:
  endpoints:
    - service: api
    - service: runtime
      policy:
        Statement: []
  tags:
    a.b: c
---

# nothing here
---
kind: B
`;

test('a file of several documents says where each begins; empty ones are left out', () => {
  const documents = parseLinks(two, 'links.yaml');
  expect(documents.map(({ object, line }) => ({ object, line }))).toMatchObject([
    { object: { kind: 'A' }, line: 2 },
    { object: { kind: 'B' }, line: 15 },
  ]);
});

test.each([
  ['spec.endpoints[1].policy.Statement', 8],
  ['spec.endpoints[1].service', 6],
  ['spec.tags[a.b]', 10],
  // What is missing is where it should be.
  ['spec.endpoints[0].policy', 5],
  ['spec.region', 4],
  ['<nil>', 2],
])('the line of %s is %d', (path, line) => {
  expect(parseLinks(two, 'links.yaml')[0]?.lineOf(path)).toBe(line);
});

test('a line counts from the beginning of the file, not of its document', () => {
  expect(parseLinks(two, 'links.yaml')[1]?.lineOf('kind')).toBe(15);
});

test('JSON is YAML', () => {
  expect(parseLinks('{"kind": "A", "spec": {"suspend": true}}', 'link.json')[0]?.object).toEqual({
    kind: 'A',
    spec: { suspend: true },
  });
});

test('a file without documents has none', () => {
  expect(parseLinks('', 'empty.yaml')).toEqual([]);
  expect(parseLinks('# only words\n', 'empty.yaml')).toEqual([]);
});

test('two documents share nothing through an alias', () => {
  const [, second] = parseLinks('a: &x {b: 1}\n---\nc: *x\n', 'links.yaml');
  expect(second?.object).toBeUndefined();
  expect(second?.problems).toEqual([expect.stringMatching(/^links\.yaml:3.*x/)]);
});

test('aliases that would multiply without end are refused', () => {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
    lines.push(`${name}: &${name} [${`*${before}, `.repeat(9)}x]`);
  }
  const [document] = parseLinks(lines.join('\n'), 'bomb.yaml');
  expect(document?.object).toBeUndefined();
  expect(document?.problems).toEqual([expect.stringContaining('bomb.yaml:1')]);
});

test.each([
  ['an unclosed list', 'kind: A\nspec: [1, 2\n', 'link.yaml:3:1'],
  ['a tab for indentation', 'kind: A\nspec:\n\tregion: x\n', 'link.yaml:3:1'],
  ['a key given twice', 'kind: A\nspec:\n  region: x\n  region: y\n', 'link.yaml:4:3'],
])('%s is a problem with its place', (_, text, place) => {
  const [document] = parseLinks(text, 'link.yaml');
  expect(document?.object).toBeUndefined();
  expect(document?.problems[0]).toMatch(new RegExp(`^${place}: \\S`));
});

test('a file that is nested too deeply is one problem, and no mistake of the program', () => {
  for (const text of ['['.repeat(20_000), '['.repeat(20_000) + ']'.repeat(20_000)]) {
    const problems = parseLinks(text, 'deep.json').flatMap((one) => one.problems);
    expect(problems).toEqual([
      expect.stringMatching(/^deep\.json:1:\d+: lists or maps are nested too deeply to be read$/),
    ]);
  }
});
