/** The calls that reach AWS in the life of links, held against what `deploy/iam` grants. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AccountControl } from '../../src/simulator/control/account-control.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { FaultableCall } from '../../src/simulator/faults.ts';
import { eventually } from '../environment/eventually.ts';
import { type Authorization, isAllowed } from '../unit/deploy/authorize.ts';
import { ireland, type Policy, policyFor } from '../unit/deploy/iam-documents.ts';
import { narrower, stillAllowingAll } from '../unit/deploy/minimal-policy.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { questionsOf } from './iam/recorded-questions.ts';
import { createTargetRole } from './cluster/target-account.ts';

const iamFolder = join(import.meta.dirname, '../../deploy/iam');

let simulator: Simulator;
let region: RegionControl;
let account: AccountControl;
let cluster: OperatorCluster;
let called: readonly string[];
/** What IAM was asked about the calls in the operator's own account, each question once. */
const questions = new Map<string, Authorization>();
const problems: string[] = [];
let folder: string;
const values = { ...ireland, REGION: 'us-east-1' };
const otherAccount = values.TARGET_ACCOUNT_ID;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  account = simulator.world.account();
  createPrincipals();
  record();
  cluster = await OperatorCluster.start(simulator.url);
  const map = `--account-map=${await writeAccountMap()}`;
  const component = join(import.meta.dirname, '../../deploy/components/clients/roles.yaml');
  await cluster.kubectlOrThrow(['apply', '-f', component]);
  const args = [map, `--cluster-id=${values.CLUSTER_ID}`, '--clients'];
  await cluster.startOperator({ args });
  await Promise.all([liveWithEndpoints(), liveWithNotebooks(), liveElsewhere(), liveWithClients()]);
  called = [...new Set(simulator.calls().map(({ service, action }) => `${service}:${action}`))];
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeAccountMap(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'smpl-accounts-'));
  const roleArn = createTargetRole(simulator, {
    accountId: otherAccount,
    externalId: `${values.CLUSTER_ID}/ml`,
    roleName: values.TARGET_ROLE,
  });
  const file = join(folder, 'accounts.yaml');
  await writeFile(file, JSON.stringify({ accounts: { ml: { roleArn } } }));
  return file;
}

/** A fault that strikes nothing, and so sees each call before it takes effect. */
function record(): void {
  const privateDnsVpc = `VPCId=${values.VPC_ID},VPCRegion=${values.REGION}`;
  const world = { accountId: values.ACCOUNT_ID, region, account, privateDnsVpc };
  const matches = (call: FaultableCall): boolean => {
    try {
      if (call.accountId !== values.ACCOUNT_ID) return false;
      for (const question of questionsOf(call, world)) {
        questions.set(JSON.stringify(question), question);
      }
    } catch (error) {
      problems.push(String(error));
    }
    return false;
  };
  simulator.faults.add({ action: '*', matches, effect: { kind: 'reset' } });
}

async function liveElsewhere(): Promise<void> {
  const there = simulator.world.region('us-east-1', otherAccount);
  await cluster.apply(sampleLink(there, 'elsewhere', { account: 'ml' }));
  await cluster.linkIsReady('elsewhere');
  await cluster.remove('elsewhere');
}

/** The name of another of each kind, which are in a path. */
const withPath = 'DataScientist';

/** One of each kind, with inline and attached policies that the impact check has to read. */
function createPrincipals(): void {
  const Statement = [{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' }];
  const document = { Version: '2012-10-17', Statement };
  const inlinePolicies = { inline: JSON.stringify(document) };
  const { arn } = account.createPolicy({ name: 'existing', document });
  const kinds = {
    role: 'DataScience-Lead',
    user: 'DataScience-Ann',
    group: 'DataScience',
  } as const;
  for (const [kind, name] of Object.entries(kinds)) {
    const principal = account.createPrincipal({ kind: kind as keyof typeof kinds, name });
    const groupNames = kind === 'user' ? [kinds.group] : [];
    const attachedPolicyArns = [arn, 'arn:aws:iam::aws:policy/AdministratorAccess'];
    account.changePrincipal(principal, { inlinePolicies, attachedPolicyArns, groupNames });
    account.createPrincipal({ kind: kind as keyof typeof kinds, name: withPath, path: '/ml/' });
  }
}

async function become(name: string, spec: Record<string, unknown>): Promise<void> {
  await cluster.apply(sampleLink(region, name, spec));
  await cluster.linkIsReady(name);
}

function ingressFrom(cidr: string, description: string): Record<string, unknown> {
  return { securityGroup: { ingress: [{ cidr, description }] } };
}

async function liveWithEndpoints(): Promise<void> {
  const endpoints = [{ service: 'runtime' }, { service: 'metrics' }];
  await become('ml', { endpoints, tags: { team: 'ml' }, ...ingressFrom('10.1.0.0/16', 'before') });
  await become('ml', { endpoints, ...ingressFrom('10.1.0.0/16', 'after') });
  const prefixLists = JSON.stringify(region.run('DescribeManagedPrefixLists', {}));
  const [prefixListId] = /pl-[0-9a-f]+/.exec(prefixLists) ?? [];
  const securityGroup = { ingress: [{ prefixListId }] };
  await become('ml', { endpoints, securityGroup, tags: { team: 'other' } });
  const changed = [{ service: 'runtime', privateDNS: false }];
  await become('ml', { endpoints: changed, securityGroup });
  const groupOfUser = region.createSecurityGroup({ vpcId: region.defaultVpc().id, name: 'own' });
  await become('ml', { endpoints: changed, securityGroup: { ids: [groupOfUser.id] } });
  await cluster.remove('ml');
}

/** Pods that may reach S3 through the gateway endpoint that the VPC has. */
async function liveWithClients(): Promise<void> {
  const endpoint = { VpcId: region.defaultVpc().id, VpcEndpointType: 'Gateway' };
  region.run('CreateVpcEndpoint', { ...endpoint, ServiceName: 'com.amazonaws.us-east-1.s3' });
  const clients = {
    namespaceSelector: { matchLabels: { ml: 'true' } },
    networkPolicy: { podSelector: {}, egress: { awsServices: ['s3'] } },
  };
  await become('clients', { endpoints: [{ service: 'featurestore-runtime' }], clients });
  await cluster.remove('clients');
}

async function liveWithNotebooks(): Promise<void> {
  const endpoints = [{ service: 'api' }, { service: 'notebook' }];
  const attachTo = {
    roles: ['DataScience-Lead', withPath],
    users: ['DataScience-Ann', withPath],
    groups: ['DataScience', withPath],
  };
  // Seven versions: IAM keeps five.
  for (let third = 0; third < 7; third += 1) {
    const notebookAccess = { allowedCIDRs: [`203.0.${third}.0/24`], attachTo };
    await become('notebooks', { endpoints, notebookAccess, tags: { team: `t${third % 2}` } });
  }
  // Back to an older rule, whose version is there still; and without the tag.
  const notebookAccess = { allowedCIDRs: ['203.0.5.0/24'], attachTo };
  await become('notebooks', { endpoints, notebookAccess });
  await become('notebooks', { endpoints, notebookAccess: { allowedCIDRs: ['203.0.5.0/24'] } });
  await become('notebooks', { endpoints, notebookAccess });
  await cluster.remove('notebooks');
  await eventually(() => expect(account.policies().filter(isOurs)).toEqual([]));
}

function isOurs({ path }: { readonly path: string }): boolean {
  return path === '/sagemaker-privatelink/';
}

/** Every action that some policy of the operator's role allows. */
async function granted(): Promise<readonly string[]> {
  const files = (await readdir(iamFolder)).filter((file) => /^operator-.*\.json$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(iamFolder, file), 'utf8')));
  const statements = texts.flatMap(
    (text) =>
      (JSON.parse(text) as { Statement: { Effect: string; Action: string | string[] }[] })
        .Statement,
  );
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
  return [...new Set(allowed.flatMap(({ Action }) => Action))].sort();
}

test('every call that the operator makes is granted by deploy/iam', async () => {
  const grants = await granted();
  // AWS answers it to everybody: it needs no permission.
  const free = ['sts:GetCallerIdentity'];
  expect(called.filter((action) => ![...grants, ...free].includes(action))).toEqual([]);
});

test('every action that deploy/iam grants is called', async () => {
  // EC2 asks for it in the operator's name when an endpoint gets private DNS; STS asks when the
  // session that takes on a role has transitive tags, as that of Pod Identity.
  const byAws = ['route53:AssociateVPCWithHostedZone', 'sts:TagSession'];
  // test/process/drift-events.test.ts has a queue.
  const ofQueues = ['sqs:ReceiveMessage', 'sqs:DeleteMessage'];
  const others = [...byAws, ...ofQueues];
  const spare = (await granted()).filter((action) => ![...called, ...others].includes(action));
  expect(spare).toEqual([]);
});

/** The policies of the operator's role, but for the one for adoption: nothing is adopted here. */
const documents = [
  'operator-policy.json',
  'operator-private-dns-policy.json',
  'operator-notebook-access-policy.json',
  'operator-assume-role-policy.json',
].map((file) => policyFor(file, values));

test('every recorded call is allowed by deploy/iam with its very resources, tags and keys', async () => {
  expect(problems).toEqual([]);
  const denied: Authorization[] = [];
  for (const question of questions.values()) {
    if (!(await isAllowed(documents, question))) denied.push(question);
  }
  expect(denied).toEqual([]);
});

function allowing(document: Policy): Policy {
  return { ...document, Statement: document.Statement.filter((one) => one.Effect === 'Allow') };
}

test.each(documents)('by the recorded calls nothing in $Statement.0.Sid is spare', async (one) => {
  const others = documents.filter((other) => other !== one);
  const own: Authorization[] = [];
  for (const question of questions.values()) {
    if (!(await isAllowed(others, question))) own.push(question);
  }
  expect(await stillAllowingAll(narrower(allowing(one)), own)).toEqual([]);
});
