/** A link that is made anew without its past, and what is left of one that nobody has any more. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { eventually } from '../environment/eventually.ts';
import { type ProgramResult, runProgram } from '../environment/run-program.ts';
import type { DoctorReport } from '../../src/standalone/reports/doctor-report.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { liveEndpoints, managedGroups } from './cluster/seen-at-aws.ts';

jest.setTimeout(180_000);

const bundle = join(import.meta.dirname, '../../dist/sagemaker-privatelink.mjs');
const name = 'ml';
let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

function start(): Promise<OperatorProcess> {
  const rate = '--aws-call-rate=ec2:CreateVpcEndpoint=1000/1000';
  return cluster.startOperator({ args: ['--stalled=1s', '--orphan-sweep=1s', rate] });
}

async function apply(spec: Record<string, unknown> = {}): Promise<void> {
  const endpoints = [{ service: 'api' }, { service: 'runtime', privateDNS: false }];
  await cluster.apply(sampleLink(region, name, { endpoints, sweepInterval: '10s', ...spec }));
}

/** What a restore without the object, or an impatient person, does. */
async function forget(): Promise<void> {
  const patch = '--patch={"metadata":{"finalizers":null}}';
  await cluster.kubectlOrThrow(['patch', 'smpl', name, '--type=merge', patch]);
  await cluster.kubectlOrThrow(['delete', 'smpl', name]);
}

function run(...args: readonly string[]): Promise<ProgramResult> {
  const { kubeconfig } = cluster.server;
  return runProgram('node', [bundle, ...args, `--kubeconfig=${kubeconfig}`], {
    env: awsClientEnvironment(simulator.url),
  });
}

const endpointIds = (): readonly string[] =>
  liveEndpoints(region)
    .map(({ id }) => id)
    .sort();

test('F6: a link that is made anew names what it had, and takes it back when told', async () => {
  const first = await start();
  await apply();
  await cluster.linkIsReady(name);
  const before = endpointIds();
  await first.stop();
  await forget();
  await apply();

  const second = await start();
  const refused = await cluster.linkThat(
    name,
    'refused for what it had before',
    (link) => conditionOf(link, 'Stalled')?.reason === 'OwnershipConflict',
  );
  const { message = '' } = conditionOf(refused, 'EndpointsAvailable') ?? {};
  for (const id of before) expect(message).toContain(id);
  expect(message).toContain('an earlier SageMakerPrivateLink ml of this cluster');
  await eventually(async () => {
    const events = await cluster.kubectlOrThrow(['get', 'events', '-o', 'json']);
    expect(events).toContain('OrphansFound');
  });
  const status = await run('status');
  expect(status).toMatchObject({ exitCode: 2, stderr: '' });
  for (const id of before) expect(status.stdout).toMatch(new RegExp(`endpoint ${id}, .* ago`));
  const { places } = JSON.parse((await run('doctor', '-o', 'json')).stdout) as DoctorReport;
  const orphans = places[0]?.checks.filter(({ area }) => area === 'orphans') ?? [];
  expect(orphans).toMatchObject([{ subject: 'SageMakerPrivateLink ml', outcome: 'warning' }]);
  for (const id of before) {
    expect(orphans[0]?.message).toMatch(new RegExp(`endpoint ${id}, [^;]* ago`));
  }
  expect(endpointIds()).toEqual(before);

  await apply({ adoption: 'IfUnowned' });
  await cluster.linkIsReady(name);
  expect(endpointIds()).toEqual(before);
  expect(managedGroups(region)).toHaveLength(1);
  const { stdout } = await run('doctor');
  expect(stdout).toContain('orphans none: each resource with the id of this cluster has its link');
  expect(await run('prune')).toMatchObject({
    exitCode: 0,
    stdout: 'There are no orphans.\n',
    stderr: '',
  });
  await second.stop();
});

test('what nobody has any more is shown by prune, and deleted with --yes only', async () => {
  const before = endpointIds();
  await forget();
  const place = ['--region=us-east-1', '--poll=200ms', '--consistency=500ms'];
  const shown = await run('prune', ...place);
  expect(shown.exitCode).toBe(2);
  for (const id of before) expect(shown.stdout).toContain(id);
  expect(shown.stderr).toBe('nothing was deleted: give --yes to delete what is shown\n');
  expect(endpointIds()).toEqual(before);

  expect(await run('prune', '--yes', ...place)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(endpointIds()).toEqual([]);
  expect(managedGroups(region)).toEqual([]);
  const nowhere = await run('status');
  expect(nowhere).toMatchObject({ exitCode: 1, stdout: '' });
  expect(nowhere.stderr).toContain('the cluster has no links: say where to look with --region');
});
