import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseLinks } from '../../../../src/api/validation/parse-links.ts';
import { writeYaml } from '../../../../src/api/validation/write-yaml.ts';
import { cases } from '../../../model/cases.ts';

const withSpaces = [
  '',
  ' a',
  'a ',
  '\ta',
  'a\t',
  '- a',
  '? a',
  'a: b',
  'a #b',
  '--- a',
  '2026-11-29 12:00:00',
];
const withLines = ['\n', '\na', 'a\n', 'a\n\n', 'a \nb', ' a\nb', 'a\r\nb', '\r', 'a\n---\nb'];

/** Text that one reader of YAML or another takes for a number, a date, a truth value or a sign. */
const ambiguous = [
  ...'0o7 0O7 0o_7 0x1 0X_f 0b1 017 08 1_000 _1 +1 -0 1e3 1E+3 1. .5 ._5 1_0.5 .inf -.INF .nan'.split(
    ' ',
  ),
  ...'12:30 1:30.5 190:20:30 2026-11-29 2026-11-29T12:00:00Z 2012-10-17'.split(' '),
  ...'yes no on off y n Y TRUE false ~ null NULL'.split(' '),
  ..."= << * *a &a !a %a @a `a | > - ? : a: # --- ... { [] \" ' it's \\ \\n ${aws:username}".split(
    ' ',
  ),
  ...withSpaces,
  ...withLines,
  '\u0000',
  '\u0085',
  '\u2028',
  '\uFEFF',
  '\u00a0',
  '\u007f',
  '\u{1F600}',
];

const text = fc.oneof(
  fc.constantFrom(...ambiguous),
  fc.stringMatching(/^[0-9_xXoObBeE.+:~ \t\nyn=<*&!%@#|>?{}[\]"'\\,aäT-]{0,8}$/),
  fc.string({ unit: 'binary' }),
);
const value = fc.letrec((tie) => ({
  one: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constantFrom(true, false, null, 0, 7, -1, 1e21, 0.5),
    fc.array(tie('one'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('one'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).one;

function readAsKubectl(yamlText: string): unknown {
  const [document] = parseLinks(yamlText, 'file');
  return document?.problems.length === 0 ? document.object : document?.problems;
}

test.each(ambiguous)('%j stays text, as a value, in a list and as a key', (one) => {
  const written = { value: one, list: [one], keys: { [one]: one } };
  expect(readAsKubectl(writeYaml(written))).toEqual(written);
  for (const version of ['1.1', '1.2'] as const) {
    expect(parse(writeYaml(written), { version })).toEqual(written);
  }
});

test('whatever JSON has is read as it was written', () => {
  fc.assert(
    fc.property(value, (written) => {
      expect(readAsKubectl(writeYaml({ written }))).toEqual({ written });
    }),
    { numRuns: cases(2000) },
  );
});
