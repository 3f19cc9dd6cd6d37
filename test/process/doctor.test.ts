/** `doctor`: each thing that can be in the way of a link is named before anybody applies it. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { Check, DoctorReport } from '../../src/standalone/reports/doctor-report.ts';
import { ireland, listOf, type Policy, policyFor } from '../unit/deploy/iam-documents.ts';
import { CommandLine, identity } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/doctor.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020().compile(schema);

let simulator: Simulator;
let region: RegionControl;
let shell: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  shell = await CommandLine.start(simulator.url);
});

afterEach(() => simulator.faults.clear());

afterAll(async () => {
  await shell?.close();
  await simulator?.close();
});

async function examine(file: string, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await shell.run(['doctor', '-f', file, '-o', 'json'], {
    env,
  });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as DoctorReport;
  validate(report);
  expect(validate.errors ?? []).toEqual([]);
  const checks = [...report.places, ...report.links].flatMap((one) => one.checks);
  const problems = checks.filter(({ outcome }) => outcome === 'problem');
  return { exitCode, checks, problems, find: finder(checks) };
}

function finder(checks: readonly Check[]) {
  return (subject: string) => checks.find((one) => one.subject.startsWith(subject));
}

function writes() {
  return simulator
    .calls()
    .filter(({ readOnly, errorCode }) => !readOnly && errorCode === undefined);
}

test('nothing is in the way: every permission that can be asked about is there, and nothing changes', async () => {
  const file = await shell.write('new.yaml', [sampleLink(region, 'new')]);
  const before = writes().length;
  const { exitCode, problems, find } = await examine(file);
  expect(problems).toEqual([]);
  expect(exitCode).toBe(0);
  expect(find('111122223333')).toMatchObject({ area: 'credentials', outcome: 'ok' });
  expect(find('to sts')).toMatchObject({ outcome: 'ok' });
  expect(find('to ec2')).toMatchObject({ outcome: 'ok' });
  expect(find('ec2:CreateVpcEndpoint')).toMatchObject({ outcome: 'ok' });
  expect(find('ec2:ModifyVpcEndpoint')).toMatchObject({ outcome: 'unknown' });
  expect(find('Interface VPC endpoints per VPC (vpc/L-29B6F2EB)')).toMatchObject({
    message: '0 used and 2 planned, of 50 where the account has not asked for more',
  });
  expect(writes()).toHaveLength(before);
});

test('links of one VPC are counted together against its quota', async () => {
  const links = ['one', 'two', 'three'].map((name) => sampleLink(region, name));
  const { checks } = await examine(await shell.write('three.yaml', links));
  const endpoints = checks.filter(({ subject }) => subject.includes('L-29B6F2EB'));
  expect(endpoints.map(({ message }) => message.slice(0, 36))).toEqual(
    links.map(() => '0 used and 6 planned by 3 links, of '),
  );
});

test("over the account's own quota is a problem, over AWS's default a warning", async () => {
  const file = await shell.write('two.yaml', [sampleLink(region, 'two')]);
  const own = async (...quotas: readonly string[]) => {
    const flags = quotas.flatMap((one) => ['--quota', one]);
    const { exitCode, stdout } = await shell.run(['doctor', '-f', file, '-o', 'json', ...flags]);
    const report = JSON.parse(stdout) as DoctorReport;
    const checks = report.links.flatMap((one) => one.checks);
    return { exitCode, check: finder(checks)('Interface VPC endpoints') };
  };
  // As the AWS CLI prints a value.
  expect(await own('L-29B6F2EB=2.0', 'L-E79EC296=5')).toMatchObject({
    exitCode: 0,
    check: { outcome: 'ok', message: '0 used and 2 planned, of 2, as --quota says' },
  });
  expect(await own('L-29B6F2EB=1')).toMatchObject({
    exitCode: 2,
    check: { outcome: 'problem', advice: expect.stringContaining('Ask AWS for more') },
  });
  const many = Array.from({ length: 26 }, (_, index) => sampleLink(region, `many-${index}`));
  const crowded = await examine(await shell.write('many.yaml', many));
  expect(crowded).toMatchObject({ exitCode: 0, problems: [] });
  expect(crowded.find('Interface VPC endpoints')).toMatchObject({
    outcome: 'warning',
    advice: expect.stringContaining('--quota L-29B6F2EB=VALUE'),
  });
});

test.each([
  ['L-29B6F2EB', 'must look like L-29B6F2EB=100'],
  ['L-29B6F2EB=many', 'must look like L-29B6F2EB=100'],
  ['L-DF5E4CA3=10', 'L-E79EC296 (VPC security groups per Region)'],
])('the quota %s is refused', async (flag, words) => {
  const { exitCode, stderr } = await shell.run(['doctor', '-f', 'x.yaml', '--quota', flag]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(words);
});

test('a link that is there is asked about with its own resources, and stays as it is', async () => {
  const file = await shell.write('there.yaml', [
    sampleLink(region, 'there', { endpoints: [{ service: 'metrics' }] }),
  ]);
  expect((await shell.run(['apply', '-f', file, '--wait', '--poll', '100ms'])).exitCode).toBe(0);
  const before = writes().length;
  const { checks } = await examine(file);
  const permissions = checks.filter(({ area }) => area === 'permission');
  expect(permissions).toHaveLength(11);
  expect(permissions.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  expect(writes()).toHaveLength(before);
  expect((await shell.run(['plan', '-f', file])).exitCode).toBe(0);
});

test.each(['CreateVpcEndpoint', 'CreateSecurityGroup'])(
  'without the permission ec2:%s it says so, and where the grant is',
  async (action) => {
    const file = await shell.write('denied.yaml', [sampleLink(region, 'denied')]);
    simulator.faults.add({ service: 'ec2', action, effect: { kind: 'deny' } });
    const { exitCode, problems } = await examine(file);
    expect(exitCode).toBe(2);
    expect(problems).toMatchObject([
      {
        area: 'permission',
        subject: `ec2:${action}`,
        advice: expect.stringContaining('deploy/iam'),
      },
    ]);
  },
);

test('a read that is not allowed is a problem of the link, named by its call', async () => {
  const file = await shell.write('blind.yaml', [sampleLink(region, 'blind')]);
  simulator.faults.add({ service: 'ec2', action: 'DescribeSubnets', effect: { kind: 'deny' } });
  const { exitCode, problems } = await examine(file);
  expect(exitCode).toBe(2);
  expect(problems[0]?.message).toContain('ec2:DescribeSubnets');
});

const access = {
  notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['DataScientist'] } },
  endpoints: [{ service: 'api' }, { service: 'notebook' }],
};

/** The shipped policy, filled in for the caller of these tests. */
function notebookPolicy(): Policy {
  return policyFor('operator-notebook-access-policy.json', {
    ...ireland,
    REGION: 'us-east-1',
    CLUSTER_ID: identity.SAGEMAKER_PRIVATELINK_CLUSTER_ID,
  });
}

/** Gives the caller a policy, and the link somebody to attach its own to. */
function callerWith(document: object): void {
  const account = simulator.world.account('111122223333');
  const [operator] = account.principals().filter(({ name }) => name === 'operator');
  const known = operator ?? account.createPrincipal({ kind: 'user', name: 'operator' });
  account.changePrincipal(known, { inlinePolicies: { granted: JSON.stringify(document) } });
  if (account.principals().every(({ name }) => name !== 'DataScientist')) {
    account.createPrincipal({ kind: 'role', name: 'DataScientist' });
  }
}

function withoutAction(policy: Policy, action: string): Policy {
  const Statement = policy.Statement.map((one) => ({
    ...one,
    Action: listOf(one.Action).filter((name) => name !== action),
  })).filter(({ Action }) => Action.length > 0);
  return { ...policy, Statement };
}

test('with the shipped policy nothing is missing at IAM, and each permission taken out is the one that is named', async () => {
  const file = await shell.write('access.yaml', [sampleLink(region, 'access', access)]);
  callerWith(notebookPolicy());
  const whole = await examine(file);
  const asked = whole.checks.filter(({ subject }) => subject.startsWith('iam:'));
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  expect(whole.exitCode).toBe(0);
  for (const { subject } of asked) {
    callerWith(withoutAction(notebookPolicy(), subject));
    const { exitCode, problems } = await examine(file);
    expect(exitCode).toBe(2);
    expect(problems).toMatchObject([
      {
        area: 'permission',
        subject,
        message: expect.stringContaining('no policy of the caller allows it for arn:aws:iam::'),
        advice: expect.stringContaining('deploy/iam/operator-notebook-access-policy.json'),
      },
    ]);
  }
});

test('a principal whom the policy does not cover is named, and one whom it protects too', async () => {
  const attachTo = { roles: ['Analyst', ireland.OPERATOR_ROLE] };
  const account = simulator.world.account('111122223333');
  for (const name of attachTo.roles) account.createPrincipal({ kind: 'role', name });
  callerWith({ ...notebookPolicy() });
  const spec = { ...access, notebookAccess: { ...access.notebookAccess, attachTo } };
  const { problems } = await examine(
    await shell.write('others.yaml', [sampleLink(region, 'others', spec)]),
  );
  const attachments = problems.filter(({ subject }) => subject === 'iam:AttachRolePolicy');
  expect(attachments.map(({ message }) => message)).toEqual([
    'no policy of the caller allows it for arn:aws:iam::111122223333:role/Analyst',
    `a policy denies it for arn:aws:iam::111122223333:role/${ireland.OPERATOR_ROLE}`,
  ]);
});

test('IAM that cannot simulate leaves permissions unknown, and says why', async () => {
  callerWith(notebookPolicy());
  const file = await shell.write('access.yaml', [sampleLink(region, 'access', access)]);
  const { find } = await examine(file);
  expect(find('to iam')).toMatchObject({ outcome: 'ok' });
  simulator.faults.add({
    service: 'iam',
    action: 'SimulatePrincipalPolicy',
    effect: { kind: 'deny' },
  });
  const denied = await examine(file);
  expect(denied.find('iam:CreatePolicy')).toMatchObject({
    outcome: 'unknown',
    message: 'nobody can tell without the permission iam:SimulatePrincipalPolicy',
  });
});

test('a VPC without DNS is found before anybody applies', async () => {
  const vpc = region.createVpc({ cidr: '10.9.0.0/16' });
  const subnet = region.createSubnet({
    vpcId: vpc.id,
    cidr: '10.9.0.0/24',
    zone: 'us-east-1a',
  });
  const spec = { vpc: { id: vpc.id }, subnets: { ids: [subnet.id] } };
  region.setVpcDns(vpc.id, { enableDnsSupport: true, enableDnsHostnames: false });
  const file = await shell.write('dns.yaml', [sampleLink(region, 'dns', spec)]);
  const { exitCode, problems } = await examine(file);
  expect(exitCode).toBe(2);
  expect(problems.map(({ subject }) => subject)).toContain('VPCDNSDisabled');
});

test('a private name that somebody else has is found before anybody applies', async () => {
  const { id: vpcId } = region.defaultVpc();
  region.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    VpcId: vpcId,
    ServiceName: 'com.amazonaws.us-east-1.sagemaker.featurestore-runtime',
    'SubnetId.1': region.subnets(vpcId)[0]?.id ?? '',
    PrivateDnsEnabled: 'true',
  });
  const endpoints = [{ service: 'featurestore-runtime' }];
  const file = await shell.write('taken.yaml', [sampleLink(region, 'taken', { endpoints })]);
  const { exitCode, problems } = await examine(file);
  expect(exitCode).toBe(2);
  expect(problems).toMatchObject([{ subject: 'PrivateDNSConflict' }]);
});

test('an AWS that does not answer is a way that is shut, with what opens it', async () => {
  const file = await shell.write('far.yaml', [sampleLink(region, 'far')]);
  const { exitCode, problems } = await examine(file, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
  expect(exitCode).toBe(2);
  expect(problems).toMatchObject([
    {
      area: 'way',
      subject: 'to sts',
      advice: expect.stringContaining('interface endpoint for sts'),
    },
  ]);
});

test('credentials that AWS does not take are said in the words that name their source', async () => {
  const file = await shell.write('stranger.yaml', [sampleLink(region, 'stranger')]);
  simulator.faults.add({
    service: 'sts',
    action: 'GetCallerIdentity',
    effect: {
      kind: 'error',
      code: 'InvalidClientTokenId',
      httpStatus: 403,
      message: 'The security token is invalid.',
    },
  });
  const { exitCode, problems } = await examine(file);
  expect(exitCode).toBe(2);
  expect(problems).toMatchObject([
    { area: 'credentials', message: expect.stringContaining('AWS_ACCESS_KEY_ID') },
  ]);
});

test('for people each problem has its next step, and a last line counts', async () => {
  const file = await shell.write('text.yaml', [sampleLink(region, 'text')]);
  simulator.faults.add({ service: 'ec2', action: 'CreateVpcEndpoint', effect: { kind: 'deny' } });
  const { exitCode, stdout } = await shell.run(['doctor', '-f', file]);
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/^ {2}✗ permission ec2:CreateVpcEndpoint$/m);
  expect(stdout).toMatch(/^ {6}Grant it as deploy\/iam\/operator-policy\.json does/m);
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^1 problem, /);
});

test('a mistake of the user is one line: no cluster and no file, a wrong file', async () => {
  const { exitCode, stdout, stderr } = await shell.run(['doctor', '--kubeconfig', '/nowhere']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
