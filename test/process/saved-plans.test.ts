/** A plan that was reviewed: its cost and its markdown for the review, and `apply` of just that. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { CommandLine } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

let simulator: Simulator;
let region: RegionControl;
let shell: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  shell = await CommandLine.start(simulator.url);
});

afterAll(async () => {
  await shell?.close();
  await simulator?.close();
});

const quick = ['--wait', '--poll', '100ms', '--consistency', '300ms'];

test('a saved plan is applied as it was shown, and not when AWS has changed since', async () => {
  const file = await shell.write('ml.yaml', [sampleLink(region, 'ml')]);
  const saved = join(shell.folder, 'plan.json');
  expect((await shell.run(['plan', '-f', file, '--out', saved])).exitCode).toBe(2);

  const group = region.createSecurityGroup({ vpcId: region.defaultVpc().id, name: 'unrelated' });
  expect((await shell.run(['apply', saved, ...quick])).exitCode).toBe(0);
  expect(group.id).toMatch(/^sg-/);
  expect(await shell.run(['plan', '-f', file])).toMatchObject({ exitCode: 0 });

  const writes = (): number => simulator.calls().filter(({ readOnly }) => !readOnly).length;
  const done = writes();
  expect(await shell.run(['apply', saved, ...quick])).toMatchObject({ exitCode: 0 });
  expect(writes()).toBe(done);

  // A plan that would undo another change than the one that was seen does nothing.
  const [endpoint] = region.endpoints();
  const own = region.rules().find(({ isEgress, groupId }) => !isEgress && groupId !== group.id);
  region.removeRule(own?.id ?? '');
  await shell.run(['plan', '-f', file, '--out', saved]);
  region.deleteEndpoint(endpoint?.id ?? '');
  const before = writes();
  const refused = await shell.run(['apply', saved, ...quick]);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /^error: the saved plan is not what would be done now: ml: CreateVpcEndpoint /,
  );
  expect(writes()).toBe(before);
});

test('a saved plan that was applied in part goes on by the same command', async () => {
  const vpc = region.createVpc({ cidr: '10.7.0.0/16', enableDnsHostnames: true });
  const subnet = { vpcId: vpc.id, cidr: '10.7.0.0/24', zone: 'us-east-1a' };
  const spec = { vpc: { id: vpc.id }, subnets: { ids: [region.createSubnet(subnet).id] } };
  const file = await shell.write('part.yaml', [sampleLink(region, 'part', spec)]);
  const saved = join(shell.folder, 'part.json');
  await shell.run(['plan', '-f', file, '--out', saved]);
  const first = await shell.run(['apply', saved]);
  expect(first).toMatchObject({ exitCode: 2 });
  expect(first.stderr).toContain('run the same command again');
  expect(await shell.run(['apply', saved, ...quick])).toMatchObject({ exitCode: 0 });
  expect(await shell.run(['plan', '-f', file])).toMatchObject({ exitCode: 0 });
});

test('another identity than that of the saved plan is refused by the name of what gave it', async () => {
  const file = await shell.write('whose.yaml', [sampleLink(region, 'whose')]);
  const saved = join(shell.folder, 'whose.json');
  await shell.run(['plan', '-f', file, '--out', saved]);
  const flag = await shell.run(['apply', saved, '--cluster-id', 'other']);
  expect(flag.exitCode).toBe(1);
  expect(flag.stderr).toMatch(/^error: --cluster-id is other, .* for command-line-tests/);
  const env = { SAGEMAKER_PRIVATELINK_CLUSTER_ID: 'other' };
  const variable = await shell.run(['apply', saved], { env });
  expect(variable.exitCode).toBe(1);
  expect(variable.stderr).toMatch(/^error: SAGEMAKER_PRIVATELINK_CLUSTER_ID is other/);
});

test('--out writes over nothing but a plan', async () => {
  const file = await shell.write('over.yaml', [
    sampleLink(region, 'over', { endpoints: [{ service: 'api', privateDNS: false }] }),
  ]);
  const text = await readFile(file, 'utf8');
  const over = await shell.run(['plan', '-f', file, '--out', file]);
  expect(over.exitCode).toBe(1);
  expect(over.stderr).toContain('over.yaml (--out) exists and is no saved plan');
  expect(await readFile(file, 'utf8')).toBe(text);
  const saved = join(shell.folder, 'over.json');
  for (const exitCode of [2, 2]) {
    expect(await shell.run(['plan', '-f', file, '--out', saved])).toMatchObject({ exitCode });
  }
  const dash = await shell.run(['plan', '-f', file, '--out', '-']);
  expect(dash.exitCode).toBe(1);
  expect(dash.stderr).toMatch(/^error: --out takes a file/);
});

test('the plan says what it will cost a month, by prices that can be given, in every form', async () => {
  const file = await shell.write('cost.yaml', [
    sampleLink(region, 'cost', { endpoints: [{ service: 'metrics' }] }),
  ]);
  const count = region.subnets(region.defaultVpc().id).length;
  const text = await shell.run(['plan', '-f', file]);
  expect(text.stdout).toContain(`Estimated cost: about $${(count * 7.3).toFixed(2)} a month`);
  const flags = ['--endpoint-hour-price', '0.02', '--gigabytes', '100', '--gigabyte-price', '0.05'];
  const json = await shell.run(['plan', '-f', file, '-o', 'json', ...flags]);
  const { plans } = JSON.parse(json.stdout) as { plans: { cost?: { monthly: number } }[] };
  expect(plans[0]?.cost?.monthly).toBeCloseTo(count * 14.6 + 5, 2);
  const markdown = await shell.run(['plan', '-f', file, '-o', 'markdown']);
  expect(markdown.exitCode).toBe(2);
  expect(markdown.stdout).toMatch(/^### SageMakerPrivateLink `cost`$/m);
  expect(markdown.stdout).toMatch(/^\+ /m);
  expect(markdown.stdout).toContain('Estimated cost');
});

test('mistakes are one line: no plan, two sources, a file that is none, a price that is none', async () => {
  const file = await shell.write('x.yaml', [sampleLink(region, 'x')]);
  for (const args of [
    ['apply'],
    ['apply', join(shell.folder, 'nowhere.json')],
    ['apply', file],
    ['apply', file, '-f', file],
    ['plan', '-f', file, '--out', join(shell.folder, 'no', 'folder')],
    ['plan', '-f', file, '--destroy', '--out', join(shell.folder, 'y.json')],
    ['plan', '-f', file, '--endpoint-hour-price', '-1'],
  ]) {
    const { exitCode, stderr } = await shell.run(args);
    expect({ args, exitCode }).toEqual({ args, exitCode: 1 });
    expect(stderr).toMatch(/^error: /m);
    expect(stderr).not.toMatch(/^ +at /m);
  }
  expect(await readFile(file, 'utf8')).toContain('SageMakerPrivateLink');
});
