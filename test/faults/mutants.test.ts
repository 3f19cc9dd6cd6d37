import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { oracles } from '../../faults/oracles/violation.ts';
import { count } from '../environment/figures.ts';

interface Mutant {
  readonly name: string;
  readonly caughtBy: string;
}

const root = resolve(import.meta.dirname, '../..');
const mutants = JSON.parse(
  readFileSync(resolve(root, 'faults/mutants.json'), 'utf8'),
) as readonly Mutant[];

test('has a mutant of the operator for each promise', () => {
  const caught = new Set(mutants.map(({ caughtBy }) => caughtBy));
  expect([...caught].sort()).toEqual(Object.keys(oracles).sort());
});

test.each(mutants)(
  '$caughtBy catches an operator where $name',
  async ({ name }) => {
    const program = resolve(root, 'scripts/faults.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--mutants', name]);
    expect(stdout).toContain('caught');
    expect(stdout).not.toContain('SURVIVED');
    count('mutants caught');
  },
  5 * 60_000,
);
