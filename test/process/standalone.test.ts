/** `plan`, `apply` and `delete` without a cluster: what they print, do at AWS and end with. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { eventually } from '../environment/eventually.ts';
import { CommandLine, identity } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { liveEndpoints, managedGroups } from './cluster/seen-at-aws.ts';

jest.setTimeout(120_000);

let simulator: Simulator;
let region: RegionControl;
let shell: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  shell = await CommandLine.start(simulator.url);
});

beforeEach(() => simulator.resetCalls());

afterAll(async () => {
  await shell?.close();
  await simulator?.close();
});

const pruneSchema = new URL('../../docs/prune.schema.json', import.meta.url);
const validatePrune = new Ajv2020({ allErrors: true, validateFormats: false }).compile(
  JSON.parse(readFileSync(pruneSchema, 'utf8')) as object,
);
const quick = ['--poll=200ms', '--consistency=500ms', '--dns-settle=500ms', '--iam-settle=200ms'];

function writes(): readonly string[] {
  return simulator.calls().flatMap(({ readOnly, action }) => (readOnly ? [] : [action]));
}

test('plan, apply, plan, delete, plan: exit codes 2, 0, 0, 0, 2 and nothing left', async () => {
  const file = await shell.write('life.yaml', [sampleLink(region, 'life')]);
  const before = await shell.run(['plan', '-f', file]);
  expect(before).toMatchObject({ exitCode: 2, stderr: '' });
  expect(before.stdout).toContain('+ endpoint for com.amazonaws.us-east-1.sagemaker.api');
  expect(before.stdout).toContain('because the spec wants api reached privately from vpc-');
  expect(before.stdout).toContain('Plan: 4 to create, 2 to change, 0 to delete.');
  expect(writes()).toEqual([]);

  const applied = await shell.run(['apply', '-f', file, '--wait', ...quick]);
  expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
  expect(applied.stdout).toContain('life: Ready=True (Succeeded)');
  expect(applied.stdout).toMatch(/^api +vpce-\w+ +available +https:\/\/api\.sagemaker\.us-east-1/m);
  expect(liveEndpoints(region).map(({ state }) => state)).toEqual(['available', 'available']);

  const after = await shell.run(['plan', '-f', file]);
  expect(after).toMatchObject({ exitCode: 0, stderr: '' });
  expect(after.stdout).toContain('No changes.');

  const destroy = await shell.run(['plan', '-f', file, '--destroy']);
  expect(destroy).toMatchObject({ exitCode: 2, stderr: '' });
  const ids = liveEndpoints(region).map(({ id }) => id);
  for (const id of ids) expect(destroy.stdout).toContain(id);

  const deleted = await shell.run(['delete', '-f', file, ...quick]);
  expect(deleted).toMatchObject({ exitCode: 0, stderr: '' });
  expect(deleted.stdout).toMatch(/: gone\n$/);
  expect(liveEndpoints(region)).toEqual([]);
  expect(managedGroups(region)).toEqual([]);
  expect((await shell.run(['plan', '-f', file])).exitCode).toBe(2);
});

test('what is already as it should be is applied again without a write', async () => {
  const file = await shell.write('again.yaml', [sampleLink(region, 'again')]);
  await shell.run(['apply', '-f', file, '--wait', ...quick]);
  simulator.resetCalls();
  const { exitCode } = await shell.run(['apply', '-f', file, '--wait', ...quick]);
  expect(exitCode).toBe(0);
  expect(writes()).toEqual([]);
  await shell.run(['delete', '-f', file, ...quick]);
});

test('--output json is one JSON document and nothing else', async () => {
  const file = await shell.write('json.yaml', [sampleLink(region, 'json')]);
  const plan = await shell.run(['plan', '-f', file, '-o', 'json']);
  expect(plan.exitCode).toBe(2);
  const { plans } = JSON.parse(plan.stdout) as {
    plans: readonly { actions: readonly { kind: string }[] }[];
  };
  expect(plans).toMatchObject([
    { name: 'json', region: 'us-east-1', account: '111122223333', findings: { problems: [] } },
  ]);
  expect(plans[0]?.actions.map(({ kind }) => kind)).toEqual([
    'CreateSecurityGroup',
    'AuthorizeIngress',
    'RevokeEgress',
    'CreateVpcEndpoint',
    'CreateVpcEndpoint',
    'ModifyVpcEndpoint',
    'ModifyVpcEndpoint',
  ]);

  const applied = await shell.run(['apply', '-f', file, '--wait', '-o', 'json', ...quick]);
  expect(applied.exitCode).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject({
    links: [{ name: 'json', outcome: 'ready', status: { available: '2/2' } }],
  });
  const deleted = await shell.run(['delete', '-f', file, '-o', 'json', ...quick]);
  expect(JSON.parse(deleted.stdout)).toMatchObject({ links: [{ name: 'json', outcome: 'gone' }] });
});

test('several documents of several files are applied and deleted together', async () => {
  const withoutDns = (service: string) => ({ endpoints: [{ service, privateDNS: false }] });
  const first = await shell.write('several.yaml', [
    sampleLink(region, 'one', withoutDns('api')),
    sampleLink(region, 'two', withoutDns('api')),
  ]);
  const second = await shell.write('third.yaml', [sampleLink(region, 'three', withoutDns('api'))]);
  const files = ['-f', first, '-f', second];
  const applied = await shell.run(['apply', ...files, '--wait', ...quick]);
  expect(applied.exitCode).toBe(0);
  for (const name of ['one', 'two', 'three']) {
    expect(applied.stdout).toContain(`${name}: Ready=True (Succeeded)`);
  }
  expect(liveEndpoints(region)).toHaveLength(3);
  expect(managedGroups(region)).toHaveLength(3);
  const deleted = await shell.run(['delete', ...files, ...quick]);
  expect(deleted.exitCode).toBe(0);
  expect(liveEndpoints(region)).toEqual([]);
});

test('without waiting, 2 says that more is to be done, and the same command goes on to the end', async () => {
  const access = { notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: {} } };
  const file = await shell.write('steps.yaml', [sampleLink(region, 'steps', access)]);
  const step = async (args: readonly string[]): Promise<number> => {
    const { exitCode, stdout, stderr } = await shell.run([...args, '-f', file, ...quick]);
    if (exitCode === 2) {
      expect(stderr).toMatch(/^steps: not finished: .+ To go on, run the same command again, or /);
    } else {
      expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stderr: '' });
    }
    return exitCode ?? -1;
  };
  for (const args of [['apply'], ['delete', '--no-wait']]) {
    expect(await step(args)).toBe(2);
    await eventually(async () => expect(await step(args)).toBe(0), { withinMs: 60_000 });
  }
  expect(liveEndpoints(region)).toEqual([]);
  expect(managedGroups(region)).toEqual([]);
});

test('one link that runs out of time takes nothing from what is said of the others', async () => {
  const privateDNS = false;
  const good = await shell.write('in-time.yaml', [
    sampleLink(region, 'in-time', { endpoints: [{ service: 'api', privateDNS }] }),
  ]);
  const slow = await shell.write('late.yaml', [
    sampleLink(region, 'late', { endpoints: [{ service: 'runtime', privateDNS }] }),
  ]);
  await shell.run(['apply', '-f', good, '--wait', ...quick]);
  const hanging = simulator.faults.add({
    service: 'ec2',
    action: 'CreateVpcEndpoint',
    when: 'before',
    effect: { kind: 'hang' },
  });
  const args = ['apply', '-f', good, '-f', slow, '--wait', '--timeout=5s', ...quick];
  const json = await shell.run([...args, '-o', 'json']);
  expect(json.exitCode).toBe(2);
  expect(json.stderr).toBe('error: not done after 5 s (--timeout); run it again to go on\n');
  expect(JSON.parse(json.stdout)).toMatchObject({
    links: [
      { name: 'in-time', outcome: 'ready', status: { available: '1/1' } },
      { name: 'late', outcome: 'unfinished', cutOff: 'timeout' },
    ],
  });
  const text = await shell.run(args);
  expect(text.stdout).toContain('2 links: 1 ready, 1 not finished (late).');
  hanging.remove();
  await shell.run(['delete', '-f', good, '-f', slow, ...quick]);
});

test('a time limit that the settle times alone take is refused before anything is done', async () => {
  const access = { notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: {} } };
  const file = await shell.write('short.yaml', [sampleLink(region, 'short', access)]);
  const { exitCode, stderr } = await shell.run(['apply', '-f', file, '--wait', '--timeout=75s']);
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    'error: --timeout 75 s is too short: --iam-settle 15 s and --dns-settle 60 s have to pass within one run. Give more than 75 s.\n',
  );
  expect(simulator.calls()).toEqual([]);
});

test('prune -f finds what is left of files that are no more, and of no others', async () => {
  const spec = { endpoints: [{ service: 'api', privateDNS: false }] };
  const kept = await shell.write('kept.yaml', [sampleLink(region, 'kept', spec)]);
  const lost = await shell.write('lost.yaml', [sampleLink(region, 'lost', spec)]);
  await shell.run(['apply', '-f', kept, '-f', lost, '--wait', ...quick]);
  const waits = ['--poll=200ms', '--consistency=500ms'];
  const prune = async (...args: readonly string[]) => {
    const result = await shell.run(['prune', '-o', 'json', ...args, ...waits]);
    const printed = JSON.parse(result.stdout) as { orphans: readonly object[] };
    expect([validatePrune(printed), validatePrune.errors]).toEqual([true, null]);
    return { ...result, printed };
  };
  const none = await prune('-f', kept, '-f', lost);
  expect(none).toMatchObject({ exitCode: 0, stderr: '', printed: { orphans: [] } });
  const shown = await prune('-f', kept);
  expect(shown).toMatchObject({
    exitCode: 2,
    stderr: 'nothing was deleted: give --yes to delete what is shown\n',
    printed: { orphans: [{ orphans: [{ owner: { name: 'lost' }, outcome: 'kept' }] }] },
  });
  expect(liveEndpoints(region)).toHaveLength(2);
  const told = await prune('-f', kept, '--yes');
  expect(told).toMatchObject({
    exitCode: 0,
    printed: { orphans: [{ orphans: [{ owner: { name: 'lost' }, outcome: 'gone' }] }] },
  });
  expect(liveEndpoints(region)).toHaveLength(1);
  expect((await shell.run(['plan', '-f', kept])).exitCode).toBe(0);
  await shell.run(['delete', '-f', kept, ...quick]);
});

test('a link that is refused ends the command before any other one is changed', async () => {
  const good = await shell.write('good.yaml', [sampleLink(region, 'good')]);
  const bad = await shell.write('bad.yaml', [sampleLink(region, 'bad', { account: 'nowhere' })]);
  const applied = await shell.run(['apply', '-f', good, '-f', bad, '--wait', ...quick]);
  expect(applied).toMatchObject({ exitCode: 1, stdout: '' });
  expect(applied.stderr).toMatch(/^error: bad: spec\.account/);
  expect(writes()).toEqual([]);
});

test('a suspended link is left alone by plan and apply, which say so', async () => {
  const file = await shell.write('rest.yaml', [sampleLink(region, 'rest', { suspend: true })]);
  for (const command of ['plan', 'apply']) {
    const { exitCode, stdout } = await shell.run([command, '-f', file]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('spec.suspend is true');
  }
  expect(writes()).toEqual([]);
});

test('deleting what was never applied changes nothing and is no error', async () => {
  const file = await shell.write('never.yaml', [sampleLink(region, 'never')]);
  expect((await shell.run(['delete', '-f', file, ...quick])).exitCode).toBe(0);
  expect(writes()).toEqual([]);
});

test('F20: Ctrl-C ends with 130 within the work, and another run goes on where it was', async () => {
  const file = await shell.write('cut.yaml', [sampleLink(region, 'cut')]);
  const slow = simulator.faults.add({
    service: 'ec2',
    action: 'CreateVpcEndpoint',
    when: 'after',
    effect: { kind: 'hang' },
  });
  const bundle = join(import.meta.dirname, '../../dist/sagemaker-privatelink.mjs');
  const env = { ...awsClientEnvironment(simulator.url), ...identity };
  const args = [bundle, 'apply', '-f', file, '--wait', '-o', 'json', ...quick];
  const child = spawn('node', args, { env });
  const exited = once(child, 'exit');
  const messages: string[] = [];
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => messages.push(chunk.toString('utf8')));
  await eventually(() => expect(slow.hits()).toBe(1), { withinMs: 60_000 });
  child.kill('SIGINT');
  expect(await exited).toEqual([130, null]);
  expect(messages.join('')).toBe(
    'interrupted by SIGINT; what was done stays: run the same command again to go on\n',
  );
  expect(JSON.parse(output.join(''))).toMatchObject({
    links: [
      {
        name: 'cut',
        outcome: 'unfinished',
        cutOff: 'interrupted',
        changes: [{ action: 'CreateSecurityGroup', id: expect.stringMatching(/^sg-/) }, {}, {}],
      },
    ],
  });

  slow.remove();
  const { exitCode } = await shell.run(['apply', '-f', file, '--wait', ...quick]);
  expect(exitCode).toBe(0);
  expect(liveEndpoints(region)).toHaveLength(2);
  await shell.run(['delete', '-f', file, ...quick]);
});

/** Wrong input, what AWS is never asked, and the words that say what and where. */
const refusals = [
  {
    what: 'an unknown field',
    content: () => [sampleLink(region, 'typo', { endpoint: [] })],
    words: /wrong\.yaml:\d+: .*unknown field "spec\.endpoint"/,
  },
  {
    what: 'a CIDR block that is none',
    content: () => [
      sampleLink(region, 'cidr', { securityGroup: { ingress: [{ cidr: '10.0.0.256/24' }] } }),
    ],
    words:
      /wrong\.yaml:\d+: spec\.securityGroup\.ingress\[0\]\.cidr: .*must be a block of addresses in CIDR form/,
  },
  {
    what: 'text that is no YAML',
    content: () => 'kind: SageMakerPrivateLink\nspec:\n  region: [us-east-1\n  vpc: {}\n',
    words: /wrong\.yaml:\d+:\d+: /,
  },
  {
    what: 'a file without a link',
    content: () => 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n',
    words: /wrong\.yaml/,
  },
  {
    what: 'a name that is given twice',
    content: () => [sampleLink(region, 'same'), sampleLink(region, 'same')],
    words: /metadata\.name same is given twice for the same region, account and VPC/,
  },
] as const;

test.each(refusals)('$what is refused before AWS is asked', async ({ content, words }) => {
  const file = await shell.write('wrong.yaml', content());
  for (const command of ['plan', 'apply', 'delete']) {
    const { exitCode, stdout, stderr } = await shell.run([command, '-f', file]);
    expect({ command, exitCode, stdout }).toEqual({ command, exitCode: 1, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^ +at /m);
  }
  expect(simulator.calls()).toEqual([]);
});

test('a file that is not there is named', async () => {
  const { exitCode, stderr } = await shell.run(['plan', '-f', join(shell.folder, 'no.yaml')]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/no\.yaml cannot be read: ENOENT/);
});

test('two subnets of one zone fail the plan and the apply, and no endpoint is made', async () => {
  const vpc = region.createVpc({ cidr: '10.7.0.0/16' });
  const ids = [0, 1].map((index) => {
    const cidr = `10.7.${index}.0/24`;
    return region.createSubnet({ vpcId: vpc.id, cidr, zone: 'us-east-1a' }).id;
  });
  const file = await shell.write('twins.yaml', [
    sampleLink(region, 'twins', { vpc: { id: vpc.id }, subnets: { ids } }),
  ]);
  const plan = await shell.run(['plan', '-f', file]);
  expect(plan.exitCode).toBe(1);
  expect(plan.stdout).toMatch(
    /! DuplicateZone: Subnets subnet-\w+ and subnet-\w+ are both in zone/,
  );
  for (const id of ids) expect(plan.stdout).toContain(id);
  const applied = await shell.run(['apply', '-f', file, '--wait', ...quick]);
  expect(applied).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('Ready=False (DuplicateZone)'),
  });
  // The group needs no subnet.
  expect(writes()).not.toContain('CreateVpcEndpoint');
  await shell.run(['delete', '-f', file, ...quick]);
});

test('without credentials plan and apply fail and say what is missing', async () => {
  const file = await shell.write('keyless.yaml', [sampleLink(region, 'keyless')]);
  const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  for (const command of ['plan', 'apply', 'delete']) {
    const { exitCode, stdout, stderr } = await shell.run([command, '-f', file], { env });
    expect({ command, exitCode, stdout }).toEqual({ command, exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^error: no AWS credentials \(neither AWS_PROFILE nor keys are set\): /);
  }
  expect(simulator.calls()).toEqual([]);
});

test('an AWS that cannot be reached fails the plan; apply tries until its time is over', async () => {
  const file = await shell.write('offline.yaml', [sampleLink(region, 'offline')]);
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  const plan = await shell.run(['plan', '-f', file], { env });
  expect(plan.exitCode).toBe(1);
  expect(plan.stdout).toMatch(/! AWSUnreachable: .*got no answer \(ECONNREFUSED\)/);
  const args = ['apply', '-f', file, '--wait', '--timeout=3s', ...quick];
  const applied = await shell.run(args, { env });
  expect(applied.exitCode).toBe(1);
  expect(applied.stderr).toContain('not done after 3 s (--timeout); run it again to go on');
});

test('files of one name in two VPCs and two regions leave each other alone', async () => {
  const far = simulator.world.region('eu-west-1');
  const vpc = region.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true });
  const subnet = region.createSubnet({ vpcId: vpc.id, cidr: '10.8.0.0/24', zone: 'us-east-1a' });
  const policy = { notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: {} } };
  const files = [
    sampleLink(region, 'ml', policy),
    sampleLink(region, 'ml', { vpc: { id: vpc.id }, subnets: { ids: [subnet.id] }, ...policy }),
    sampleLink(far, 'ml', { region: 'eu-west-1', ...policy }),
  ];
  const paths = await Promise.all(
    files.map((one, index) => shell.write(`ml-${index}.yaml`, [one])),
  );
  for (const path of paths) {
    const applied = await shell.run(['apply', '-f', path, '--wait', ...quick]);
    expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
  }
  const policies = () =>
    simulator.world
      .account()
      .policies()
      .filter(({ name }) => name.startsWith('sagemaker-privatelink-')).length;
  expect(liveEndpoints(region)).toHaveLength(4);
  expect(liveEndpoints(far)).toHaveLength(2);
  expect(policies()).toBe(3);
  for (const path of paths) expect((await shell.run(['plan', '-f', path])).exitCode).toBe(0);
  expect((await shell.run(['delete', '-f', paths[1] ?? '', ...quick])).exitCode).toBe(0);
  expect(liveEndpoints(region).map(({ vpcId }) => vpcId)).not.toContain(vpc.id);
  expect(liveEndpoints(region)).toHaveLength(2);
  expect(policies()).toBe(2);
  for (const path of [paths[0] ?? '', paths[2] ?? '']) {
    expect((await shell.run(['plan', '-f', path])).exitCode).toBe(0);
    expect((await shell.run(['delete', '-f', path, ...quick])).exitCode).toBe(0);
  }
  expect([...liveEndpoints(region), ...liveEndpoints(far)]).toEqual([]);
});

test('without an identity nothing is planned or done, and the message says what to give', async () => {
  const file = await shell.write('nobody.yaml', [sampleLink(region, 'nobody')]);
  for (const command of ['plan', 'apply', 'delete']) {
    const env = { SAGEMAKER_PRIVATELINK_CLUSTER_ID: '' };
    const { exitCode, stderr } = await shell.run([command, '-f', file], { env });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: --cluster-id is missing: .*give --cluster-id standalone/);
  }
  expect(writes()).toEqual([]);
});

test('what an earlier version made of a file is named, and taken back when told', async () => {
  // The UID that every file of this cluster id and name had, wherever its VPC was.
  const hex = createHash('sha256').update('["command-line-tests","old"]').digest('hex');
  const uid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  const link = sampleLink(region, 'old');
  const before = await shell.write('before.yaml', [{ ...link, metadata: { name: 'old', uid } }]);
  expect((await shell.run(['apply', '-f', before, '--wait', ...quick])).exitCode).toBe(0);
  const ids = liveEndpoints(region).map(({ id }) => id);

  const file = await shell.write('old.yaml', [link]);
  const plan = await shell.run(['plan', '-f', file]);
  expect(plan.exitCode).toBe(1);
  expect(plan.stdout).toContain(`an earlier SageMakerPrivateLink old of this cluster (UID ${uid})`);
  const adopting = { ...link, spec: { ...(link['spec'] as object), adoption: 'IfUnowned' } };
  const told = await shell.write('told.yaml', [adopting]);
  expect((await shell.run(['apply', '-f', told, '--wait', ...quick])).exitCode).toBe(0);
  expect(liveEndpoints(region).map(({ id }) => id)).toEqual(ids);
  expect((await shell.run(['delete', '-f', file, ...quick])).exitCode).toBe(0);
  expect(liveEndpoints(region)).toEqual([]);
});
