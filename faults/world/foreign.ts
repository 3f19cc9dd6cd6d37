/** The resources of others: each has to be there, byte for byte, after everything that happens. */
import { ownershipTags } from '../../src/plan/ownership/ownership.ts';
import type { Vpc } from '../../src/simulator/ec2/records.ts';
import type { SimulatedAws } from './simulated-aws.ts';

/** Where links work: ids of what was there before them. */
export interface Surroundings {
  readonly vpcId: string;
  /** One per zone, in their order, tagged `ml: private`. */
  readonly subnetIds: readonly string[];
  /** A second subnet in the zone of the first. */
  readonly spareSubnetId: string;
  /** A group of the user's. */
  readonly userGroupId: string;
  /** Endpoints without an owner tag and without private DNS, for `metrics`. */
  readonly unownedEndpointId: string;
}

export const region = 'eu-west-1';
export const clusterId = 'cluster-1';

/** Builds the VPC of the links, and other people's things in and around it. */
export function createSurroundings({ control }: SimulatedAws): Surroundings {
  const ec2 = control.region(region);
  const vpc = ec2.createVpc({
    cidr: '10.0.0.0/16',
    tags: { ml: 'vpc' },
    ipv6: true,
    enableDnsHostnames: true,
  });
  const zones = [`${region}a`, `${region}b`, `${region}c`];
  const subnet = (zone: string, third: number, ml: string) =>
    ec2.createSubnet({
      vpcId: vpc.id,
      zone,
      cidr: `10.0.${third}.0/24`,
      ipv6Cidr: ipv6Block(vpc, third),
      tags: { ml },
    });
  const subnetIds = zones.map((zone, index) => subnet(zone, index + 1, 'private').id);
  const spareSubnetId = subnet(zones[0] as string, 9, 'spare').id;
  const userGroupId = ec2.createSecurityGroup({ vpcId: vpc.id, name: 'users' }).id;
  ec2.addIngressRule(userGroupId, '10.0.0.0/8', 443);
  createNeighbour({ control } as SimulatedAws, vpc.id, subnetIds[0] as string);
  const unownedEndpointId = createEndpoint({ control } as SimulatedAws, {
    vpcId: vpc.id,
    subnetId: subnetIds[0] as string,
    serviceName: `com.amazonaws.${region}.sagemaker.metrics`,
    tags: { team: 'somebody' },
  });
  createPrincipals({ control } as SimulatedAws);
  return { vpcId: vpc.id, subnetIds, spareSubnetId, userGroupId, unownedEndpointId };
}

/** A block of 64 bits within the VPC's block of 56 bits. */
function ipv6Block({ ipv6Cidrs }: Vpc, number: number): string {
  const [network = ''] = (ipv6Cidrs[0]?.cidr ?? '').split('::');
  const groups = network.split(':');
  const last = Number.parseInt(groups[3] ?? '0', 16) + number;
  return `${groups.slice(0, 3).join(':')}:${last.toString(16)}::/64`;
}

/** A group and an endpoint of another link of the same cluster, and of another cluster. */
function createNeighbour(aws: SimulatedAws, vpcId: string, subnetId: string): void {
  for (const [cluster, uid] of [
    [clusterId, 'uid-neighbour'],
    ['cluster-2', 'uid-0001'],
  ] as const) {
    const tags = {
      [ownershipTags.cluster]: cluster,
      [ownershipTags.uid]: uid,
      [ownershipTags.name]: 'neighbour',
    };
    const name = `sagemaker-privatelink-neighbour-${cluster}`;
    aws.control.region(region).createSecurityGroup({ vpcId, name, tags });
    const serviceName = `com.amazonaws.${region}.sagemaker.runtime`;
    createEndpoint(aws, { vpcId, subnetId, serviceName, tags });
  }
}

interface WantedEndpoint {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly serviceName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Somebody's endpoint, available, without private DNS. Returns its id. */
function createEndpoint({ control }: SimulatedAws, wanted: WantedEndpoint): string {
  const ec2 = control.region(region);
  const before = new Set(ec2.endpointHistory().map(({ id }) => id));
  const tags = Object.entries(wanted.tags).flatMap(([key, value], index) => [
    [`TagSpecification.1.Tag.${index + 1}.Key`, key],
    [`TagSpecification.1.Tag.${index + 1}.Value`, value],
  ]);
  ec2.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    VpcId: wanted.vpcId,
    ServiceName: wanted.serviceName,
    'SubnetId.1': wanted.subnetId,
    PrivateDnsEnabled: 'false',
    ...(tags.length === 0
      ? {}
      : { 'TagSpecification.1.ResourceType': 'vpc-endpoint', ...Object.fromEntries(tags) }),
  });
  const made = ec2.endpointHistory().find(({ id }) => !before.has(id));
  if (made === undefined) throw new Error('the endpoint was not made');
  ec2.setEndpointState(made.id, 'available');
  return made.id;
}

/** People, their roles and what they may do already. */
function createPrincipals({ control }: SimulatedAws): void {
  const iam = control.account();
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' }],
  };
  const policy = iam.createPolicy({ name: 'MachineLearning', document });
  iam.createPolicy({
    name: 'sagemaker-privatelink-neighbour',
    path: '/sagemaker-privatelink/',
    document,
    tags: { [ownershipTags.cluster]: clusterId, [ownershipTags.uid]: 'uid-neighbour' },
  });
  for (const name of ['DataScientist', 'Analyst', 'Bystander']) {
    const role = iam.createPrincipal({ kind: 'role', name });
    iam.changePrincipal(role, { attachedPolicyArns: [policy.arn] });
  }
}
