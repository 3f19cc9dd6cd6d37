/** docs/operations.md from top to bottom, as a reader runs it: moto in the place of AWS, a real API server. */
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { findProgram } from '../../environment/control-plane-programs.ts';
import { goBuildMs } from '../../environment/go-program.ts';
import { type Shell, shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { type Moto, startMoto } from '../../environment/moto.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { ireland, type Placeholders, policyFor } from '../../unit/deploy/iam-documents.ts';

const root = join(import.meta.dirname, '../../..');

/** Nothing starts pods here, and moto knows no Pod Identity. */
const instead: readonly (readonly [RegExp, string])[] = [
  [
    /^kubectl -n \S+ rollout status .*$/m,
    'kubectl wait --for=condition=Established crd/sagemakerprivatelinks.sagemaker.privatelink.dev',
  ],
  [/^kubectl wait smpl\/.*$/m, ''],
  [/^aws eks create-pod-identity-association (?:.*\\\n)*.*$/m, ''],
];

/** moto's. */
const account = '123456789012';

let moto: Moto;
let server: ApiServer;
let folder: string;
let shell: Shell;

beforeAll(async () => {
  moto = await startMoto();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-guide-'));
  for (const name of ['deploy', 'crds']) await symlink(join(root, name), join(folder, name));
  await moto.reset();
  server = await startApiServer();
  const { aws } = await ensurePythonEnvironment();
  const environment = awsClientEnvironment(moto.url, 'eu-west-1') as Record<string, string>;
  const programs = { aws, kubectl: await findProgram('kubectl') };
  const variables = { ...environment, KUBECONFIG: server.kubeconfig };
  shell = await shellWith(folder, programs, variables, folder);
}, goBuildMs);

afterEach(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => moto?.stop());

/** One shell for all of it: later commands use the variables and files of former ones. */
async function follow(select: (block: string) => boolean): Promise<void> {
  const blocks = (await shellBlocksOf('docs/operations.md', 'Install')).filter(select);
  const commands = instead.reduce(
    (text, [command, other]) => text.replace(command, other),
    blocks.join('\n'),
  );
  expect(await shell.run(commands)).toMatchObject({ exitCode: 0 });
}

/** The blocks without those of the other ways to a role. */
function withRoleBy(kept: string): (block: string) => boolean {
  const ways = [
    'trust-policy-pod-identity.json',
    'trust-policy-irsa.json',
    'cloudformation deploy',
  ];
  return (block) => block.includes(kept) || !ways.some((way) => block.includes(way));
}

async function asked(command: string): Promise<unknown> {
  const { stdout } = await shell.run(command);
  return JSON.parse(stdout) as unknown;
}

async function trustOf(role: string): Promise<unknown> {
  const query = '--query Role.AssumeRolePolicyDocument --output json';
  return asked(`aws iam get-role --role-name ${role} ${query}`);
}

async function written(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown;
}

/** Everything that the reader's variables stand for. */
async function values(): Promise<Placeholders> {
  const kubeSystem = (await asked('kubectl get namespace kube-system -o json')) as {
    metadata: { uid: string };
  };
  const CLUSTER_ID = kubeSystem.metadata.uid;
  return { ...ireland, ACCOUNT_ID: account, CLUSTER_ID, NOTEBOOK_PRINCIPALS: 'DataScientist*' };
}

test('with Pod Identity, for other accounts too', async () => {
  await follow(withRoleBy('trust-policy-pod-identity.json'));
  const here = await values();
  const there = { ...here, ACCOUNT_ID: here.TARGET_ACCOUNT_ID };
  const trust = policyFor('trust-policy-pod-identity.json', here);
  expect(await trustOf(here.OPERATOR_ROLE)).toEqual(trust);
  const targetTrust = policyFor('trust-policy-target-account.json', here);
  expect(await trustOf(here.TARGET_ROLE)).toEqual(targetTrust);
  const documents = {
    'operator-policy.json': policyFor('operator-policy.json', here),
    'private-dns-policy.json': policyFor('operator-private-dns-policy.json', here),
    'assume-role.json': policyFor('operator-assume-role-policy.json', here),
    'target-policy.json': policyFor('operator-policy.json', there),
    'target-notebook-access.json': policyFor('operator-notebook-access-policy.json', {
      ...there,
      OPERATOR_ROLE: here.TARGET_ROLE,
    }),
  };
  for (const [file, document] of Object.entries(documents)) {
    expect([file, await written(file)]).toEqual([file, document]);
  }
  const attached = await asked(
    `aws iam list-attached-role-policies --role-name ${here.OPERATOR_ROLE} --output json`,
  );
  expect(attached).toMatchObject({ AttachedPolicies: { length: 2 } });
  expect((await shell.run('kubectl get smpl -o name')).stdout).toContain('ml-minimal');
});

test('with IRSA', async () => {
  const cluster = (await asked(
    `aws eks create-cluster --name prod --role-arn arn:aws:iam::${account}:role/eks \
      --resources-vpc-config subnetIds=subnet-1,subnet-2 --output json`,
  )) as { cluster: { identity: { oidc: { issuer: string } } } };
  await follow(withRoleBy('trust-policy-irsa.json'));
  const OIDC_PROVIDER = cluster.cluster.identity.oidc.issuer.replace('https://', '');
  const here = { ...(await values()), OIDC_PROVIDER };
  expect(await trustOf(here.OPERATOR_ROLE)).toEqual(policyFor('trust-policy-irsa.json', here));
});
