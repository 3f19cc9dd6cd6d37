/** Each permission at IAM missing in turn: a condition names it, and granting it is all it takes. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { AccountControl } from '../../src/simulator/control/account-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { conditionOf, OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { createTargetRole } from './cluster/target-account.ts';

type Fields = Readonly<Record<string, unknown>>;

/** When the operator calls the action: to bring a link about, to change it or to delete it. */
interface Case {
  readonly action: string;
  readonly spec?: Fields;
  /** A merge patch that is brought about while nothing is denied. */
  readonly before?: Fields;
  /** A merge patch that is applied while the action is denied. */
  readonly change?: Fields;
  readonly isDeletion?: true;
}

const otherAddresses = { notebookAccess: { allowedCIDRs: ['198.51.100.0/24'] } };
const formerAddresses = { notebookAccess: { allowedCIDRs: ['203.0.113.0/24'] } };
const attachedToNobody = { notebookAccess: { attachTo: null } };

const reads = [
  'GetPolicy',
  'GetPolicyVersion',
  'ListEntitiesForPolicy',
  'GetGroupPolicy',
  'GetRole',
  'GetRolePolicy',
  'GetUser',
  'GetUserPolicy',
  'ListAttachedGroupPolicies',
  'ListAttachedRolePolicies',
  'ListAttachedUserPolicies',
  'ListGroupPolicies',
  'ListGroupsForUser',
  'ListRolePolicies',
  'ListUserPolicies',
];

const cases: readonly Case[] = [
  ...reads.map((name) => ({ action: `iam:${name}` })),
  { action: 'iam:CreatePolicy' },
  { action: 'iam:AttachGroupPolicy' },
  { action: 'iam:AttachRolePolicy' },
  { action: 'iam:AttachUserPolicy' },
  { action: 'iam:DetachGroupPolicy', change: attachedToNobody },
  { action: 'iam:DetachRolePolicy', change: attachedToNobody },
  { action: 'iam:DetachUserPolicy', change: attachedToNobody },
  { action: 'iam:ListPolicyVersions', change: otherAddresses },
  { action: 'iam:CreatePolicyVersion', change: otherAddresses },
  { action: 'iam:SetDefaultPolicyVersion', before: otherAddresses, change: formerAddresses },
  { action: 'iam:TagPolicy', change: { tags: { team: 'ml' } } },
  { action: 'iam:UntagPolicy', spec: { tags: { team: 'ml' } }, change: { tags: { team: null } } },
  { action: 'iam:DeletePolicyVersion', before: otherAddresses, isDeletion: true },
  { action: 'iam:DeletePolicy', isDeletion: true },
];

let simulator: Simulator;
let cluster: OperatorCluster;
let folder: string;
const stories = new Map<string, Promise<SageMakerPrivateLink>>();

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url);
  const map = `--account-map=${await writeAccountMap()}`;
  await cluster.startOperator({ args: ['--stalled=1s', map] });
  for (const one of cases) {
    const story = tell(one);
    story.catch(() => undefined); // The test that awaits it reports the failure.
    stories.set(one.action, story);
  }
}, 120_000);

afterAll(async () => {
  await Promise.allSettled(stories.values());
  await cluster?.stop();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

/** IAM has no regions that would keep the faults apart: every case has an account for itself. */
function accountIdOf(one: Case): string {
  return String(444_455_550_000 + cases.indexOf(one));
}

function nameOf({ action }: Case): string {
  return action.replace(':', '-').toLowerCase();
}

async function writeAccountMap(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'smpl-accounts-'));
  const entries = cases.map((one) => {
    const target = { accountId: accountIdOf(one), externalId: nameOf(one) };
    const roleArn = createTargetRole(simulator, target);
    createPrincipals(simulator.world.account(target.accountId));
    return [nameOf(one), { roleArn, externalId: target.externalId }] as const;
  });
  const file = join(folder, 'accounts.yaml');
  await writeFile(file, JSON.stringify({ accounts: Object.fromEntries(entries) }));
  return file;
}

/** One of each kind, with inline and attached policies that have to be read before private DNS. */
function createPrincipals(account: AccountControl): void {
  const Statement = [{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' }];
  const document = { Version: '2012-10-17', Statement };
  const inlinePolicies = { inline: JSON.stringify(document) };
  const { arn } = account.createPolicy({ name: 'existing', document });
  const kinds = { role: 'DataScientist', user: 'alice', group: 'analysts' } as const;
  for (const [kind, name] of Object.entries(kinds)) {
    const principal = account.createPrincipal({ kind: kind as keyof typeof kinds, name });
    const groupNames = kind === 'user' ? ['analysts'] : [];
    account.changePrincipal(principal, { inlinePolicies, attachedPolicyArns: [arn], groupNames });
  }
}

/** Without the permission until a condition says so, then with it until all is well. */
async function tell(one: Case): Promise<SageMakerPrivateLink> {
  const name = nameOf(one);
  const isLater = one.change !== undefined || one.isDeletion === true;
  if (isLater) await becomeReady(one);
  const fault = simulator.faults.add({
    service: 'iam',
    action: one.action.slice('iam:'.length),
    accountId: accountIdOf(one),
    effect: { kind: 'deny' },
  });
  if (!isLater) await cluster.apply(linkOf(one));
  if (one.change !== undefined) await patch(name, one.change);
  if (one.isDeletion) await remove(name);
  const refused = await cluster.linkThat(name, `denied ${one.action}`, (seen) =>
    isDenied(seen, one),
  );
  fault.remove();
  if (!one.isDeletion) {
    await cluster.linkIsReady(name);
    await remove(name);
  }
  await cluster.linkIsGone(name);
  return refused;
}

async function becomeReady(one: Case): Promise<void> {
  await cluster.apply(linkOf(one));
  await cluster.linkIsReady(nameOf(one));
  if (one.before === undefined) return;
  await patch(nameOf(one), one.before);
  await cluster.linkIsReady(nameOf(one));
}

function linkOf(one: Case): object {
  const region = simulator.world.region('us-east-1', accountIdOf(one));
  const attachTo = { roles: ['DataScientist'], users: ['alice'], groups: ['analysts'] };
  return sampleLink(region, nameOf(one), {
    account: nameOf(one),
    endpoints: [{ service: 'api' }, { service: 'notebook' }],
    notebookAccess: { ...formerAddresses.notebookAccess, attachTo },
    ...one.spec,
  });
}

async function patch(name: string, spec: Fields): Promise<void> {
  const body = JSON.stringify({ spec });
  await cluster.kubectlOrThrow(['patch', 'smpl', name, '--type=merge', '-p', body]);
}

async function remove(name: string): Promise<void> {
  await cluster.kubectlOrThrow(['delete', 'smpl', name, '--wait=false']);
}

/** The condition that has to name the action; of a link that is being deleted there is only Ready. */
function conditionFor({ isDeletion }: Case): string {
  return isDeletion ? 'Ready' : 'NotebookAccessEnforced';
}

function isDenied(link: SageMakerPrivateLink, one: Case): boolean {
  const found = conditionOf(link, conditionFor(one));
  return found?.reason === 'AccessDenied' && found.message.includes(`${one.action} is denied`);
}

test.each(cases)(
  'F17: without $action a condition says so, and with it all is well',
  async (one) => {
    const refused = await stories.get(one.action);
    if (refused === undefined) throw new Error(`no story of ${one.action}`);
    const found = conditionOf(refused, conditionFor(one));
    expect(found).toMatchObject({ status: 'False', reason: 'AccessDenied' });
    expect(found?.message).toContain(
      'Grant the action to the operator (deploy/iam has the policy).',
    );
    expect(conditionOf(refused, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'AccessDenied',
    });
  },
);

test('F17: nothing is left of any of them', async () => {
  await Promise.allSettled(stories.values());
  const accounts = cases.map((one) => simulator.world.account(accountIdOf(one)));
  const left = accounts.flatMap((account) =>
    account.policies().filter(({ path }) => path === '/sagemaker-privatelink/'),
  );
  expect(left.map(({ arn }) => arn)).toEqual([]);
});

test('every action of the policy for notebook access has its case', async () => {
  const file = join(import.meta.dirname, '../../deploy/iam/operator-notebook-access-policy.json');
  const { Statement } = JSON.parse(await readFile(file, 'utf8')) as {
    Statement: readonly { readonly Action: string | readonly string[] }[];
  };
  const granted = new Set(Statement.flatMap(({ Action }) => Action));
  // Who may not even list policies is taken for somebody who never made one: no condition says so.
  const covered = [...cases.map(({ action }) => action), 'iam:ListPolicies'];
  expect(covered.sort()).toEqual([...granted].sort());
});
