/**
 * What the world has to look like for a spec to be true, and what may keep it from being so. Written
 * from the description of the kind, without the operator's planning.
 */
import type {
  EndpointSpec,
  SageMakerPrivateLinkSpec,
} from '../../src/api/sagemaker-private-link.ts';
import type { Endpoint, SecurityGroup, Subnet, Vpc } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import { accessShortcomings, ownPolicies } from './access-goal.ts';
import type { AwsWorld, StoredPolicy } from './aws-world.ts';
import { flat } from './flat-policy.ts';
import { serviceNames } from './generated-worlds.ts';
import { carriesTagsOf } from './model-cloud.ts';

/** What is at AWS and carries the link's tags; tombstones are nothing. */
export function ownedBy(
  world: AwsWorld,
  owner: OwnerIdentity,
): {
  readonly endpoints: readonly Endpoint[];
  readonly groups: readonly SecurityGroup[];
  readonly policies: readonly StoredPolicy[];
} {
  return {
    policies: ownPolicies(world, owner),
    endpoints: [...world.endpoints.values()].filter(
      ({ tags, state }) => state !== 'deleted' && carriesTagsOf(tags, owner),
    ),
    groups: [...world.groups.values()].filter(({ tags }) => carriesTagsOf(tags, owner)),
  };
}

/** The VPCs that a spec can mean. */
export function vpcsOf(world: AwsWorld, { vpc }: SageMakerPrivateLinkSpec): readonly Vpc[] {
  return [...world.vpcs.values()].filter(({ id, tags }) =>
    vpc.id === undefined ? hasTags(tags, vpc.tags ?? {}) : id === vpc.id,
  );
}

export function subnetsOf(
  world: AwsWorld,
  spec: SageMakerPrivateLinkSpec,
  vpcId: string,
): readonly Subnet[] {
  const { ids, tags } = spec.subnets;
  return [...world.subnets.values()].filter(
    (subnet) =>
      subnet.vpcId === vpcId &&
      (ids === undefined ? hasTags(subnet.tags, tags ?? {}) : ids.includes(subnet.id)),
  );
}

/** Those that can carry an endpoint. */
export function usableSubnetsOf(
  world: AwsWorld,
  spec: SageMakerPrivateLinkSpec,
  vpcId: string,
): readonly Subnet[] {
  return subnetsOf(world, spec, vpcId).filter(
    (one) => one.ownerId === world.account && carries(one, spec.ipAddressType),
  );
}

/** Whether endpoints of an address type can be in a subnet. */
export function carries({ cidr, ipv6Cidrs }: Subnet, type: string): boolean {
  if (type === 'ipv4') return cidr !== undefined;
  return ipv6Cidrs.length > 0 && (type === 'dualstack') === (cidr !== undefined);
}

/** Full name of an entry's service. */
export function serviceNameOfEntry({ service, serviceName }: EndpointSpec): string {
  return serviceName ?? serviceNames[service as keyof typeof serviceNames];
}

function hasTags(
  tags: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => tags[key] === value);
}

/** Sources that the managed group has to admit, as text. */
export function wantedSources(spec: SageMakerPrivateLinkSpec, vpc: Vpc): readonly string[] {
  const listed = spec.securityGroup?.ingress;
  if (listed !== undefined) {
    return listed.map((one) => one.cidr ?? one.securityGroupId ?? one.prefixListId ?? '').sort();
  }
  const ipv4 = spec.ipAddressType === 'ipv6' ? [] : vpc.cidrs;
  return [...ipv4, ...(spec.ipAddressType === 'ipv4' ? [] : vpc.ipv6Cidrs)].sort();
}

/** Sources that a group admits at the endpoint's port, as text; other ingress as `other`. */
export function admittedSources({ rules = [] }: SecurityGroup): readonly string[] {
  return rules
    .filter(({ isEgress }) => !isEgress)
    .map(({ protocol, fromPort, toPort, source }) =>
      protocol === 'tcp' && fromPort === 443 && toPort === 443
        ? (Object.values(source)[0] as string)
        : 'other',
    )
    .sort();
}

/** Every way in which the world differs from the spec; none when the spec is true. */
export function shortcomings(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): readonly string[] {
  const [vpc, ...others] = vpcsOf(world, spec);
  if (vpc === undefined || others.length > 0) return ['no single VPC'];
  const owned = ownedBy(world, owner);
  const groupIds = spec.securityGroup?.ids ?? owned.groups.map(({ id }) => id);
  return [
    ...groupShortcomings(owned.groups, spec, vpc, owner),
    ...spec.endpoints.flatMap((entry) =>
      endpointShortcomings({ world, owner, spec, vpc, entry, groupIds }, owned.endpoints),
    ),
    ...owned.endpoints
      .filter(
        (one) =>
          one.vpcId !== vpc.id ||
          !spec.endpoints.some((entry) => serviceNameOfEntry(entry) === one.serviceName),
      )
      .map(({ id }) => `${id} is left over`),
    ...accessShortcomings(world, owner, spec),
  ];
}

/** Every way in which the link's own groups differ from the spec. */
export function groupShortcomings(
  groups: readonly SecurityGroup[],
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
  owner: OwnerIdentity,
): readonly string[] {
  if (spec.securityGroup?.ids !== undefined) return groups.map(({ id }) => `${id} is left over`);
  const [group, ...more] = groups;
  if (group === undefined) return ['no managed group'];
  const rules = group.rules ?? [];
  const wrong = [
    ...more.map(({ id }) => `${id} is one group too many`),
    ...(group.vpcId === vpc.id ? [] : [`${group.id} is in another VPC`]),
    ...(rules.some(({ isEgress }) => isEgress) ? [`${group.id} has egress`] : []),
    ...tagShortcomings(group, owner, spec, 'security-group'),
  ];
  const [actual, wanted] = [admittedSources(group).join(), wantedSources(spec, vpc).join()];
  return actual === wanted ? wrong : [...wrong, `${group.id} admits ${actual}, not ${wanted}`];
}

function tagShortcomings(
  { id, tags }: { readonly id: string; readonly tags: Readonly<Record<string, string>> },
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  role: string,
): readonly string[] {
  const wanted = {
    // A name that somebody gave stays where the spec has none.
    Name: tags['Name'] ?? `sagemaker-privatelink/${owner.name}`,
    ...spec.tags,
    'sagemaker.privatelink.dev/name': owner.name,
    'sagemaker.privatelink.dev/role': role,
  };
  return hasTags(tags, wanted) ? [] : [`${id} has other tags: ${JSON.stringify(tags)}`];
}

export interface EntryInput {
  readonly world: AwsWorld;
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly vpc: Vpc;
  readonly entry: EndpointSpec;
  readonly groupIds: readonly string[];
}

/** Every way in which the endpoint of one entry differs from the spec. */
export function endpointShortcomings(
  { world, owner, spec, vpc, entry, groupIds }: EntryInput,
  owned: readonly Endpoint[],
): readonly string[] {
  const serviceName = serviceNameOfEntry(entry);
  const service = world.services.get(serviceName);
  const [one, ...more] = owned.filter(
    (endpoint) => endpoint.serviceName === serviceName && endpoint.vpcId === vpc.id,
  );
  if (one === undefined) return [`no endpoint for ${serviceName}`];
  const zonesOf = (ids: readonly string[]): string =>
    [...new Set(ids.map((id) => world.subnets.get(id)?.zone ?? id))].sort().join();
  const allowed = usableSubnetsOf(world, spec, vpc.id)
    .filter(({ id, zone }) => service?.zones.includes(zone) || one.subnetIds.includes(id))
    .map(({ id }) => id);
  const policy = service?.policySupported === true ? wantedPolicy(world, entry) : undefined;
  const failed = Object.entries({
    unique: more.length === 0,
    available: one.state === 'available',
    'in allowed subnets': one.subnetIds.every((id) => allowed.includes(id)),
    'in all zones': zonesOf(one.subnetIds) === zonesOf(allowed),
    'in one subnet per zone': one.subnetIds.length === zonesOf(allowed).split(',').length,
    'in its groups': [...one.securityGroupIds].sort().join() === [...groupIds].sort().join(),
    'with its private DNS': one.privateDnsEnabled === entry.privateDNS,
    'of its address type': one.ipAddressType === spec.ipAddressType,
    'under its policy': policy === undefined || flat(one.policy ?? wideOpen) === flat(policy),
  }).flatMap(([what, holds]) => (holds ? [] : [`${one.id} (${serviceName}) is not ${what}`]));
  return [...failed, ...tagShortcomings(one, owner, spec, 'endpoint')];
}

const wideOpen = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

function wantedPolicy(world: AwsWorld, { policy, service }: EndpointSpec): unknown {
  if (policy !== undefined) return policy;
  if (service === 'notebook') return wideOpen;
  const statement = (Sid: string, Condition: unknown): unknown => ({
    ...wideOpen.Statement[0],
    Sid,
    Condition,
  });
  return {
    Version: '2012-10-17',
    Statement: [
      statement('CallersOfThisAccount', {
        StringEquals: { 'aws:PrincipalAccount': world.account },
      }),
      statement('AWSServices', { Bool: { 'aws:PrincipalIsAWSService': 'true' } }),
    ],
  };
}
