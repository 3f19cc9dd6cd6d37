/** Each permission missing in turn: a condition names it, and granting it is all that it takes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { conditionOf, OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

/** What makes the operator call the action: to bring a link about, to change it or to delete it. */
interface Case {
  readonly action: string;
  /** Condition that has to name the action. */
  readonly condition: string;
  readonly region: string;
  readonly spec?: Record<string, unknown>;
  /** A merge patch of a link that is ready. */
  readonly change?: Record<string, unknown>;
  readonly isDeletion?: true;
}

const clientRoles = join(import.meta.dirname, '../../deploy/components/clients/roles.yaml');
const [cidrA, cidrB] = ['10.1.0.0/16', '10.2.0.0/16'];

function ingress(cidr: string, description?: string): Record<string, unknown> {
  return { securityGroup: { ingress: [{ cidr, ...(description ? { description } : {}) }] } };
}

/** The faults are kept apart by region: every case has one for itself, and all run side by side. */
const cases: readonly Case[] = [
  { action: 'sts:GetCallerIdentity', condition: 'NetworkResolved', region: 'us-east-1' },
  { action: 'ec2:DescribeVpcs', condition: 'NetworkResolved', region: 'us-east-2' },
  { action: 'ec2:DescribeSubnets', condition: 'NetworkResolved', region: 'us-west-1' },
  { action: 'ec2:DescribeVpcAttribute', condition: 'NetworkResolved', region: 'us-west-2' },
  {
    action: 'ec2:DescribeVpcEndpointServices',
    condition: 'NetworkResolved',
    region: 'ca-central-1',
  },
  { action: 'ec2:DescribeVpcEndpoints', condition: 'EndpointsAvailable', region: 'sa-east-1' },
  { action: 'ec2:DescribeSecurityGroups', condition: 'SecurityGroupReady', region: 'eu-central-1' },
  {
    action: 'ec2:DescribeSecurityGroupRules',
    condition: 'SecurityGroupReady',
    region: 'eu-central-2',
  },
  {
    action: 'ec2:DescribeNetworkInterfaces',
    condition: 'EndpointsAvailable',
    region: 'eu-north-1',
  },
  {
    action: 'ec2:DescribeManagedPrefixLists',
    condition: 'SecurityGroupReady',
    region: 'eu-south-1',
  },
  { action: 'ec2:CreateSecurityGroup', condition: 'SecurityGroupReady', region: 'eu-west-1' },
  {
    action: 'ec2:AuthorizeSecurityGroupIngress',
    condition: 'SecurityGroupReady',
    region: 'eu-west-2',
  },
  { action: 'ec2:RevokeSecurityGroupEgress', condition: 'SecurityGroupReady', region: 'eu-west-3' },
  { action: 'ec2:CreateVpcEndpoint', condition: 'EndpointsAvailable', region: 'ap-northeast-1' },
  {
    action: 'ec2:RevokeSecurityGroupIngress',
    condition: 'SecurityGroupReady',
    region: 'ap-northeast-2',
    spec: ingress(cidrA),
    change: ingress(cidrB),
  },
  {
    action: 'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
    condition: 'SecurityGroupReady',
    region: 'ap-northeast-3',
    spec: ingress(cidrA, 'before'),
    change: ingress(cidrA, 'after'),
  },
  {
    action: 'ec2:ModifyVpcEndpoint',
    condition: 'EndpointsAvailable',
    region: 'ap-south-1',
    change: { endpoints: [{ service: 'api', privateDNS: false }, { service: 'runtime' }] },
  },
  {
    action: 'ec2:CreateTags',
    condition: 'EndpointsAvailable',
    region: 'ap-southeast-1',
    change: { tags: { team: 'ml' } },
  },
  {
    action: 'ec2:DeleteTags',
    condition: 'EndpointsAvailable',
    region: 'ap-southeast-2',
    spec: { tags: { team: 'ml' } },
    change: { tags: { team: null } },
  },
  {
    action: 'ec2:DeleteVpcEndpoints',
    condition: 'EndpointsAvailable',
    region: 'me-central-1',
    change: { endpoints: [{ service: 'api' }] },
  },
  {
    action: 'ec2:GetManagedPrefixListEntries',
    condition: 'ClientsConfigured',
    region: 'ap-east-1',
    spec: {
      clients: {
        namespaceSelector: { matchLabels: { team: 'nobody' } },
        networkPolicy: { podSelector: {}, egress: { awsServices: ['s3'] } },
      },
    },
  },
  {
    action: 'ec2:DeleteSecurityGroup',
    condition: 'Ready',
    region: 'il-central-1',
    isDeletion: true,
  },
];

let simulator: Simulator;
let cluster: OperatorCluster;
const stories = new Map<string, Promise<SageMakerPrivateLink>>();

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  await cluster.kubectlOrThrow(['apply', '-f', clientRoles]);
  await cluster.startOperator({ args: ['--stalled=1s', '--clients'] });
  for (const one of cases) {
    const story = tell(one);
    story.catch(() => undefined); // The test that awaits it reports the failure.
    stories.set(one.action, story);
  }
});

afterAll(async () => {
  await Promise.allSettled(stories.values());
  await cluster?.stop();
  await simulator?.close();
});

/** Without the permission until a condition says so, then with it until all is well. */
async function tell(one: Case): Promise<SageMakerPrivateLink> {
  const name = one.action.replace(':', '-').toLowerCase();
  const region = simulator.world.region(one.region);
  const link = sampleLink(region, name, { region: one.region, ...specOf(one, region) });
  if (one.spec?.['clients'] !== undefined) makeGatewayEndpoint(region, one.region);
  const isLater = one.change !== undefined || one.isDeletion === true;
  if (isLater) {
    await cluster.apply(link);
    await cluster.linkIsReady(name);
  }
  const fault = deny(one);
  if (!isLater) await cluster.apply(link);
  if (one.change !== undefined) await patch(name, one.change);
  if (one.isDeletion) await remove(name);
  const refused = await cluster.linkThat(name, `denied ${one.action}`, (seen) =>
    isDenied(seen, one),
  );
  fault.remove();
  if (!isLater || one.change !== undefined) await cluster.linkIsReady(name);
  if (one.change !== undefined) await remove(name);
  if (isLater) await cluster.linkIsGone(name);
  return refused;
}

function specOf({ action, spec }: Case, region: RegionControl): Record<string, unknown> {
  if (action !== 'ec2:DescribeManagedPrefixLists') return spec ?? {};
  const [prefixListId] = prefixListIds(region);
  return { securityGroup: { ingress: [{ prefixListId }] } };
}

/** Its prefix list has the addresses of S3. */
function makeGatewayEndpoint(region: RegionControl, name: string): void {
  region.run('CreateVpcEndpoint', {
    VpcId: region.defaultVpc().id,
    ServiceName: `com.amazonaws.${name}.s3`,
    VpcEndpointType: 'Gateway',
  });
}

/** AWS's own prefix lists are in every region. */
function prefixListIds(region: RegionControl): readonly string[] {
  const text = JSON.stringify(region.run('DescribeManagedPrefixLists', {}));
  return [...text.matchAll(/pl-[0-9a-f]+/g)].map(([id]) => id);
}

function deny({ action, region }: Case): { remove(): void } {
  const [service, name = ''] = action.split(':');
  return simulator.faults.add({
    service: service === 'sts' ? 'sts' : 'ec2',
    action: name,
    region,
    effect: { kind: 'deny' },
  });
}

async function patch(name: string, spec: Record<string, unknown>): Promise<void> {
  const body = JSON.stringify({ spec });
  await cluster.kubectlOrThrow(['patch', 'smpl', name, '--type=merge', '-p', body]);
}

async function remove(name: string): Promise<void> {
  await cluster.kubectlOrThrow(['delete', 'smpl', name, '--wait=false']);
}

function isDenied(link: SageMakerPrivateLink, { action, condition }: Case): boolean {
  const found = conditionOf(link, condition);
  return found?.reason === 'AccessDenied' && found.message.includes(`${action} is denied`);
}

test.each(cases)(
  'F17: without $action its condition says so, and with it all is well',
  async ({ action, condition }) => {
    const refused = await stories.get(action);
    if (refused === undefined) throw new Error(`no story of ${action}`);
    const found = conditionOf(refused, condition);
    expect(found).toMatchObject({ status: 'False', reason: 'AccessDenied' });
    expect(found?.message).toContain(
      'Grant the action to the operator (deploy/iam has the policy).',
    );
    expect(conditionOf(refused, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'AccessDenied',
    });
  },
  180_000,
);

test('F17: every action of the policy for IAM has its case', async () => {
  const file = join(import.meta.dirname, '../../deploy/iam/operator-policy.json');
  const { Statement } = JSON.parse(await readFile(file, 'utf8')) as {
    Statement: readonly { readonly Action: string | readonly string[] }[];
  };
  // route53 is asked by EC2 itself, when an endpoint gets private DNS.
  const own = Statement.flatMap(({ Action }) => Action).filter((one) => one.startsWith('ec2:'));
  const granted = new Set(own);
  const covered = new Set(cases.map(({ action }) => action));
  // STS answers GetCallerIdentity without a permission; only an organization can deny it.
  expect([...covered].sort()).toEqual([...granted, 'sts:GetCallerIdentity'].sort());
});
