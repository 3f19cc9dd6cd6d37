/** The shipped alerts, judged by Prometheus's own promtool. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { goBuildMs } from '../../environment/go-program.ts';
import { ensurePromtool, promtool } from '../../environment/promtool.ts';
import { shippedGroups } from './shipped-alerts.ts';

const groups = shippedGroups();
const cases = join(import.meta.dirname, 'alerts.promtool.yaml');

interface AlertTest {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

let folder: string;

beforeAll(async () => {
  await ensurePromtool();
  folder = await mkdtemp(join(tmpdir(), 'smpl-alerts-'));
  await copyFile(cases, join(folder, 'tests.yaml'));
}, goBuildMs);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('promtool finds no fault in them, their texts included', async () => {
  await writeFile(join(folder, 'whole.yaml'), stringify({ groups }));
  const checked = await promtool(
    ['check', 'rules', '--lint=all', '--lint-fatal', 'whole.yaml'],
    folder,
  );
  expect(checked).toMatchObject({ exitCode: 0, stderr: '' });
});

test('each fires when it should, and not before', async () => {
  // The texts have variables; their words are no part of what is tested.
  const bare = groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({ ...rule, annotations: {} })),
  }));
  await writeFile(join(folder, 'rules.yaml'), stringify({ groups: bare }));
  const tested = await promtool(['test', 'rules', 'tests.yaml'], folder);
  expect(tested).toMatchObject({ exitCode: 0, stderr: '' });
});

test('each has a test in which it fires', async () => {
  const { tests } = parse(await readFile(cases, 'utf8')) as {
    tests: readonly { alert_rule_test: readonly AlertTest[] }[];
  };
  const fired = tests
    .flatMap((one) => one.alert_rule_test)
    .filter((one) => one.exp_alerts.length > 0)
    .map((one) => one.alertname);
  const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect(names.filter((name) => !fired.includes(name))).toEqual([]);
});
