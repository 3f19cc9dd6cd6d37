/** Whether the simulated world is as a spec says, by rules that share no code with the operator. */
import type {
  NotebookAccessSpec,
  SageMakerPrivateLinkSpec,
} from '../../src/api/sagemaker-private-link.ts';
import type { Endpoint, EndpointState, RuleSource, SecurityGroup } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import type { InspectedEndpoint } from '../../src/simulator/control/region-control.ts';
import type { RulePeer } from '../../src/simulator/ec2/records.ts';
import { type AwsWorld, createWorld } from '../../test/model/aws-world.ts';
import { shortcomings } from '../../test/model/goal.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import { region } from '../world/foreign.ts';
import { holdingsOf } from '../world/snapshot.ts';

/** Every way in which the world differs from the spec; none when the spec is true. */
export function untruths(
  aws: SimulatedAws,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): readonly string[] {
  // The policy is judged from the simulator's own records below.
  const { notebookAccess: _access, ...network } = spec;
  return [
    ...shortcomings(modelOf(aws), owner, network),
    ...notebookUntruths(aws, owner, spec.notebookAccess),
  ];
}

/** The simulated world in the form of the model that the planner's properties are checked with. */
export function modelOf({ control }: SimulatedAws): AwsWorld {
  const ec2 = control.region(region);
  const world = createWorld();
  for (const { id, ownerId, cidrs, ipv6Cidrs, tags, ...dns } of ec2.vpcs()) {
    const blocks = { cidrs: cidrs.map(({ cidr }) => cidr) };
    const ipv6 = { ipv6Cidrs: ipv6Cidrs.map(({ cidr }) => cidr) };
    world.vpcs.set(id, { id, ownerId, ...blocks, ...ipv6, tags });
    world.dns.set(id, dns);
  }
  for (const { id, vpcId, ownerId, zone, cidr, tags, ...subnet } of ec2.subnets()) {
    const blocks = {
      ...(cidr === undefined ? {} : { cidr }),
      ipv6Cidrs: subnet.ipv6Cidrs.map((block) => block.cidr),
    };
    world.subnets.set(id, { id, vpcId, ownerId, zone, tags, availableAddresses: 1, ...blocks });
  }
  const zones = [...new Set(ec2.subnets().map(({ zone }) => zone))];
  for (const service of ec2.services()) {
    const { acceptanceRequired, policySupported } = service;
    world.services.set(service.name, {
      name: service.name,
      zones,
      privateDnsNames: [...service.privateDnsNames],
      policySupported,
      acceptanceRequired,
      ipAddressTypes: [...service.ipAddressTypes],
    });
  }
  for (const group of ec2.securityGroups()) {
    const rules = ec2.rules(group.id).map(({ peer, groupId: _group, description, ...rule }) => ({
      ...rule,
      source: sourceOf(peer),
      ...(description === undefined ? {} : { description }),
    }));
    const { id, name, vpcId, tags } = group;
    const fact: SecurityGroup = { id, name, vpcId, ownerId: world.account, tags, rules };
    world.groups.set(id, fact);
  }
  for (const endpoint of ec2.endpoints()) world.endpoints.set(endpoint.id, factOf(endpoint));
  return world;
}

function sourceOf(peer: RulePeer): RuleSource {
  switch (peer.kind) {
    case 'ipv4':
    case 'ipv6':
      return { cidr: peer.cidr };
    case 'group':
      return { securityGroupId: peer.groupId };
    case 'prefixList':
      return { prefixListId: peer.prefixListId };
    default:
      return peer satisfies never;
  }
}

function factOf(endpoint: InspectedEndpoint): Endpoint {
  const { id, vpcId, serviceName, state, interfaces, groupIds, policy, tags } = endpoint;
  return {
    id,
    vpcId,
    serviceName,
    state: state.toLowerCase() as EndpointState,
    subnetIds: interfaces.map(({ subnetId }) => subnetId),
    securityGroupIds: groupIds,
    networkInterfaceIds: interfaces.map((one) => one.id),
    ...(policy === undefined ? {} : { policy: JSON.parse(policy) as Record<string, unknown> }),
    privateDnsEnabled: endpoint.privateDnsEnabled,
    ipAddressType: endpoint.ipAddressType,
    dnsRecordIpType: endpoint.dnsRecordIpType,
    dnsNames: [],
    requesterManaged: endpoint.requesterManaged,
    tags,
  };
}

/** The policy exists, names exactly the ways that the spec allows, and is attached as listed. */
export function notebookUntruths(
  aws: SimulatedAws,
  owner: OwnerIdentity,
  access: NotebookAccessSpec | undefined,
): readonly string[] {
  const { policies, attachments, endpoints } = holdingsOf(aws, owner);
  if (access === undefined) return policies.map(({ arn }) => `${arn} is left over`);
  const [policy, ...more] = policies;
  if (policy === undefined) return ['no notebook policy'];
  const document = policy.versions.find(({ id }) => id === policy.defaultVersionId)?.document ?? '';
  const named = new Set(document.match(/\bvpce-[0-9a-f]+/g) ?? []);
  const ways = endpoints
    .filter(({ serviceName }) => /\.(api|notebook)$/.test(serviceName))
    .map(({ id }) => id);
  const wanted = [...(access.allowEndpoints ? ways : []), ...(access.additionalEndpointIds ?? [])];
  const { roles = [], users = [], groups = [] } = access.attachTo ?? {};
  const has = attachments.map(({ principal }) => principal.name).sort();
  return [
    ...more.map(({ arn }) => `${arn} is one policy too many`),
    ...wanted.filter((id) => !named.has(id)).map((id) => `the policy does not allow ${id}`),
    ...[...named].filter((id) => !wanted.includes(id)).map((id) => `the policy allows ${id}`),
    ...(access.allowedCIDRs ?? [])
      .filter((cidr) => !document.includes(cidr))
      .map((cidr) => `the policy does not allow ${cidr}`),
    ...(has.join() === [...roles, ...users, ...groups].sort().join()
      ? []
      : [`the policy is attached to ${has.join() || 'nobody'}`]),
  ];
}
