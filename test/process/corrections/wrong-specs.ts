/** Specs that the API server cannot know to be wrong: only AWS tells, or this operator's limits. */
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';

/** A VPC of its own for one link, with a subnet in each of two zones. */
export interface Place {
  readonly region: RegionControl;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** A group and subnets of another VPC. */
  readonly elsewhere: { readonly groupId: string; readonly subnetIds: readonly string[] };
}

type Spec = Record<string, unknown>;

/** One field with a wrong value. The right spec is the sample's, or `right`. */
export interface WrongSpec {
  readonly what: string;
  readonly condition: string;
  readonly reason: string;
  /** As the condition's message has to name it. */
  readonly field: string;
  readonly wrong: (place: Place) => Spec;
  readonly right?: (place: Place) => Spec;
  /** The field cannot be changed: to set it right is to delete the link and create it again. */
  readonly isImmutable?: true;
}

function oneEndpoint(service: string, more: Spec = {}): Spec {
  return { endpoints: [{ service, privateDNS: false, ...more }] };
}

function ingressFrom(source: Spec): Spec {
  return { securityGroup: { ingress: [source] } };
}

function notebooks(access: Spec): Spec {
  const endpoints = [{ service: 'api' }, { service: 'notebook' }];
  return { endpoints, notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], ...access } };
}

const anything = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

/** More than a document can name: IAM takes 6,144 characters. */
const tooManyBlocks = Array.from(
  { length: 250 },
  (_, index) => `2001:db8:${(index + 16).toString(16)}:ffff::/64`,
);

const network: readonly WrongSpec[] = [
  {
    what: 'a VPC that does not exist',
    condition: 'NetworkResolved',
    reason: 'VPCNotFound',
    field: 'spec.vpc',
    isImmutable: true,
    wrong: () => ({ vpc: { id: 'vpc-0123456789abcdef0' } }),
  },
  {
    what: 'tags that no VPC has',
    condition: 'NetworkResolved',
    reason: 'VPCNotFound',
    field: 'spec.vpc',
    isImmutable: true,
    wrong: () => ({ vpc: { tags: { purpose: 'none' } } }),
  },
  {
    what: 'tags that several VPCs have',
    condition: 'NetworkResolved',
    reason: 'AmbiguousVPC',
    field: 'spec.vpc.id',
    isImmutable: true,
    wrong: () => ({ vpc: { tags: { purpose: 'ml' } } }),
  },
  {
    what: 'a subnet of another VPC',
    condition: 'NetworkResolved',
    reason: 'SubnetNotInVPC',
    field: 'spec.subnets.ids',
    wrong: ({ elsewhere }) => ({ subnets: { ids: elsewhere.subnetIds } }),
  },
  {
    what: 'tags that no subnet has',
    condition: 'NetworkResolved',
    reason: 'NoSubnet',
    field: 'spec.subnets.tags',
    wrong: () => ({ subnets: { tags: { purpose: 'none' } } }),
    right: () => ({ subnets: { tags: { purpose: 'ml' } } }),
  },
  {
    what: 'two subnets of one zone',
    condition: 'NetworkResolved',
    reason: 'DuplicateZone',
    field: 'spec.subnets.ids',
    wrong: ({ region, vpcId, subnetIds }) => {
      const cidr = '10.8.9.0/24';
      const twin = region.createSubnet({ vpcId, cidr, zone: 'us-east-1a' });
      return { subnets: { ids: [...subnetIds, twin.id] } };
    },
  },
  {
    what: 'a zone that the service does not serve',
    condition: 'NetworkResolved',
    reason: 'UnsupportedZone',
    field: 'spec.subnets.unsupportedZones',
    wrong: ({ region }) => {
      region.setServiceZones('com.amazonaws.us-east-1.sagemaker.metrics', ['us-east-1a']);
      return oneEndpoint('metrics');
    },
    right: ({ subnetIds: ids }) => ({
      ...oneEndpoint('metrics'),
      subnets: { ids, unsupportedZones: 'Skip' },
    }),
  },
  {
    what: 'IPv6 in subnets without it',
    condition: 'NetworkResolved',
    reason: 'UnsupportedIPAddressType',
    field: 'ipAddressType dualstack',
    wrong: () => ({ ...oneEndpoint('experiments'), ipAddressType: 'dualstack' }),
    right: () => oneEndpoint('experiments'),
  },
  {
    what: 'private DNS in a VPC that has it off',
    condition: 'NetworkResolved',
    reason: 'VPCDNSDisabled',
    field: 'privateDNS: false',
    wrong: ({ region, vpcId }) => {
      region.setVpcDns(vpcId, { enableDnsHostnames: false });
      return oneEndpoint('api', { privateDNS: true });
    },
    right: () => oneEndpoint('api'),
  },
];

const endpoints: readonly WrongSpec[] = [
  {
    what: 'a service that the region does not have',
    condition: 'EndpointsAvailable',
    reason: 'ServiceNotFound',
    field: 'spec.endpoints',
    wrong: () => ({ endpoints: [{ serviceName: 'aws.sagemaker.us-east-1.no-such-thing' }] }),
  },
  {
    what: 'a policy for a service that takes none',
    condition: 'EndpointsAvailable',
    reason: 'PolicyNotSupported',
    field: 'spec.endpoints',
    wrong: () => oneEndpoint('runtime-fips', { policy: anything }),
    right: () => oneEndpoint('runtime-fips'),
  },
  {
    what: 'private DNS that another endpoint has',
    condition: 'EndpointsAvailable',
    reason: 'PrivateDNSConflict',
    field: 'privateDNS: false',
    wrong: ({ region, vpcId, subnetIds }) => {
      region.run('CreateVpcEndpoint', {
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.us-east-1.sagemaker.api',
        VpcId: vpcId,
        'SubnetId.1': subnetIds[0] ?? '',
      });
      return oneEndpoint('api', { privateDNS: true });
    },
    right: () => oneEndpoint('api'),
  },
  {
    what: 'a fixed address that is not of its subnet',
    condition: 'EndpointsAvailable',
    reason: 'RefusedByAWS',
    field: 'address 10.99.0.17',
    wrong: ({ subnetIds: [subnet = ''] }) =>
      oneEndpoint('api', { addresses: { [subnet]: { ipv4: '10.99.0.17' } } }),
    right: ({ subnetIds: [subnet = ''] }) =>
      oneEndpoint('api', { addresses: { [subnet]: { ipv4: '10.8.0.17' } } }),
  },
];

const groups: readonly WrongSpec[] = [
  {
    what: 'a security group of another VPC',
    condition: 'SecurityGroupReady',
    reason: 'SecurityGroupNotFound',
    field: 'spec.securityGroup.ids',
    wrong: ({ elsewhere }) => ({ securityGroup: { ids: [elsewhere.groupId] } }),
    right: ({ region, vpcId }) => ({
      securityGroup: { ids: [region.createSecurityGroup({ vpcId, name: 'own' }).id] },
    }),
  },
  {
    what: 'ingress from a group that does not exist',
    condition: 'SecurityGroupReady',
    reason: 'SecurityGroupNotFound',
    field: 'spec.securityGroup.ingress',
    wrong: () => ingressFrom({ securityGroupId: 'sg-0123456789abcdef0' }),
    right: () => ingressFrom({ cidr: '10.8.0.0/16' }),
  },
  {
    what: 'ingress from a prefix list that does not exist',
    condition: 'SecurityGroupReady',
    reason: 'PrefixListNotFound',
    field: 'spec.securityGroup.ingress',
    wrong: () => ingressFrom({ prefixListId: 'pl-0123456789abcdef0' }),
    right: () => ingressFrom({ cidr: '10.8.0.0/16' }),
  },
];

const access: readonly WrongSpec[] = [
  {
    what: 'a notebook policy that is too large for IAM',
    condition: 'NotebookAccessEnforced',
    reason: 'InvalidSpec',
    field: 'allowedCIDRs',
    wrong: () => notebooks({ allowedCIDRs: tooManyBlocks }),
    right: () => notebooks({}),
  },
  {
    what: "the operator's own user as one to attach the notebook policy to",
    condition: 'NotebookAccessEnforced',
    reason: 'ProtectedPrincipal',
    field: 'spec.notebookAccess.attachTo',
    wrong: () => notebooks({ attachTo: { users: ['operator'] } }),
    right: () => notebooks({}),
  },
  {
    what: 'a role that does not exist',
    condition: 'NotebookAccessEnforced',
    reason: 'PrincipalNotFound',
    field: 'attachTo',
    wrong: () => notebooks({ attachTo: { roles: ['NoSuchRole'] } }),
    right: () => notebooks({}),
  },
];

const operator: readonly WrongSpec[] = [
  {
    what: 'clients, where the operator does not look after namespaces',
    condition: 'ClientsConfigured',
    reason: 'ClientsDisabled',
    field: 'spec.clients',
    wrong: () => ({
      clients: { namespaceSelector: { matchLabels: { ml: 'true' } }, configMap: { name: 'x' } },
    }),
  },
  {
    what: 'an account that the map does not have',
    condition: 'NetworkResolved',
    reason: 'UnknownAccount',
    field: 'spec.account',
    isImmutable: true,
    wrong: () => ({ account: 'unheard-of' }),
  },
];

export const wrongSpecs: readonly WrongSpec[] = [
  ...network,
  ...endpoints,
  ...groups,
  ...access,
  ...operator,
];
