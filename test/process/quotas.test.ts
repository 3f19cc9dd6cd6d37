/** F18: what AWS has no more of. Said once, not asked for again and again, and made when it is there. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { conditionOf, OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

interface Place {
  readonly vpcId: string;
  readonly subnetId: string;
}

/** One quota that is used up, and how there is room again. */
interface Case {
  readonly what: string;
  readonly condition: string;
  readonly code: string;
  readonly reason: 'QuotaExceeded' | 'InsufficientFreeAddresses';
  /** Words of the advice. */
  readonly advice: string;
  /** The change that AWS refuses. */
  readonly action: string;
  /** Uses the quota up; returns how to let go. */
  readonly fill: (place: Place) => () => void;
  readonly spec?: Record<string, unknown>;
}

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  const rate = '--aws-call-rate=ec2:CreateVpcEndpoint=1000/1000';
  await cluster.startOperator({ args: [rate] });
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

/** The smallest subnet that AWS has: eleven addresses. */
function createPlace(): Place {
  const vpcId = region.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true }).id;
  const subnet = { vpcId, cidr: '10.8.0.0/28', zone: 'us-east-1a' };
  return { vpcId, subnetId: region.createSubnet(subnet).id };
}

/** AWS's default: 50 interface endpoints in a VPC. */
function fillVpc({ vpcId }: Place): () => void {
  const other = region.createSubnet({ vpcId, cidr: '10.8.8.0/24', zone: 'us-east-1b' }).id;
  for (let count = 0; count < 50; count += 1) {
    region.run('CreateVpcEndpoint', {
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.us-east-1.sagemaker.metrics',
      VpcId: vpcId,
      'SubnetId.1': other,
      PrivateDnsEnabled: 'false',
    });
  }
  const [first] = region.endpoints().filter((one) => one.vpcId === vpcId);
  return () => region.eraseEndpoint(first?.id ?? '');
}

function fillSubnet({ vpcId, subnetId }: Place): () => void {
  const { id: groupId } = region.createSecurityGroup({ vpcId, name: 'others' });
  // AWS keeps the first four addresses and the last one.
  const ids = Array.from({ length: 11 }, (_, index) => {
    const ipv4 = `10.8.0.${index + 4}`;
    return region.createNetworkInterface({ subnetId, groupIds: [groupId], ipv4 }).id;
  });
  return () => ids.forEach((id) => region.deleteNetworkInterface(id));
}

/** IAM's default: 10 managed policies of a user. */
function fillUser(): () => void {
  const account = simulator.world.account();
  const Statement = [{ Effect: 'Allow', Action: 'sagemaker:ListModels', Resource: '*' }];
  const document = { Version: '2012-10-17', Statement };
  const attachedPolicyArns = Array.from(
    { length: 10 },
    (_, index) => account.createPolicy({ name: `other-${index}`, document }).arn,
  );
  const user = account.createPrincipal({ kind: 'user', name: 'crowded' });
  account.changePrincipal(user, { attachedPolicyArns });
  return () => account.changePrincipal(user, { attachedPolicyArns: attachedPolicyArns.slice(1) });
}

/** Quotas that the simulated AWS does not count. */
function refusing(service: 'ec2' | 'iam', action: string, code: string): () => () => void {
  return () => {
    const effect = { kind: 'error', code, httpStatus: 400, message: 'No more of these.' } as const;
    const fault = simulator.faults.add({ service, action, effect });
    return () => fault.remove();
  };
}

const notebookAccess = { allowedCIDRs: ['203.0.113.0/24'] };

const quota = {
  reason: 'QuotaExceeded',
  advice: 'Ask AWS for a higher quota, or remove what is not needed.',
} as const;

const cases: readonly Case[] = [
  {
    what: 'endpoints of a VPC',
    condition: 'EndpointsAvailable',
    code: 'VpcEndpointLimitExceeded',
    ...quota,
    action: 'CreateVpcEndpoint',
    fill: fillVpc,
  },
  {
    what: 'free addresses of a subnet',
    condition: 'EndpointsAvailable',
    code: 'InsufficientFreeAddressesInSubnet',
    reason: 'InsufficientFreeAddresses',
    advice: 'Choose another subnet of the zone in spec.subnets',
    action: 'CreateVpcEndpoint',
    fill: fillSubnet,
  },
  {
    what: 'security groups',
    condition: 'SecurityGroupReady',
    code: 'SecurityGroupLimitExceeded',
    ...quota,
    action: 'CreateSecurityGroup',
    fill: refusing('ec2', 'CreateSecurityGroup', 'SecurityGroupLimitExceeded'),
  },
  {
    what: 'rules of a security group',
    condition: 'SecurityGroupReady',
    code: 'RulesPerSecurityGroupLimitExceeded',
    ...quota,
    action: 'AuthorizeSecurityGroupIngress',
    fill: refusing('ec2', 'AuthorizeSecurityGroupIngress', 'RulesPerSecurityGroupLimitExceeded'),
  },
  {
    what: 'IAM policies of the account',
    condition: 'NotebookAccessEnforced',
    code: 'LimitExceeded',
    ...quota,
    action: 'CreatePolicy',
    fill: refusing('iam', 'CreatePolicy', 'LimitExceeded'),
    spec: { notebookAccess },
  },
  {
    what: 'policies of a user',
    condition: 'NotebookAccessEnforced',
    code: 'LimitExceeded',
    ...quota,
    action: 'AttachUserPolicy',
    fill: fillUser,
    spec: { notebookAccess: { ...notebookAccess, attachTo: { users: ['crowded'] } } },
  },
];

/** Something else happens meanwhile, from its beginning to its end. */
async function anotherLinkLives(): Promise<void> {
  const { vpcId, subnetId } = createPlace();
  const spec = { vpc: { id: vpcId }, subnets: { ids: [subnetId] } };
  // With a security group of its own, as those that the operator makes may be what is lacking.
  const { id } = region.createSecurityGroup({ vpcId, name: 'own' });
  const link = { ...spec, endpoints: [{ service: 'studio' }], securityGroup: { ids: [id] } };
  await cluster.apply(sampleLink(region, 'another', link));
  await cluster.linkIsReady('another');
  await remove('another');
}

async function remove(name: string): Promise<void> {
  await cluster.kubectlOrThrow(['delete', 'smpl', name, '--wait=false']);
  await cluster.linkIsGone(name);
}

async function lookAt(name: string): Promise<void> {
  const now = `sagemaker.privatelink.dev/reconcile-requested-at=${Date.now()}`;
  await cluster.kubectlOrThrow(['annotate', 'smpl', name, '--overwrite', now]);
}

describe('F18: quotas', () => {
  test.each(cases)('$what are used up', async (one) => {
    const name = `quota-${cases.indexOf(one)}`;
    const place = createPlace();
    const letGo = one.fill(place);
    simulator.resetCalls();
    await cluster.apply(
      sampleLink(region, name, {
        vpc: { id: place.vpcId },
        subnets: { ids: [place.subnetId] },
        endpoints: [{ service: 'api' }],
        ...one.spec,
      }),
    );
    const link = await cluster.linkThat(
      name,
      'stalled for a quota',
      (seen) => conditionOf(seen, 'Stalled')?.reason === one.reason,
    );
    const { status, reason, message } = conditionOf(link, one.condition) ?? {};
    expect([status, reason]).toEqual(['False', one.reason]);
    expect(message).toContain(one.code);
    expect(message).toContain(one.advice);
    const tries = (): number =>
      simulator.calls().filter((call) => call.action === one.action && call.errorCode === one.code)
        .length;
    expect(tries()).toBeGreaterThan(0);
    const triesBefore = tries();
    await anotherLinkLives();
    // Nothing but time or a person makes room: it is not tried again and again.
    expect(tries()).toBe(triesBefore);

    letGo();
    await lookAt(name);
    await cluster.linkIsReady(name);
    await remove(name);
  });
});
