/** Starting worlds and specs for property tests: small, so that things collide, and any mixture. */
import fc from 'fast-check';
import type {
  Endpoint,
  EndpointState,
  SecurityGroup,
  SecurityGroupRule,
} from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import { securityGroupName } from '../../src/plan/ownership/ownership.ts';
import { type AwsWorld, createWorld, holdsResources, newId } from './aws-world.ts';
import { addPolicy, anyPolicySeed, type PolicySeed, somePrincipals } from './generated-access.ts';
import { named } from './endpoint-writes.ts';

export const owner: OwnerIdentity = { clusterId: 'cluster-1', uid: 'uid-1', name: 'ml' };

/** The same, of a file: only one of the other UIDs beside its name was its own. */
export const fileOwner: OwnerIdentity = { ...owner, formerUids: ['uid-0'] };

/** Short names and what AWS calls them in the model's region. */
export const serviceNames = {
  api: 'com.amazonaws.eu-west-1.sagemaker.api',
  runtime: 'com.amazonaws.eu-west-1.sagemaker.runtime',
  notebook: 'aws.sagemaker.eu-west-1.notebook',
  metrics: 'com.amazonaws.eu-west-1.sagemaker.metrics',
} as const;

type ServiceKey = keyof typeof serviceNames;

const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] as const;

/** So that a subnet which is not full at first has room for all endpoints of a link. */
const addressesPerUnit = 8;

/** Ids of the main VPC's subnets; `a2` is a second one in the zone of `a`, and so on. */
const subnetIds = [
  'subnet-a',
  'subnet-b',
  'subnet-c',
  'subnet-a2',
  'subnet-b2',
  'subnet-c2',
] as const;

/** So many of them carry the tag that specs choose by. */
const taggedSubnets = 4;

/** What is unusual about the network. Nothing, in most worlds. */
export interface Obstacles {
  readonly dnsHostnames: boolean;
  readonly metricsZones: number;
  readonly metricsOffered: boolean;
  readonly shared: boolean;
  readonly ipv6: boolean;
  readonly twinVpc: boolean;
  readonly freeAddresses: readonly number[];
  /** `MaxEntries` of the prefix list: what it counts toward the 60 rules of a group. */
  readonly listEntries?: number;
}

const usually = <T>(value: T, otherwise: T): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(value) },
    { weight: 1, arbitrary: fc.constant(otherwise) },
  );

const obstacles: fc.Arbitrary<Obstacles> = fc.record({
  dnsHostnames: usually(true, false),
  metricsZones: fc.integer({ min: 1, max: 3 }),
  metricsOffered: usually(true, false),
  shared: usually(false, true),
  ipv6: fc.boolean(),
  twinVpc: usually(false, true),
  freeAddresses: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
  listEntries: fc.constantFrom(3, 3, 3, 58, 59, 60, 100),
});

/** An account with a VPC, subnets and services, and nobody's endpoints. */
export function emptyWorld(
  unusual: Partial<Obstacles> = {},
  options: Parameters<typeof createWorld>[0] = {},
): AwsWorld {
  const world = createWorld(options);
  const { ipv6 = false, freeAddresses = [3, 3, 3, 1, 1, 1] } = unusual;
  const vpcs = unusual.twinVpc === true ? ['vpc-main', 'vpc-twin'] : ['vpc-main'];
  for (const id of [...vpcs, 'vpc-other']) {
    const tags: Record<string, string> = id === 'vpc-other' ? {} : { ml: 'vpc' };
    const cidrs = ['10.9.0.0/16', '10.10.0.0/16'];
    world.vpcs.set(id, {
      id,
      ownerId: world.account,
      cidrs,
      ipv6Cidrs: ipv6 ? ['2001:db8::/56'] : [],
      tags,
    });
    world.dns.set(id, {
      enableDnsSupport: true,
      enableDnsHostnames: unusual.dnsHostnames ?? true,
    });
  }
  subnetIds.forEach((id, index) => {
    world.subnets.set(id, {
      id,
      vpcId: 'vpc-main',
      ownerId: id === 'subnet-c' && unusual.shared === true ? '999988887777' : world.account,
      zone: zones[index % 3] ?? zones[0],
      cidr: `10.9.${index}.0/24`,
      ipv6Cidrs: ipv6 ? [`2001:db8:0:${index}::/64`] : [],
      availableAddresses: (freeAddresses[index] ?? 1) * addressesPerUnit,
      tags: { ml: index < taggedSubnets ? 'private' : 'spare' },
    });
  });
  world.subnets.set('subnet-other', {
    id: 'subnet-other',
    vpcId: 'vpc-other',
    ownerId: world.account,
    zone: zones[0],
    cidr: '10.20.0.0/24',
    ipv6Cidrs: [],
    availableAddresses: 9,
    tags: { ml: 'private' },
  });
  addServices(world, unusual);
  const { listEntries: maxEntries = 3 } = unusual;
  world.prefixLists.set('pl-1', { id: 'pl-1', name: 'offices', addressFamily: 'IPv4', maxEntries });
  world.groups.set('sg-user', userGroup(world));
  world.principals.push(...somePrincipals(world.quotas.policiesPerPrincipal));
  return world;
}

function addServices(world: AwsWorld, unusual: Partial<Obstacles>): void {
  for (const [key, name] of Object.entries(serviceNames)) {
    const isMetrics = key === 'metrics';
    if (isMetrics && unusual.metricsOffered === false) continue;
    const host = `${key}.sagemaker.eu-west-1.amazonaws.com`;
    world.services.set(name, {
      name,
      zones: isMetrics ? zones.slice(0, unusual.metricsZones ?? 3) : [...zones],
      privateDnsNames: key === 'notebook' ? ['*.notebook.eu-west-1.sagemaker.aws'] : [host],
      policySupported: !isMetrics,
      acceptanceRequired: false,
      ipAddressTypes: key === 'runtime' ? ['ipv4'] : ['ipv4', 'ipv6'],
    });
  }
}

function userGroup(world: AwsWorld): SecurityGroup {
  const id = 'sg-user';
  return { id, name: 'brought', vpcId: 'vpc-main', ownerId: world.account, tags: {}, rules: [] };
}

/** Whose a resource is, by its tags. */
const ownerTags = {
  own: {
    'sagemaker.privatelink.dev/cluster': 'cluster-1',
    'sagemaker.privatelink.dev/uid': 'uid-1',
  },
  ownRenamed: {
    'sagemaker.privatelink.dev/cluster': 'cluster-1',
    'sagemaker.privatelink.dev/uid': 'uid-1',
    'sagemaker.privatelink.dev/name': 'old-name',
    'sagemaker.privatelink.dev/role': 'wrong',
    Name: 'renamed by hand',
    cost: 'theirs',
  },
  otherLink: {
    'sagemaker.privatelink.dev/cluster': 'cluster-1',
    'sagemaker.privatelink.dev/uid': 'uid-2',
    'sagemaker.privatelink.dev/name': 'other',
  },
  formerSelf: {
    'sagemaker.privatelink.dev/cluster': 'cluster-1',
    'sagemaker.privatelink.dev/uid': 'uid-0',
    'sagemaker.privatelink.dev/name': 'ml',
    Name: 'sagemaker-privatelink/ml',
  },
  /** A file of the same name somewhere else; for a link of a cluster a former self. */
  otherFile: {
    'sagemaker.privatelink.dev/cluster': 'cluster-1',
    'sagemaker.privatelink.dev/uid': 'uid-elsewhere',
    'sagemaker.privatelink.dev/name': 'ml',
  },
  otherCluster: {
    'sagemaker.privatelink.dev/cluster': 'cluster-2',
    'sagemaker.privatelink.dev/uid': 'uid-1',
    'sagemaker.privatelink.dev/name': 'ml',
  },
  otherLetterCase: {
    'Sagemaker.PrivateLink.dev/cluster': 'cluster-2',
    'Sagemaker.PrivateLink.dev/uid': 'uid-1',
  },
  cloudFormation: { 'aws:cloudformation:stack-id': 'arn:stack' },
  ack: { 'services.k8s.aws/controller-version': 'ec2-1' },
  nobody: { Name: 'made by hand' },
} as const;

export type Ownership = keyof typeof ownerTags;
const ownerships = Object.keys(ownerTags) as Ownership[];
const ownership: fc.Arbitrary<Ownership> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Ownership>('own', 'ownRenamed') },
  { weight: 1, arbitrary: fc.constantFrom(...ownerships) },
);

const someService = fc.constantFrom(...(Object.keys(serviceNames) as ServiceKey[]));

const states: readonly EndpointState[] = [
  'pending',
  'deleting',
  'deleted',
  'pendingacceptance',
  'rejected',
  'failed',
  'expired',
  'partial',
  'unknown',
];

const endpointSeed = fc.record({
  service: someService,
  ownership,
  state: fc.oneof(
    { weight: 3, arbitrary: fc.constant<EndpointState>('available') },
    { weight: 1, arbitrary: fc.constantFrom(...states) },
  ),
  inOtherVpc: usually(false, true),
  subnets: fc.subarray(['subnet-a', 'subnet-b', 'subnet-c'], { minLength: 1 }),
  useTwin: fc.boolean(),
  privateDns: fc.boolean(),
  policy: fc.constantFrom('none', 'wide', 'narrow'),
  requesterManaged: usually(false, true),
});

const sourcePool = [
  { cidr: '10.9.0.0/16' },
  { cidr: '10.10.0.0/16' },
  { cidr: '10.8.0.0/16' },
  { cidr: '2001:db8::/56' },
  { cidr: '0.0.0.0/0' },
  { securityGroupId: 'sg-user' },
  { prefixListId: 'pl-1' },
] as const;

const ruleSeed = fc.record({
  source: fc.constantFrom(...sourcePool),
  port: fc.constantFrom(443, 443, 80),
  protocol: fc.constantFrom('tcp', 'tcp', 'udp'),
  isEgress: usually(false, true),
  description: fc.option(fc.constantFrom('HTTPS from vpc-main', 'by hand'), { nil: undefined }),
});

const groupSeed = fc.record({
  ownership,
  hasOurName: fc.boolean(),
  inOtherVpc: usually(false, true),
  rules: fc.uniqueArray(ruleSeed, {
    maxLength: 4,
    selector: ({ source, port, protocol, isEgress }) =>
      JSON.stringify([source, port, protocol, isEgress]),
  }),
  /** Somebody's group that admits this one, so that it cannot be deleted. */
  isReferenced: usually(false, true),
  usedByEndpoints: fc.boolean(),
});

/** Any starting world, as the few choices that it is built from. */
export const anyWorldSeed = fc.record({
  unusual: obstacles,
  endpoints: fc.array(endpointSeed, { maxLength: 5 }),
  groups: fc.array(groupSeed, { maxLength: 3 }),
  slowness: fc.integer({ min: 1, max: 3 }),
  endpointsPerVpc: usually(50, 1),
  policies: fc.oneof(
    { weight: 2, arbitrary: fc.constant<PolicySeed<Ownership>[]>([]) },
    { weight: 1, arbitrary: fc.array(anyPolicySeed(ownership), { maxLength: 2 }) },
  ),
});

type Seed<A> = A extends fc.Arbitrary<infer T> ? T : never;
export type WorldSeed = Omit<Seed<typeof anyWorldSeed>, 'policies'> &
  Partial<Pick<Seed<typeof anyWorldSeed>, 'policies'>>;

/** A world in which nothing keeps a spec from being true, and nobody has anything yet. */
export const calmSeed: WorldSeed = {
  unusual: {
    dnsHostnames: true,
    metricsZones: 3,
    metricsOffered: true,
    shared: false,
    ipv6: true,
    twinVpc: false,
    freeAddresses: [3, 2, 2, 1, 1, 1],
  },
  endpoints: [],
  groups: [],
  slowness: 1,
  endpointsPerVpc: 50,
};

/** The world of a seed: always the same, and a new one each time. */
export function worldFrom(seed: WorldSeed): AwsWorld {
  const { unusual, endpoints, groups, slowness, endpointsPerVpc } = seed;
  const quotas = { rulesPerGroup: 60, endpointsPerVpc, policiesPerPrincipal: 10 };
  const world = emptyWorld(unusual, { slowness, quotas });
  const groupIds = groups.map((group) => addGroup(world, group));
  const usable = groupIds.filter((id, index) => {
    return groups[index]?.usedByEndpoints === true && id !== '';
  });
  for (const endpoint of endpoints) addEndpoint(world, endpoint, usable);
  for (const one of seed.policies ?? []) addPolicy(world, owner, one, ownerTags[one.ownership]);
  return world;
}

function addGroup(world: AwsWorld, seed: Seed<typeof groupSeed>): string {
  const vpcId = seed.inOtherVpc ? 'vpc-other' : 'vpc-main';
  const id = newId(world, 'sg');
  const name = seed.hasOurName ? securityGroupName(owner) : `group ${id}`;
  const taken = [...world.groups.values()].some((one) => one.vpcId === vpcId && one.name === name);
  const rules = seed.rules.map(({ port, description, ...rule }): SecurityGroupRule => {
    const described = description === undefined ? {} : { description };
    const ruleId = newId(world, 'sgr');
    return { ...rule, id: ruleId, fromPort: port, toPort: port, tags: {}, ...described };
  });
  const tags: Record<string, string> = { ...ownerTags[seed.ownership] };
  const { account: ownerId } = world;
  world.groups.set(id, { id, name: taken ? `group ${id}` : name, vpcId, ownerId, tags, rules });
  if (seed.isReferenced) addReferrer(world, id, vpcId);
  return seed.inOtherVpc ? '' : id;
}

function addReferrer(world: AwsWorld, securityGroupId: string, vpcId: string): void {
  const id = newId(world, 'sg');
  const rule: SecurityGroupRule = {
    id: newId(world, 'sgr'),
    isEgress: false,
    protocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    source: { securityGroupId },
    tags: {},
  };
  const { account: ownerId } = world;
  world.groups.set(id, { id, name: `group ${id}`, vpcId, ownerId, tags: {}, rules: [rule] });
}

function addEndpoint(
  world: AwsWorld,
  seed: Seed<typeof endpointSeed>,
  groupIds: readonly string[],
): void {
  const serviceName = serviceNames[seed.service];
  const vpcId = seed.inOtherVpc ? 'vpc-other' : 'vpc-main';
  const subnets = seed.inOtherVpc
    ? ['subnet-other']
    : seed.subnets.map((id) => (id === 'subnet-a' && seed.useTwin ? 'subnet-a2' : id));
  const draft = { vpcId, serviceName, state: seed.state };
  const namesTaken = [...world.endpoints.values()].some(
    (one) =>
      one.vpcId === vpcId &&
      one.serviceName === serviceName &&
      one.privateDnsEnabled &&
      holdsResources(one),
  );
  const id = newId(world, 'vpce');
  const interfaces = subnets.map((subnetId) => {
    const eni = newId(world, 'eni');
    const zone = world.subnets.get(subnetId)?.zone ?? '';
    world.interfaces.set(eni, { id: eni, subnetId, zone, ipv4: `10.9.0.${world.lastId}` });
    return eni;
  });
  const isOurs = ['own', 'ownRenamed', 'formerSelf', 'otherFile'].includes(seed.ownership);
  const endpoint: Endpoint = {
    ...draft,
    id,
    subnetIds: subnets,
    securityGroupIds: seed.inOtherVpc ? [] : [...groupIds].slice(0, 5),
    networkInterfaceIds: interfaces,
    privateDnsEnabled: seed.privateDns && !namesTaken && seed.state !== 'deleted',
    ipAddressType: 'ipv4',
    dnsRecordIpType: 'ipv4',
    ...(seed.policy === 'none'
      ? {}
      : { policy: policies[seed.policy === 'wide' ? 'wide' : 'narrow'] }),
    dnsNames: [],
    requesterManaged: seed.requesterManaged && !isOurs,
    tags: { ...ownerTags[seed.ownership] },
    createdAt: new Date(Date.UTC(2026, 0, 1) + world.lastId * 1000).toISOString(),
  };
  world.endpoints.set(id, named(world, endpoint));
}

/** Two policies, in AWS's form. */
export const policies = {
  wide: { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] },
  narrow: {
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: ['sagemaker:InvokeEndpoint'], Resource: ['*'] },
    ],
  },
} as const;
