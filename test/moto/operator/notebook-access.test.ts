import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  type Policy,
} from '@aws-sdk/client-iam';
import { DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Moto, startMoto } from '../../environment/moto.ts';
import { eventually } from '../../environment/eventually.ts';
import { conditionOf, OperatorCluster } from '../../process/cluster/operator-cluster.ts';

const region = 'us-east-1';
let moto: Moto;
let iam: IAMClient;
let ec2: EC2Client;
let cluster: OperatorCluster;

beforeAll(async () => {
  moto = await startMoto();
  const client = {
    region,
    endpoint: moto.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  iam = new IAMClient(client);
  ec2 = new EC2Client(client);
  for (const name of ['DataScientist', 'Analyst']) {
    await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: '{"Version":"2012-10-17"}',
      }),
    );
  }
  cluster = await OperatorCluster.start(moto.url);
  await cluster.startOperator();
});

afterAll(async () => {
  await cluster?.stop();
  iam?.destroy();
  ec2?.destroy();
  await moto?.stop();
});

/** moto ignores private DNS when an endpoint is modified, so the link does without. */
async function link(allowedCIDRs: readonly string[], roles: readonly string[]): Promise<object> {
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name: 'ml' },
    spec: {
      region,
      vpc: { id: vpc?.VpcId },
      subnets: { ids: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId) },
      endpoints: [
        { service: 'api', privateDNS: false },
        { service: 'notebook', privateDNS: false },
      ],
      notebookAccess: { allowedCIDRs, attachTo: { roles } },
      sweepInterval: '10s',
    },
  };
}

async function policy(): Promise<Policy | undefined> {
  const { Policies = [] } = await iam.send(
    new ListPoliciesCommand({ Scope: 'Local', PathPrefix: '/sagemaker-privatelink/' }),
  );
  expect(Policies.length).toBeLessThanOrEqual(1);
  return Policies[0];
}

async function roles(): Promise<readonly string[]> {
  const { PolicyRoles = [] } = await iam.send(
    new ListEntitiesForPolicyCommand({ PolicyArn: (await policy())?.Arn }),
  );
  return PolicyRoles.map(({ RoleName }) => RoleName ?? '').sort();
}

async function documentText(): Promise<string> {
  const { Arn, DefaultVersionId } = (await policy()) ?? {};
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn: Arn, VersionId: DefaultVersionId }),
  );
  return decodeURIComponent(PolicyVersion?.Document ?? '');
}

test('the policy is made, attached and names the endpoints', async () => {
  await cluster.apply(await link(['203.0.113.0/24'], ['DataScientist']));
  const ready = await cluster.linkIsReady('ml');
  expect(conditionOf(ready, 'NotebookAccessEnforced')?.status).toBe('True');
  expect(await roles()).toEqual(['DataScientist']);
  const text = await documentText();
  for (const { id } of ready.status?.endpoints ?? []) expect(text).toContain(id);
});

test('more changes than IAM keeps versions of are all brought about', async () => {
  for (const third of [1, 2, 3, 4, 5, 6]) {
    await cluster.apply(await link([`198.51.${third}.0/24`], ['DataScientist']));
    await cluster.linkIsReady('ml');
    expect(await documentText()).toContain(`198.51.${third}.0/24`);
  }
});

test('attachments changed by hand and by the spec are put right', async () => {
  const PolicyArn = (await policy())?.Arn;
  await iam.send(new DetachRolePolicyCommand({ PolicyArn, RoleName: 'DataScientist' }));
  await eventually(async () => expect(await roles()).toEqual(['DataScientist']));

  await cluster.apply(await link(['203.0.113.0/24'], ['Analyst']));
  await cluster.linkIsReady('ml');
  expect(await roles()).toEqual(['Analyst']);
});

test('with somebody else’s attachment a deletion says where, and ends when that is gone', async () => {
  const PolicyArn = (await policy())?.Arn;
  await iam.send(new AttachRolePolicyCommand({ PolicyArn, RoleName: 'DataScientist' }));
  await cluster.linkThat(
    'ml',
    'reporting the attachment',
    (one) => conditionOf(one, 'NotebookAccessEnforced')?.reason === 'ForeignAttachment',
  );
  await cluster.kubectlOrThrow(['delete', 'smpl', 'ml', '--wait=false']);
  const blocked = await cluster.linkThat(
    'ml',
    'blocked',
    (one) =>
      one.metadata.deletionTimestamp !== undefined &&
      conditionOf(one, 'Ready')?.reason === 'ForeignAttachment',
  );
  expect(conditionOf(blocked, 'Ready')?.message).toContain('role DataScientist');
  await iam.send(new DetachRolePolicyCommand({ PolicyArn, RoleName: 'DataScientist' }));
  await cluster.lookNow('ml');
  await cluster.linkIsGone('ml');
  expect(await policy()).toBeUndefined();
});
