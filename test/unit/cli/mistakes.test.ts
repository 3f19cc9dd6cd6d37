import { expect, test } from '@jest/globals';
import { mistakesError } from '../../../src/cli/mistakes.ts';

test('the first mistakes are shown, and how many more there are', () => {
  const few = Array.from({ length: 10 }, (_, index) => `a.yaml:${index}: wrong`);
  expect(mistakesError(few).message).toBe(few.join('\n'));

  const lines = mistakesError([...few, 'a.yaml:10: wrong', 'a.yaml:11: wrong']).message.split('\n');
  expect(lines).toEqual([...few, 'and 2 more: correct these first']);
});

test('a mistake is shown once, in one line of a sensible length, and moves no cursor', () => {
  const quoted = `a.yaml:1: unexpected \u001b[31m${'x'.repeat(1_000_000)}\nend`;
  const [line, ...others] = mistakesError([quoted, quoted]).message.split('\n');
  expect(others).toEqual([]);
  expect(line).toMatch(/^a\.yaml:1: unexpected \\u001b\[31mx+\.\.\. \(\d+ characters left out\)$/);
  expect(line?.length).toBeLessThanOrEqual(400);
});
