/** `plan` beside an operator: the file in Git against the cluster's own link. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { ProgramResult } from '../environment/run-program.ts';
import { CommandLine } from './cluster/command-line.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let shell: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  shell = await CommandLine.start(simulator.url);
  await cluster.startOperator();
  await cluster.apply(sampleLink(region, 'ml'));
  await cluster.linkIsReady('ml');
});

afterAll(async () => {
  await shell?.close();
  await cluster?.stop();
  await simulator?.close();
});

async function planInCluster(...args: readonly string[]): Promise<ProgramResult> {
  return shell.run(['plan', '--kubeconfig', cluster.kubeconfig, ...args]);
}

function kindsIn({ stdout }: ProgramResult): readonly string[] {
  const { plans } = JSON.parse(stdout) as { plans: { actions: { kind: string }[] }[] };
  return plans.flatMap(({ actions }) => actions.map(({ kind }) => kind));
}

test('the file of a link that the operator runs is that link: no changes', async () => {
  const file = await shell.write('same.yaml', [sampleLink(region, 'ml')]);
  const same = await planInCluster('-f', file);
  expect(same).toMatchObject({ exitCode: 0 });
  expect(same.stdout).toContain('No changes.');
  expect(await planInCluster('--server')).toMatchObject({ exitCode: 0 });
});

test('a change in the file is planned for what is there, not for a second link', async () => {
  const changed = sampleLink(region, 'ml', { tags: { team: 'fraud' } });
  const file = await shell.write('changed.yaml', [changed]);
  const result = await planInCluster('-f', file, '-o', 'json');
  expect(result.exitCode).toBe(2);
  expect(new Set(kindsIn(result))).toEqual(new Set(['CreateTags']));
});

test('an immutable field is refused before AWS is asked, as the cluster would', async () => {
  const moved = { ...sampleLink(region, 'ml', { region: 'eu-west-1' }) };
  const file = await shell.write('moved.yaml', [moved]);
  const result = await planInCluster('-f', file);
  expect(result).toMatchObject({ exitCode: 1, stdout: '' });
  expect(result.stderr).toMatch(/moved\.yaml:\d+: spec\.region: Forbidden: is immutable/);
});

test('a suspended link is left alone, and its plan says so', async () => {
  const file = await shell.write('suspended.yaml', [sampleLink(region, 'ml', { suspend: true })]);
  const result = await planInCluster('-f', file);
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toMatch(/note: spec\.suspend is true/);
});

test('two links of one input that want one private name: the second cannot have it', async () => {
  const file = await shell.write('rivals.yaml', [
    sampleLink(region, 'one', { endpoints: [{ service: 'metrics' }] }),
    sampleLink(region, 'two', { endpoints: [{ service: 'metrics' }, { service: 'notebook' }] }),
  ]);
  const result = await planInCluster('-f', file);
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toMatch(/PrivateDNSConflict: SageMakerPrivateLink one of this input/);
});

test('a cluster without answer, a wrong context and a missing file are said in one line', async () => {
  const file = await shell.write('any.yaml', [sampleLink(region, 'ml')]);
  const attempts = [
    ['plan', '-f', file, '--kubeconfig', cluster.kubeconfig, '--context', 'nowhere'],
    ['plan', '-f', file, '--kubeconfig', '/nowhere/config'],
    ['plan', '--server', '-f', file],
    ['plan'],
  ];
  for (const attempt of attempts) {
    const { exitCode, stdout, stderr } = await shell.run(attempt);
    expect({ attempt, exitCode, stdout }).toEqual({ attempt, exitCode: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^error: /);
  }
});
