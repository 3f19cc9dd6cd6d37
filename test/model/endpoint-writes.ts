/** What AWS does with calls about endpoints, and what it refuses. */
import type {
  CreateVpcEndpoint,
  DeleteVpcEndpoints,
  ModifyVpcEndpoint,
  SubnetAddress,
} from '../../src/plan/endpoint/actions.ts';
import type { Endpoint, NetworkInterface, Subnet } from '../../src/plan/facts.ts';
import { type Author, type AwsWorld, change, holdsResources, newId } from './aws-world.ts';
import { refusal } from './refusal.ts';

/** Makes an endpoint, once per client token and parameters. */
export function createEndpoint(world: AwsWorld, call: CreateVpcEndpoint, by: Author): Endpoint {
  const { reason: _reason, clientToken, ...rest } = call;
  const parameters = JSON.stringify(rest);
  let token = clientToken;
  for (;;) {
    const used = world.tokens.get(token);
    if (used === undefined) break;
    if (used.parameters !== parameters) {
      throw refusal('IdempotentParameterMismatch', 'The client token was used for another call.');
    }
    const made = world.endpoints.get(used.endpointId);
    if (made !== undefined && made.state !== 'deleting' && made.state !== 'deleted') return made;
    // AWS answers with the dead endpoint; the port promises a living one.
    token = `${token} after ${used.endpointId}`;
  }
  checkCreation(world, call);
  const id = newId(world, 'vpce');
  const endpoint: Endpoint = {
    id,
    vpcId: call.vpcId,
    serviceName: call.serviceName,
    state: 'pending',
    subnetIds: call.subnetIds,
    securityGroupIds: call.securityGroupIds,
    networkInterfaceIds: newInterfaces(world, call.subnetIds, call.addresses).map((one) => one.id),
    privateDnsEnabled: call.privateDnsEnabled,
    ipAddressType: call.ipAddressType,
    dnsRecordIpType: call.dnsRecordIpType ?? call.ipAddressType,
    policy: call.policy ?? wideOpen,
    dnsNames: [],
    requesterManaged: false,
    tags: call.tags,
    createdAt: new Date(world.nowMs).toISOString(),
  };
  world.tokens.set(token, { parameters, endpointId: id });
  change(world, world.endpoints, { id, value: named(world, endpoint) }, { what: 'created', by });
  return named(world, endpoint);
}

const wideOpen = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

function checkCreation(world: AwsWorld, call: CreateVpcEndpoint): void {
  const service = world.services.get(call.serviceName);
  if (!world.vpcs.has(call.vpcId)) throw refusal('InvalidVpcID.NotFound', `no VPC ${call.vpcId}`);
  if (service === undefined) throw refusal('InvalidServiceName', `no service ${call.serviceName}`);
  const inVpc = [...world.endpoints.values()].filter(
    (one) => one.vpcId === call.vpcId && holdsResources(one),
  );
  if (inVpc.length >= world.quotas.endpointsPerVpc) {
    throw refusal('VpcEndpointLimitExceeded', 'The quota of endpoints per VPC is used up.');
  }
  if (call.policy !== undefined && !service.policySupported) {
    throw refusal('InvalidParameter', `${service.name} has no endpoint policies`);
  }
  checkSubnets(world, call, call.subnetIds);
  checkGroups(world, call.vpcId, call.securityGroupIds);
  checkFree(world, call.subnetIds);
  checkAddresses(world, call.addresses, '');
  if (call.privateDnsEnabled) checkPrivateDns(world, call, '');
}

interface Placed {
  readonly vpcId: string;
  readonly serviceName: string;
  readonly ipAddressType: string;
}

function checkSubnets(world: AwsWorld, place: Placed, subnetIds: readonly string[]): void {
  checkZones(world, subnetIds);
  const service = world.services.get(place.serviceName);
  for (const id of subnetIds) {
    const subnet = world.subnets.get(id);
    if (subnet === undefined || subnet.vpcId !== place.vpcId) {
      throw refusal('InvalidSubnetID.NotFound', `no subnet ${id} in ${place.vpcId}`);
    }
    if (subnet.ownerId !== world.account) throw refusal('OperationNotPermitted', `${id} is shared`);
    if (
      service !== undefined &&
      !(service.zones.includes(subnet.zone) || service.zones.length === 0)
    ) {
      throw refusal('InvalidParameter', `${service.name} does not support the zone of ${id}`);
    }
    if (!carries(subnet, place.ipAddressType)) {
      throw refusal('InvalidParameter', `${id} cannot carry ${place.ipAddressType}`);
    }
  }
}

function checkZones(world: AwsWorld, subnetIds: readonly string[]): void {
  const zones = subnetIds.map((id) => world.subnets.get(id)?.zone ?? id);
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (twice !== undefined) throw refusal('DuplicateSubnetsInSameZone', `two subnets in ${twice}`);
}

function carries(subnet: Subnet, type: string): boolean {
  const [has4, has6] = [subnet.cidr !== undefined, subnet.ipv6Cidrs.length > 0];
  return { ipv4: has4, ipv6: has6 && !has4, dualstack: has4 && has6 }[type] ?? false;
}

function checkGroups(world: AwsWorld, vpcId: string, ids: readonly string[]): void {
  if (ids.length > 5) throw refusal('SecurityGroupsPerInterfaceLimitExceeded', 'at most 5 groups');
  for (const id of ids) {
    if (world.groups.get(id)?.vpcId !== vpcId) {
      throw refusal('InvalidGroup.NotFound', `no group ${id} in ${vpcId}`);
    }
  }
}

/** How many more interfaces a subnet can take. */
export function freeAddresses(world: AwsWorld, { id, availableAddresses }: Subnet): number {
  const taken = [...world.endpoints.values()]
    .filter(holdsResources)
    .flatMap(({ networkInterfaceIds }) => networkInterfaceIds)
    .filter((eni) => world.interfaces.get(eni)?.subnetId === id);
  return Math.max(0, availableAddresses - taken.length);
}

function checkFree(world: AwsWorld, subnetIds: readonly string[]): void {
  for (const id of subnetIds) {
    const subnet = world.subnets.get(id);
    if (subnet !== undefined && freeAddresses(world, subnet) === 0) {
      throw refusal('InsufficientFreeAddressesInSubnet', `${id} has no free address`);
    }
  }
}

function checkAddresses(world: AwsWorld, addresses: readonly SubnetAddress[], own: string): void {
  const ownInterfaces = world.endpoints.get(own)?.networkInterfaceIds ?? [];
  const taken = [...world.endpoints.values()]
    .filter(holdsResources)
    .flatMap((one) => one.networkInterfaceIds)
    .filter((id) => !ownInterfaces.includes(id))
    .map((id) => world.interfaces.get(id));
  for (const { subnetId, ipv4 } of addresses) {
    if (taken.some((one) => one?.subnetId === subnetId && one.ipv4 === ipv4)) {
      throw refusal('InvalidIPAddress.InUse', `Address ${ipv4} is in use.`);
    }
  }
}

/** One endpoint per VPC and service has the private name, until AWS says that it is gone. */
function checkPrivateDns(world: AwsWorld, place: Omit<Placed, 'ipAddressType'>, own: string): void {
  const dns = world.dns.get(place.vpcId);
  if (dns?.enableDnsHostnames !== true || !dns.enableDnsSupport) {
    throw refusal('InvalidParameter', 'Private DNS requires both DNS attributes of the VPC.');
  }
  const rival = [...world.endpoints.values()].find(
    (one) =>
      one.id !== own &&
      one.vpcId === place.vpcId &&
      one.serviceName === place.serviceName &&
      one.privateDnsEnabled &&
      holdsResources(one),
  );
  if (rival !== undefined) {
    throw refusal('ConflictingDNSDomain', 'there is already a conflicting DNS domain in the VPC');
  }
}

/** Changes an endpoint; one change at a time. */
export function modifyEndpoint(world: AwsWorld, call: ModifyVpcEndpoint, by: Author): void {
  const { endpointId: id } = call;
  const former = world.endpoints.get(id);
  if (former === undefined || former.state === 'deleted') {
    throw refusal('InvalidVpcEndpointId.NotFound', `no endpoint ${id}`);
  }
  if (former.requesterManaged) throw refusal('OperationNotPermitted', `${id} is AWS's own`);
  if (former.state === 'pending') throw refusal('OperationInProgress', `${id} is being changed`);
  if (former.state !== 'available') throw refusal('IncorrectState', `${id} is ${former.state}`);
  const ipAddressType = call.ipAddressType ?? former.ipAddressType ?? 'ipv4';
  const place = { vpcId: former.vpcId, serviceName: former.serviceName, ipAddressType };
  // AWS holds added subnets against the ones that are still there, also those that are leaving.
  checkZones(world, [...former.subnetIds, ...call.addSubnetIds]);
  checkSubnets(world, place, call.addSubnetIds);
  checkFree(world, call.addSubnetIds);
  const subnetIds = [...without(former.subnetIds, call.removeSubnetIds), ...call.addSubnetIds];
  const unfit = subnetIds.filter((id) => {
    const subnet = world.subnets.get(id);
    return subnet !== undefined && !carries(subnet, ipAddressType);
  });
  if (unfit.length > 0) throw refusal('InvalidParameter', `${unfit.join()} lacks ${ipAddressType}`);
  const added = without(call.addSecurityGroupIds, former.securityGroupIds);
  const securityGroupIds = [
    ...without(former.securityGroupIds, call.removeSecurityGroupIds),
    ...added,
  ];
  checkGroups(world, former.vpcId, securityGroupIds);
  checkAddresses(world, call.addresses, id);
  if (call.privateDnsEnabled === true) checkPrivateDns(world, former, id);
  const value: Endpoint = {
    ...former,
    state: 'pending',
    subnetIds,
    securityGroupIds,
    ipAddressType,
    networkInterfaceIds: changedInterfaces(world, former, call),
    privateDnsEnabled: call.privateDnsEnabled ?? former.privateDnsEnabled,
    ...(call.policy === undefined ? {} : { policy: call.policy }),
    ...(call.dnsRecordIpType === undefined ? {} : { dnsRecordIpType: call.dnsRecordIpType }),
  };
  world.remaining.delete(id);
  change(world, world.endpoints, { id, value: named(world, value) }, { what: 'modified', by });
}

/** Deletes endpoints; an unknown one counts as deleted. The first refusal is thrown at the end. */
export function deleteEndpoints(world: AwsWorld, call: DeleteVpcEndpoints, by: Author): void {
  const refused: string[] = [];
  for (const id of call.endpointIds) {
    const former = world.endpoints.get(id);
    if (former === undefined || former.state === 'deleted' || former.state === 'deleting') continue;
    if (former.requesterManaged) {
      refused.push(id);
      continue;
    }
    world.remaining.delete(id);
    const value: Endpoint = { ...former, state: 'deleting' };
    change(world, world.endpoints, { id, value }, { what: 'deleted', by });
  }
  if (refused.length > 0) throw refusal('OperationNotPermitted', `${refused[0]} is AWS's own`);
}

function newInterfaces(
  world: AwsWorld,
  subnetIds: readonly string[],
  addresses: readonly SubnetAddress[],
): readonly NetworkInterface[] {
  return subnetIds.map((subnetId) => {
    const fixed = addresses.find((one) => one.subnetId === subnetId);
    const id = newId(world, 'eni');
    const zone = world.subnets.get(subnetId)?.zone ?? '';
    const one = { id, subnetId, zone, ipv4: fixed?.ipv4 ?? `10.9.0.${world.lastId % 250}` };
    world.interfaces.set(id, one);
    return one;
  });
}

/** A fixed address gives its subnet another interface. */
function changedInterfaces(
  world: AwsWorld,
  former: Endpoint,
  call: ModifyVpcEndpoint,
): readonly string[] {
  const replaced = call.addresses.map(({ subnetId }) => subnetId);
  const gone = [...call.removeSubnetIds, ...replaced];
  const kept = former.networkInterfaceIds.filter(
    (id) => !gone.includes(world.interfaces.get(id)?.subnetId ?? ''),
  );
  const fresh = [...new Set([...call.addSubnetIds, ...replaced])];
  return [...kept, ...newInterfaces(world, fresh, call.addresses).map(({ id }) => id)];
}

/** With the DNS names that AWS gives it: its own first, the private ones last. */
export function named(world: AwsWorld, endpoint: Endpoint): Endpoint {
  const service = world.services.get(endpoint.serviceName);
  const zones = endpoint.subnetIds.map((id) => world.subnets.get(id)?.zone ?? '');
  const own = (tail: string): string => `${endpoint.id}-x7k2${tail}.eu-west-1.vpce.amazonaws.com`;
  const privateNames = endpoint.privateDnsEnabled ? (service?.privateDnsNames ?? []) : [];
  const dnsNames = [own(''), ...zones.map((zone) => own(`-${zone}`)), ...privateNames];
  return { ...endpoint, dnsNames };
}

function without(from: readonly string[], ids: readonly string[]): readonly string[] {
  return from.filter((id) => !ids.includes(id));
}
