/** `npm run demo` as a person and a machine run it. */
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { type ProgramResult, runProgram } from '../environment/run-program.ts';

jest.setTimeout(180_000);

const script = join(import.meta.dirname, '../../scripts/demo.mjs');

const titles = [
  'A link is applied; every condition turns True',
  'Somebody deletes an endpoint behind the back of the operator',
  'Somebody opens the security group by hand',
  'The link is deleted; nothing is left',
];

function demo(...flags: readonly string[]): Promise<ProgramResult> {
  return runProgram('node', [script, ...flags]);
}

test('--json tells all chapters with what proved them', async () => {
  const { exitCode, stdout } = await demo('--json');
  expect(exitCode).toBe(0);
  const { ok, chapters } = JSON.parse(stdout) as {
    readonly ok: boolean;
    readonly chapters: readonly { readonly title: string; readonly evidence: readonly string[] }[];
  };
  expect(ok).toBe(true);
  expect(chapters.map(({ title }) => title)).toEqual(titles);
  for (const { evidence } of chapters) expect(evidence).not.toEqual([]);
  const [applied, deleted, opened] = chapters;
  expect(applied?.evidence).toHaveLength(2);
  for (const line of applied?.evidence ?? []) {
    expect(line).toMatch(/^(api|runtime): vpce-[0-9a-f]{17} https:\/\//);
  }
  expect(deleted?.evidence.join(' ')).toMatch(/vpce-\w+ was deleted by hand/);
  expect(opened?.evidence.join(' ')).toMatch(/sgr-\w+ .* was added by hand/);
});

test('without a terminal it is a plain log of every condition', async () => {
  const { exitCode, stdout } = await demo();
  expect(exitCode).toBe(0);
  for (const title of titles) expect(stdout).toContain(`== ${title}`);
  const types = [
    'Ready',
    'Available',
    'NetworkResolved',
    'SecurityGroupReady',
    'EndpointsAvailable',
  ];
  for (const type of types) expect(stdout).toMatch(new RegExp(`^ +${type}: True \\(`, 'm'));
  expect(stdout).toMatch(/drift: .*0\.0\.0\.0\/0/);
  expect(stdout).toContain('All 4 chapters were seen to be true');
  expect(stdout.includes('\u001B')).toBe(false);
});
