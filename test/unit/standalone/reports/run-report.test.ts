import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Condition } from '../../../../src/api/sagemaker-private-link.ts';
import {
  type LinkRun,
  runExitCode,
  runJson,
  runLines,
  unfinishedLines,
} from '../../../../src/standalone/reports/run-report.ts';

const schemaFile = new URL('../../../../docs/run.schema.json', import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

function run(name: string, outcome: LinkRun['outcome'], more: Partial<LinkRun> = {}): LinkRun {
  return { name, region: 'eu-west-1', outcome, changes: [], problems: [], ...more };
}

const reconciling: Condition = {
  type: 'Reconciling',
  status: 'True',
  reason: 'WaitingForDeletion',
  message: 'AWS is deleting vpce-1.',
  lastTransitionTime: '2026-11-01T00:00:00Z',
};
const busy = run('busy', 'unfinished', {
  status: { observedGeneration: -1, conditions: [reconciling] },
});
const denied = run('denied', 'unfinished', {
  problems: [{ reason: 'AccessDenied', message: 'no' }],
});
const late = run('late', 'unfinished', {
  cutOff: 'timeout',
  changes: [{ action: 'CreateVpcEndpoint', id: 'vpce-1', reason: 'why' }],
});

test.each([
  [[run('a', 'ready'), run('b', 'gone'), run('c', 'suspended')], 0],
  [[run('a', 'ready'), busy], 2],
  [[late], 2],
  [[busy, run('b', 'stalled')], 1],
  [[denied], 1],
  [[busy, run('b', 'failed')], 1],
  [[], 0],
])('the worst of the links is the exit code (%#)', (runs, code) => {
  expect(runExitCode(runs)).toBe(code);
});

test('of what is not finished the lines say what is left and which command goes on', () => {
  expect(
    unfinishedLines([run('a', 'ready'), busy, denied, late], 'delete without --no-wait'),
  ).toEqual([
    'busy: not finished: AWS is deleting vpce-1. To go on, run the same command again, or delete without --no-wait, which waits until it is done.',
  ]);
});

test('every link is in the last lines and in the one JSON document, however it ended', () => {
  const runs = [run('one', 'gone'), busy, denied, late, run('off', 'suspended')];
  expect(runLines(runs)).toEqual([
    'one: gone',
    '5 links: 1 gone, 1 suspended (off), 3 not finished (busy, denied, late).',
  ]);
  const printed: unknown = JSON.parse(runJson(runs));
  expect([validate(printed), validate.errors]).toEqual([true, null]);
  expect(printed).toEqual({ links: runs });
});
