/** Things that happen to a link at AWS or in the cluster, each as somebody makes it happen. */
import type { AccountControl } from '../../../src/simulator/control/account-control.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { ireland, policyFor } from '../../unit/deploy/iam-documents.ts';
import type { OperatorCluster } from '../cluster/operator-cluster.ts';

/** The link that it happens to, and its surroundings. */
export interface Scene {
  readonly simulator: Simulator;
  readonly region: RegionControl;
  readonly cluster: OperatorCluster;
  readonly link: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** Things that the reader knows or does beside the page. */
export interface Surroundings {
  readonly variables?: Readonly<Record<string, string>>;
  /** Done for a command of the page that the simulated AWS does not know. */
  readonly asOthersDo?: () => void;
}

export interface Incident {
  readonly what: string;
  /** The heading of the page that it has to lead to. */
  readonly section: string;
  /** Which block of the section's repair is followed; undefined where waiting is all. */
  readonly repair?: number;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Whether it happens before the link is applied, to a link that is ready, or while it is deleted. */
  readonly when: 'before' | 'ready' | 'deleting';
  /** The reader fills in the values of docs/operations.md first. */
  readonly needsInstall?: true;
  readonly happens: (scene: Scene) => Promise<Surroundings> | Surroundings;
}

/** Endpoints of a VPC that AWS still has. */
function endpointsOf({ region, vpcId }: Scene): ReturnType<RegionControl['endpoints']> {
  return region.endpoints().filter((one) => one.vpcId === vpcId && one.state !== 'deleted');
}

function createEndpoint(
  { region, vpcId, subnetIds }: Scene,
  service: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const before = new Set(region.endpoints().map(({ id }) => id));
  region.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    ServiceName: `com.amazonaws.us-east-1.sagemaker.${service}`,
    VpcId: vpcId,
    'SubnetId.1': subnetIds[0] ?? '',
    ...more,
  });
  return region.endpoints().find(({ id }) => !before.has(id))?.id ?? '';
}

function managedGroup({ region, vpcId }: Scene): string {
  const group = region.securityGroups(vpcId).find(({ name }) => name.startsWith('sagemaker-priv'));
  if (group === undefined) throw new Error('the link has no security group');
  return group.id;
}

function ownGroup({ region, vpcId }: Scene): string {
  return region.createSecurityGroup({ vpcId, name: 'their-own' }).id;
}

/** Somebody else's private name for the same service. */
function takeThePrivateName(scene: Scene): Surroundings {
  createEndpoint(scene, 'api');
  return {};
}

/** The operator's role with the shipped policy, of which somebody then made a version without a right. */
function revoke(action: string): (scene: Scene) => Surroundings {
  return ({ simulator }) => {
    const account = simulator.world.account();
    const name = 'sagemaker-privatelink-operator';
    const shipped = JSON.stringify(policyFor('operator-policy.json', ireland));
    const document: unknown = JSON.parse(shipped.replaceAll(`"${action}"`, '"ec2:DescribeTags"'));
    const { arn } = account.createPolicy({ name, document });
    const role = account.createPrincipal({ kind: 'role', name });
    account.changePrincipal(role, { attachedPolicyArns: [arn] });
    simulator.faults.add({
      service: 'ec2',
      action: action.replace('ec2:', ''),
      matches: () => !allows(account, arn, action),
      effect: { kind: 'deny' },
    });
    return {};
  };
}

function allows(account: AccountControl, arn: string, action: string): boolean {
  const policy = account.policies().find((one) => one.arn === arn);
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersionId);
  return version?.document.includes(`"${action}"`) ?? false;
}

/** As the owner of a VPC does: everything in it goes first. */
function deleteVpc(scene: Scene): Surroundings {
  const { region, vpcId, subnetIds } = scene;
  for (const { id } of endpointsOf(scene)) region.eraseEndpoint(id);
  region.deleteSecurityGroup(managedGroup(scene));
  for (const id of subnetIds) region.run('DeleteSubnet', { SubnetId: id });
  region.run('DeleteVpc', { VpcId: vpcId });
  const { id: newVpcId } = region.createVpc({ cidr: '10.9.0.0/16', enableDnsHostnames: true });
  const subnet = { vpcId: newVpcId, cidr: '10.9.0.0/24', zone: 'us-east-1a' };
  region.createSubnet({ ...subnet, tags: { ml: 'yes' } });
  region.createSubnet({ ...subnet, cidr: '10.9.1.0/24', zone: 'us-east-1b', tags: { ml: 'yes' } });
  return { variables: { NEW_VPC_ID: newVpcId } };
}

/** Its endpoints are taken out of it first, or AWS would not delete it. */
function deleteSubnet(scene: Scene): Surroundings {
  const [, lost = ''] = scene.subnetIds;
  for (const { id } of endpointsOf(scene)) {
    scene.region.run('ModifyVpcEndpoint', { VpcEndpointId: id, 'RemoveSubnetId.1': lost });
  }
  scene.region.run('DeleteSubnet', { SubnetId: lost });
  return {};
}

/** AWS's default: 50 interface endpoints in a VPC. */
function useUpTheQuota(scene: Scene): Surroundings {
  const ids = Array.from({ length: 50 }, () =>
    createEndpoint(scene, 'metrics', { PrivateDnsEnabled: 'false' }),
  );
  const [unused = ''] = ids;
  return {
    variables: { UNUSED_ENDPOINT_ID: unused },
    asOthersDo: () => scene.region.eraseEndpoint(unused),
  };
}

/** Ten minutes of the simulator's clock, in which another program uses up every call to EC2. */
async function throttle({ simulator, cluster, link }: Scene): Promise<Surroundings> {
  const { clock, faults } = simulator;
  const until = clock.now() + 10 * 60_000;
  const effect = { kind: 'error', code: 'RequestLimitExceeded', httpStatus: 503 } as const;
  faults.add({ service: 'ec2', action: '*', matches: () => clock.now() < until, effect });
  await patch(cluster, link, { tags: { team: 'ml' } });
  return {};
}

async function patch(cluster: OperatorCluster, link: string, spec: object): Promise<void> {
  const change = JSON.stringify({ spec });
  await cluster.kubectlOrThrow(['patch', 'smpl', link, '--type=merge', '-p', change]);
}

const kept = { section: 'A deletion hangs at the security group', when: 'deleting' } as const;
const taken = {
  section: 'The private name is taken',
  when: 'before',
  spec: { endpoints: [{ service: 'api' }] },
  happens: takeThePrivateName,
} as const;
const quota = {
  section: 'A quota is reached',
  when: 'before',
  spec: { endpoints: [{ service: 'api' }] },
  happens: useUpTheQuota,
} as const;

export const incidents: readonly Incident[] = [
  {
    what: 'an endpoint is deleted at AWS, with driftPolicy: Report',
    section: 'The endpoint disappeared',
    repair: 0,
    when: 'ready',
    spec: { driftPolicy: 'Report' },
    happens: (scene) => {
      scene.region.deleteEndpoint(endpointsOf(scene)[0]?.id ?? '');
      return {};
    },
  },
  {
    what: 'a right of the operator is revoked at IAM',
    section: 'AWS denies a call',
    repair: 0,
    when: 'ready',
    needsInstall: true,
    happens: revoke('ec2:DescribeVpcEndpoints'),
  },
  { what: "another endpoint's private DNS is turned off", repair: 0, ...taken },
  { what: 'the other endpoint is deleted', repair: 1, ...taken },
  { what: 'the other endpoint is taken over', repair: 2, ...taken },
  {
    what: 'a subnet is deleted',
    section: 'A subnet is gone',
    repair: 0,
    when: 'ready',
    happens: deleteSubnet,
  },
  {
    what: 'the VPC is deleted',
    section: 'The VPC is gone',
    repair: 0,
    when: 'ready',
    spec: { subnets: { tags: { ml: 'yes' } } },
    happens: deleteVpc,
  },
  {
    ...kept,
    what: "the security group is on somebody's endpoint",
    repair: 0,
    happens: (scene) => {
      createEndpoint(scene, 'metrics', { 'SecurityGroupId.1': managedGroup(scene) });
      return { variables: { OTHER_GROUP_ID: ownGroup(scene) } };
    },
  },
  {
    ...kept,
    what: "the security group is on somebody's network interface",
    repair: 1,
    happens: (scene) => {
      const [subnetId = ''] = scene.subnetIds;
      const groupIds = [managedGroup(scene)];
      const { id } = scene.region.createNetworkInterface({ subnetId, groupIds });
      return {
        variables: { OTHER_GROUP_ID: ownGroup(scene) },
        asOthersDo: () => scene.region.deleteNetworkInterface(id),
      };
    },
  },
  {
    ...kept,
    what: "the security group is in a rule of somebody's group",
    repair: 2,
    happens: (scene) => {
      const other = ownGroup(scene);
      scene.region.run('AuthorizeSecurityGroupIngress', {
        GroupId: other,
        'IpPermissions.1.IpProtocol': 'tcp',
        'IpPermissions.1.FromPort': '5432',
        'IpPermissions.1.ToPort': '5432',
        'IpPermissions.1.Groups.1.GroupId': managedGroup(scene),
      });
      return { variables: { OTHER_GROUP_ID: other } };
    },
  },
  { what: 'a quota is reached, and AWS raises it', repair: 0, ...quota },
  { what: 'a quota is reached, and an endpoint is given up', repair: 1, ...quota },
  {
    what: 'AWS throttles for ten minutes',
    section: 'Everything became slow',
    when: 'ready',
    happens: throttle,
  },
  {
    what: 'DNS of the VPC is turned off',
    section: 'The VPC has DNS turned off',
    repair: 0,
    when: 'before',
    happens: ({ region, vpcId }) => {
      region.setVpcDns(vpcId, { enableDnsSupport: true, enableDnsHostnames: false });
      return {};
    },
  },
  {
    what: 'the link is suspended',
    section: 'The link is suspended',
    repair: 0,
    when: 'ready',
    happens: async ({ cluster, link }) => {
      await patch(cluster, link, { suspend: true });
      return {};
    },
  },
  {
    what: "the operator's cluster role loses a right",
    section: 'The API server refuses the operator',
    repair: 0,
    when: 'before',
    happens: async ({ cluster }) => {
      const remove = '[{"op":"remove","path":"/rules/0/verbs/3"}]';
      const role = ['clusterrole', 'sagemaker-privatelink-operator'];
      await cluster.kubectlOrThrow(['patch', ...role, '--type=json', '-p', remove]);
      return {};
    },
  },
];
