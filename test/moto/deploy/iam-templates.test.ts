/** CloudFormation and Terraform make the roles and policies of the documents in deploy/iam. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { goBuildMs } from '../../environment/go-program.ts';
import { shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { type Moto, startMoto } from '../../environment/moto.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { type ProgramResult, runProgram } from '../../environment/run-program.ts';
import { terraformResources } from '../../environment/terraform-values.ts';
import { ireland, type Placeholders, policyFor } from '../../unit/deploy/iam-documents.ts';

const folder = join(import.meta.dirname, '../../../deploy/iam');
const region = 'eu-west-1';

/** moto's account. */
const account = '123456789012';
const here: Placeholders = { ...ireland, ACCOUNT_ID: account };
const operatorRole = here.OPERATOR_ROLE;

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
beforeEach(() => moto.reset());
afterAll(() => moto?.stop());

async function aws(...args: readonly string[]): Promise<ProgramResult> {
  const { aws: program } = await ensurePythonEnvironment();
  return runProgram(program, [...args, '--output', 'json'], {
    env: awsClientEnvironment(moto.url, region),
  });
}

async function asked(...args: readonly string[]): Promise<unknown> {
  const result = await aws(...args);
  expect([args, result]).toEqual([args, expect.objectContaining({ exitCode: 0 })]);
  return JSON.parse(result.stdout || 'null') as unknown;
}

/** Documents as they are at AWS. */
interface RoleAtAws {
  readonly trust: unknown;
  readonly policies: readonly unknown[];
}

async function roleAtAws(name: string): Promise<RoleAtAws> {
  const { Role } = (await asked('iam', 'get-role', '--role-name', name)) as {
    Role: { AssumeRolePolicyDocument: unknown };
  };
  const { AttachedPolicies } = (await asked(
    'iam',
    'list-attached-role-policies',
    '--role-name',
    name,
  )) as { AttachedPolicies: readonly { PolicyArn: string }[] };
  const policies = await Promise.all(
    AttachedPolicies.map(async ({ PolicyArn }) => {
      const version = ['--policy-arn', PolicyArn, '--version-id', 'v1'];
      const { PolicyVersion } = (await asked('iam', 'get-policy-version', ...version)) as {
        PolicyVersion: { Document: unknown };
      };
      return PolicyVersion.Document;
    }),
  );
  return { trust: Role.AssumeRolePolicyDocument, policies };
}

interface Case {
  /** The template and the module. */
  readonly of: 'operator' | 'target-account';
  readonly parameters: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly values?: Partial<Placeholders>;
  /** Documents, the trust first. */
  readonly documents: readonly string[];
}

const everything = {
  OIDCProvider: here.OIDC_PROVIDER,
  VpcId: here.VPC_ID,
  NotebookPrincipals: here.NOTEBOOK_PRINCIPALS,
  Adoption: 'true',
  DriftEventsQueue: here.DRIFT_EVENTS_QUEUE,
  TargetAccountId: here.TARGET_ACCOUNT_ID,
};

const cases: Readonly<Record<string, Case>> = {
  'with Pod Identity alone': {
    of: 'operator',
    parameters: {},
    variables: {},
    documents: ['trust-policy-pod-identity.json', 'operator-policy.json'],
  },
  'with IRSA and everything optional': {
    of: 'operator',
    parameters: everything,
    variables: {
      oidc_provider: here.OIDC_PROVIDER,
      vpc_id: here.VPC_ID,
      notebook_principals: here.NOTEBOOK_PRINCIPALS,
      adoption: true,
      drift_events_queue: here.DRIFT_EVENTS_QUEUE,
      target_account_id: here.TARGET_ACCOUNT_ID,
    },
    documents: [
      'trust-policy-irsa.json',
      'operator-policy.json',
      'operator-private-dns-policy.json',
      'operator-notebook-access-policy.json',
      'operator-adoption-policy.json',
      'operator-drift-events-policy.json',
      'operator-assume-role-policy.json',
    ],
  },
  'in China, for all regions': {
    of: 'operator',
    parameters: { Region: '*', ServicePrefix: 'cn.com.amazonaws', NotebookPrincipals: 'ml-*' },
    variables: { region: '*', service_prefix: 'cn.com.amazonaws', notebook_principals: 'ml-*' },
    values: { REGION: '*', SERVICE_PREFIX: 'cn.com.amazonaws', NOTEBOOK_PRINCIPALS: 'ml-*' },
    documents: [
      'trust-policy-pod-identity.json',
      'operator-policy.json',
      'operator-notebook-access-policy.json',
    ],
  },
  'in another account': {
    of: 'target-account',
    parameters: { VpcId: here.VPC_ID, NotebookPrincipals: here.NOTEBOOK_PRINCIPALS },
    variables: { vpc_id: here.VPC_ID, notebook_principals: here.NOTEBOOK_PRINCIPALS },
    documents: [
      'trust-policy-target-account.json',
      'operator-policy.json',
      'operator-private-dns-policy.json',
      'operator-notebook-access-policy.json',
    ],
  },
};

const operatorsAccount = '999988887777';

/** A document for the account that the role is in; the trust of another account is about the operator's. */
function expected(one: Case, document: string): unknown {
  const isTarget = one.of === 'target-account';
  const isTrust = document.startsWith('trust-');
  return policyFor(document, {
    ...here,
    ...one.values,
    ...(isTarget && isTrust ? { ACCOUNT_ID: operatorsAccount } : {}),
    ...(isTarget && !isTrust ? { OPERATOR_ROLE: here.TARGET_ROLE } : {}),
  });
}

/** Policies of a role have no order. */
function sorted(documents: readonly unknown[]): readonly string[] {
  return documents.map((document) => JSON.stringify(document)).toSorted();
}

describe.each(Object.entries(cases))('%s', (_, one) => {
  const [trust = '', ...policies] = one.documents;
  const role = one.of === 'operator' ? operatorRole : here.TARGET_ROLE;

  test('CloudFormation makes what the documents say', async () => {
    const required = { ClusterId: here.CLUSTER_ID, Region: here.REGION };
    const own: Readonly<Record<string, string>> =
      one.of === 'operator'
        ? { ClusterName: here.CLUSTER_NAME }
        : { OperatorAccountId: operatorsAccount, AccountName: here.ACCOUNT_NAME };
    const parameters = { ...required, ...own, ...one.parameters };
    await asked(
      'cloudformation',
      'create-stack',
      '--stack-name=role',
      '--capabilities=CAPABILITY_NAMED_IAM',
      `--template-body=file://${join(folder, `cloudformation/${one.of}.yaml`)}`,
      '--parameters',
      JSON.stringify(
        Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      ),
    );
    const made = await roleAtAws(role);
    expect(made.trust).toEqual(expected(one, trust));
    expect(sorted(made.policies)).toEqual(
      sorted(policies.map((document) => expected(one, document))),
    );
  });

  test(
    'Terraform makes what the documents say',
    async () => {
      const own =
        one.of === 'operator'
          ? { cluster_name: here.CLUSTER_NAME }
          : { operator_account_id: operatorsAccount, account_name: here.ACCOUNT_NAME };
      const resources = await terraformResources({
        module: join(folder, 'terraform', one.of),
        variables: { cluster_id: here.CLUSTER_ID, region: here.REGION, ...own, ...one.variables },
        data: {
          aws_caller_identity: { current: { account_id: account } },
          aws_partition: { current: { partition: 'aws' } },
        },
      });
      const roles = Object.entries(resources).filter(([key]) => key.startsWith('aws_iam_role.'));
      expect(roles.map(([, { name }]) => name)).toEqual([role]);
      const [[, made] = ['', {}]] = roles;
      expect(JSON.parse(made['assume_role_policy'] as string)).toEqual(expected(one, trust));
      const documents = Object.entries(resources)
        .filter(([key]) => key.startsWith('aws_iam_policy.'))
        .map(([, { policy }]) => JSON.parse(policy as string) as unknown);
      expect(sorted(documents)).toEqual(
        sorted(policies.map((document) => expected(one, document))),
      );
      const attached = Object.keys(resources).filter((key) => key.includes('_attachment.'));
      expect(attached).toHaveLength(policies.length);
    },
    goBuildMs,
  );
});

test(
  'cfn-lint finds nothing in the templates',
  async () => {
    const requirements = join(
      import.meta.dirname,
      '../../environment/requirements-cloudformation.txt',
    );
    const { python } = await ensurePythonEnvironment(requirements);
    const templates = await readdir(join(folder, 'cloudformation'));
    expect(templates.toSorted()).toEqual([
      'drift-events.yaml',
      'operator.yaml',
      'target-account.yaml',
    ]);
    const files = templates.map((name) => join(folder, 'cloudformation', name));
    const linted = await runProgram(join(dirname(python), 'cfn-lint'), files);
    expect(linted).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  },
  goBuildMs,
);

test('Terraform refuses an empty id of the cluster, and a variable that it does not know', async () => {
  const data = {
    aws_caller_identity: { current: { account_id: account } },
    aws_partition: { current: { partition: 'aws' } },
  };
  const module = join(folder, 'terraform/operator');
  const variables = { cluster_id: '', cluster_name: 'prod', region };
  await expect(terraformResources({ module, variables, data })).rejects.toThrow(
    'cluster_id is the owner',
  );
  const unknown = { ...variables, cluster_id: 'c', vpc: 'vpc-1' };
  await expect(terraformResources({ module, variables: unknown, data })).rejects.toThrow(
    'no variable vpc',
  );
});

test("the guide's command makes the role", async () => {
  const home = await mkdtemp(join(tmpdir(), 'smpl-guide-'));
  try {
    const { aws: program } = await ensurePythonEnvironment();
    const shell = await shellWith(
      home,
      { aws: program },
      {
        ...(awsClientEnvironment(moto.url, region) as Record<string, string>),
        CLUSTER_ID: here.CLUSTER_ID,
        CLUSTER_NAME: here.CLUSTER_NAME,
        REGION: here.REGION,
        VPC_ID: here.VPC_ID,
      },
    );
    const [block = ''] = (await shellBlocksOf('docs/operations.md', 'Install')).filter((text) =>
      text.startsWith('aws cloudformation deploy'),
    );
    expect(await shell.run(block)).toMatchObject({ exitCode: 0 });
    expect((await roleAtAws(operatorRole)).policies).toHaveLength(2);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
