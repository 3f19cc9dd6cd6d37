/** `trace`, `graph`, and what kubectl shows, of a link that a real API server keeps and the operator reports. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { findProgram } from '../environment/control-plane-programs.ts';
import { eventually } from '../environment/eventually.ts';
import { runProgram } from '../environment/run-program.ts';
import { CommandLine } from './cluster/command-line.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

const bundle = join(import.meta.dirname, '../../dist/sagemaker-privatelink.mjs');

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
  await cluster.apply(sampleLink(region, 'well'));
  await cluster.linkIsReady('well');
  await cluster.apply(sampleLink(region, 'rival', { endpoints: [{ service: 'api' }] }));
  await cluster.linkThat('rival', 'in the way of the other', ({ status }) =>
    Boolean(status?.conditions?.some(({ reason }) => reason === 'PrivateDNSConflict')),
  );
});

afterAll(async () => {
  await shell?.close();
  await cluster?.stop();
  await simulator?.close();
});

function inCluster(...args: readonly string[]) {
  return shell.run([...args, '--kubeconfig', cluster.kubeconfig]);
}

test('kubectl get says why a link is not ready, without -o wide', async () => {
  const table = await cluster.kubectlOrThrow(['get', 'smpl', 'rival']);
  expect(table).toMatch(/NAME\s+READY\s+AVAILABLE\s+VPC\s+REGION\s+REASON\s+AGE/);
  expect(table).toMatch(/rival\s+False\s.*\sPrivateDNSConflict\s/);
});

test('a tree has each address of a link that is well', async () => {
  const { exitCode, stdout } = await inCluster('trace', 'well');
  expect(exitCode).toBe(0);
  for (const { ipv4 } of region.interfaces()) expect(stdout).toContain(`${ipv4}  available`);
  expect(stdout).toMatch(/^✓ well \(us-east-1, 111122223333\): Ready=True \(Succeeded\)$/m);
});

test('a tree names whatever is in the way, and the exit code says that not all is well', async () => {
  const [holder] = region.endpoints().filter(({ serviceName }) => serviceName.endsWith('.api'));
  const { exitCode, stdout } = await inCluster('trace');
  expect(exitCode).toBe(2);
  expect(stdout).toContain(`in the way: ${holder?.id}`);
  expect(stdout.split('\n').every((line) => Array.from(line).length <= 80)).toBe(true);
});

test('JSON is as its schema says', async () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/trace.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv2020().compile(schema);
  validate(JSON.parse((await inCluster('trace', '-o', 'json')).stdout));
  expect(validate.errors ?? []).toEqual([]);
});

test('a file of kubectl get -o yaml draws the same tree, without a cluster', async () => {
  const file = await shell.write(
    'well.yaml',
    await cluster.kubectlOrThrow(['get', 'smpl', 'well', '-o', 'yaml']),
  );
  expect((await shell.run(['trace', '-f', file])).stdout).toBe(
    (await inCluster('trace', 'well')).stdout,
  );
});

test('a picture has each address, in every form, from the cluster as from a pipe', async () => {
  const yaml = await cluster.kubectlOrThrow(['get', 'smpl', 'well', '-o', 'yaml']);
  const file = await shell.write('drawn.yaml', yaml);
  for (const [form, begin] of [
    ['mermaid', 'flowchart TD'],
    ['dot', 'digraph link {'],
    ['svg', '<svg xmlns='],
  ] as const) {
    const { exitCode, stdout } = await inCluster('graph', 'well', '-o', form);
    expect(exitCode).toBe(0);
    expect(stdout.startsWith(begin)).toBe(true);
    for (const { ipv4 } of region.interfaces()) expect(stdout).toContain(ipv4);
    expect((await shell.run(['graph', '-f', file, '-o', form])).stdout).toBe(stdout);
  }
});

test('watching shows a link again when it has changed, and Ctrl-C ends it', async () => {
  const args = ['trace', 'well', '-w', '--poll', '100ms', '--kubeconfig', cluster.kubeconfig];
  const child = spawn('node', [bundle, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let seen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const shows = (reason: string, times: number) =>
    eventually(() => expect(seen.split(`(${reason})`).length - 1).toBeGreaterThanOrEqual(times));
  await shows('Succeeded', 1);
  await suspend(true);
  await shows('Suspended', 1);
  await suspend(false);
  await shows('Succeeded', 2);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
});

async function suspend(isSuspended: boolean): Promise<void> {
  const patch = JSON.stringify({ spec: { suspend: isSuspended } });
  await cluster.kubectlOrThrow(['patch', 'smpl', 'well', '--type=merge', '-p', patch]);
}

test('mistakes are one line each: a name that is not there, two sources, a file that is no link', async () => {
  const file = await shell.write('broken.yaml', [
    { ...sampleLink(region, 'x'), status: { endpoints: 'none', conditions: [{}] } },
  ]);
  for (const args of [
    ['trace', 'nobody', '--kubeconfig', cluster.kubeconfig],
    ['trace', '-f', file, '--kubeconfig', cluster.kubeconfig],
    ['trace', '-f', file, '-w'],
    ['trace', '--width', '3'],
    ['graph', '--kubeconfig', cluster.kubeconfig],
    ['graph', 'nobody', '--kubeconfig', cluster.kubeconfig],
  ]) {
    const { exitCode, stdout, stderr } = await shell.run(args);
    expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toMatch(/^ +at /m);
  }
  const { stderr } = await shell.run(['trace', '-f', file]);
  expect(stderr).toMatch(/broken\.yaml:\d+: status\.endpoints: /);
});

test('kubectl runs the program as its plugin', async () => {
  const bin = join(shell.folder, 'bin');
  await mkdir(bin);
  await chmod(bundle, 0o755);
  await symlink(bundle, join(bin, 'kubectl-smpl'));
  const { exitCode, stdout } = await runProgram(
    await findProgram('kubectl'),
    ['smpl', 'trace', '--help'],
    { env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` } },
  );
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Usage: kubectl smpl trace/);
});

test('explain-access asks the live object: ids of endpoints and roles come from its status', async () => {
  simulator.world.account().createPrincipal({ kind: 'role', name: 'DataScientist' });
  const vpc = region.createVpc({ cidr: '10.7.0.0/16', enableDnsHostnames: true });
  const subnet = region.createSubnet({ vpcId: vpc.id, cidr: '10.7.0.0/24', zone: 'us-east-1a' });
  await cluster.apply(
    sampleLink(region, 'access', {
      vpc: { id: vpc.id },
      subnets: { ids: [subnet.id] },
      endpoints: [{ service: 'api' }, { service: 'notebook' }],
      notebookAccess: {
        allowedCIDRs: ['203.0.113.0/24'],
        attachTo: { roles: ['DataScientist'] },
      },
    }),
  );
  const link = await cluster.linkThat('access', 'restricting the role', ({ status }) =>
    Boolean(
      status?.notebookAccess?.attachedTo?.roles?.includes('DataScientist') &&
        status.endpoints?.every(({ id }) => id !== undefined),
    ),
  );
  const ask = (...args: readonly string[]) => inCluster('explain-access', 'access', ...args);
  const matrix = await ask('--role', 'DataScientist');
  expect(matrix.exitCode).toBe(0);
  expect(matrix.stdout).toMatch(/^role DataScientist has the policy\.$/m);
  expect(matrix.stdout).toMatch(/^internet +198\.51\.100\.1 +denied +denied$/m);
  expect(matrix.stdout).toMatch(/^VPC +any address in it +not denied +not denied$/m);
  for (const { id = '' } of link.status?.endpoints ?? []) expect(matrix.stdout).toContain(id);

  const internet = ['--source-ip', '198.51.100.1'];
  expect((await ask('--role', 'DataScientist', ...internet)).exitCode).toBe(3);
  const free = await ask('--role', 'Admin', ...internet);
  expect(free).toMatchObject({ exitCode: 0 });
  expect(free.stdout).toBe('Not restricted: role Admin does not have the policy.\n');
  expect((await ask('--vpce', 'api')).exitCode).toBe(0);

  const schema = new URL('../../docs/explain-access.schema.json', import.meta.url);
  const validate = new Ajv2020().compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
  for (const args of [
    ['--matrix', '--role', 'Admin'],
    internet,
    ['--role', 'Admin', ...internet],
  ]) {
    validate(JSON.parse((await ask(...args, '-o', 'json')).stdout));
    expect({ args, errors: validate.errors ?? [] }).toEqual({ args, errors: [] });
  }
});
