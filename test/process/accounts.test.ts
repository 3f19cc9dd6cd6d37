/** Links in other accounts through the whole operator: the map, its changes, and its absence. */
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { readMetrics } from './cluster/operator-metrics.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { liveEndpoints } from './cluster/seen-at-aws.ts';
import { createTargetRole } from './cluster/target-account.ts';

const clusterId = 'cluster-1';
const mine = '444455556666';
const theirs = '777788889999';

let simulator: Simulator;
let cluster: OperatorCluster;
let operator: OperatorProcess;
let folder: string;
let roleArn: string;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  folder = await mkdtemp(join(tmpdir(), 'smpl-accounts-'));
  roleArn = createTargetRole(simulator, { accountId: mine, externalId: `${clusterId}/ml` });
  createTargetRole(simulator, { accountId: theirs, externalId: 'another-cluster/theirs' });
  await mount({ ml: { roleArn }, theirs: { roleArn: roleArn.replace(mine, theirs) } });
  cluster = await OperatorCluster.start(simulator.url);
  operator = await cluster.startOperator({
    args: [`--account-map=${join(folder, 'accounts.yaml')}`, `--cluster-id=${clusterId}`],
  });
}, 120_000);

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

let mounts = 0;

/** Changes the file as the kubelet changes a mounted ConfigMap: by a swap of a link to a folder. */
async function mount(accounts: object): Promise<void> {
  mounts += 1;
  const version = `..version-${mounts}`;
  await mkdir(join(folder, version));
  await writeFile(join(folder, version, 'accounts.yaml'), JSON.stringify({ accounts }));
  await symlink(version, join(folder, '..data_tmp'));
  await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  if (mounts === 1) await symlink('..data/accounts.yaml', join(folder, 'accounts.yaml'));
}

function endpointsOf(accountId: string): readonly string[] {
  const region = simulator.world.region('us-east-1', accountId);
  return liveEndpoints(region).map(({ serviceName }) => serviceName);
}

async function applyIn(account: string, name: string, accountId = mine): Promise<void> {
  const region = simulator.world.region('us-east-1', accountId);
  await cluster.apply(sampleLink(region, name, { account }));
}

function isRefused(reason: string): (link: SageMakerPrivateLink) => boolean {
  return (link) =>
    conditionOf(link, 'Stalled')?.reason === reason &&
    conditionOf(link, 'NetworkResolved')?.reason === reason;
}

test('a link of a named account is made there, and its status shows the account number', async () => {
  await applyIn('ml', 'ml');
  const link = await cluster.linkIsReady('ml');
  expect(link.status?.account).toBe(mine);
  expect(endpointsOf(mine)).toHaveLength(2);
  expect(endpointsOf(simulator.world.defaultAccountId)).toEqual([]);
  const sessions = simulator
    .calls()
    .filter(({ action }) => action === 'AssumeRole')
    .map(({ parameters }) => parameters['RoleSessionName']);
  expect(new Set(sessions)).toEqual(
    new Set(['sagemaker-privatelink', `sagemaker-privatelink-${link.metadata.uid}`]),
  );
  expect(sessions).toHaveLength(2);
  const { awsCalls } = await readMetrics(operator);
  expect(awsCalls['sts AssumeRole ok']).toBe(2);
  expect(awsCalls['sts GetCallerIdentity ok']).toBe(simulator.callCounts()['GetCallerIdentity']);
});

test('a name that is not in the map is refused, and nothing is asked of AWS for it', async () => {
  const before = simulator.callCounts()['AssumeRole'];
  await applyIn('unheard-of', 'unknown');
  const link = await cluster.linkThat('unknown', 'refused', isRefused('UnknownAccount'));
  expect(conditionOf(link, 'Ready')).toMatchObject({ status: 'False', reason: 'UnknownAccount' });
  expect(link.metadata.finalizers).toBeUndefined();
  expect(simulator.callCounts()['AssumeRole']).toBe(before);
  await cluster.remove('unknown');
});

test('F17: a role that trusts another cluster is a matter of credentials, and the link says so', async () => {
  await applyIn('theirs', 'foreign', theirs);
  const link = await cluster.linkThat(
    'foreign',
    'refused by STS',
    (one) => conditionOf(one, 'Stalled')?.reason === 'CredentialsInvalid',
  );
  expect(conditionOf(link, 'NetworkResolved')?.message).toContain('sts:AssumeRole is denied');
  expect(endpointsOf(theirs)).toEqual([]);
});

test('an account taken out of the map: the link is left alone, what it has is still shown', async () => {
  await mount({});
  const link = await cluster.linkThat('ml', 'refused', isRefused('UnknownAccount'));
  expect(conditionOf(link, 'Available')?.status).toBe('True');
  expect(link.status?.account).toBe(mine);
  expect(endpointsOf(mine)).toHaveLength(2);
});

test('a map that went bad changes nothing, and the log says what is wrong with it', async () => {
  await writeFile(join(folder, '..data', 'accounts.yaml'), 'accounts: {ml: {role: x}}');
  await eventually(async () => {
    const text = JSON.stringify(await operator.log());
    expect(text).toContain('the account map is invalid: the last valid one stays in force');
    expect(text).toContain('accounts.ml.roleArn: must be the ARN of a role');
  });
});

test('deleted while its account is gone from the map, it keeps its finalizer and says why', async () => {
  await cluster.kubectlOrThrow(['delete', 'smpl', 'ml', '--wait=false']);
  const link = await cluster.linkThat('ml', 'held by its account', (one) => {
    const message = conditionOf(one, 'Ready')?.message ?? '';
    return one.metadata.deletionTimestamp !== undefined && message.includes('finalizer stays');
  });
  expect(link.metadata.finalizers).toEqual(['sagemaker.privatelink.dev/finalizer']);
  expect(conditionOf(link, 'Ready')?.message).toContain(`AWS account ${mine}`);
  expect(endpointsOf(mine)).toHaveLength(2);
});

test('a name that stands for another account now does not free the link either', async () => {
  createTargetRole(simulator, {
    accountId: theirs,
    externalId: `${clusterId}/ml`,
    roleName: 'open',
  });
  await mount({ ml: { roleArn: `arn:aws:iam::${theirs}:role/open` } });
  const link = await cluster.linkThat('ml', 'refused', isRefused('AccountChanged'));
  expect(link.metadata.finalizers).toHaveLength(1);
  expect(endpointsOf(mine)).toHaveLength(2);
});

test('with its account back in the map the link goes, and leaves nothing', async () => {
  await mount({ ml: { roleArn } });
  await cluster.linkIsGone('ml');
  expect(endpointsOf(mine)).toEqual([]);
});

test('without a valid map the operator does not start, and says what is wrong', async () => {
  const file = join(folder, 'bad.yaml');
  await writeFile(file, 'accounts: {ml: {roleArn: nonsense, extra: 1}}');
  const refused = await cluster.startOperator({ args: [`--account-map=${file}`] });
  await refused.exited;
  expect(await refused.logTail()).toContain('accounts.ml."extra" is not a field');
});
