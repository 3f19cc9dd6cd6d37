import type { CallContext } from '../actions.ts';
import type { CatalogueService } from '../catalogue.ts';
import { AwsError } from '../protocol/error.ts';
import { booleanOf, type Form, requiredTextOf, textOf, textsOf } from '../protocol/form.ts';
import type { XmlElement } from '../protocol/xml.ts';
import { madeBefore, remember } from './client-tokens.ts';
import { regionOf } from './context.ts';
import { newEndpointInterface } from './endpoint-addresses.ts';
import {
  checkedDnsRecordIpType,
  checkedSubnets,
  checkEndpointQuota,
  checkGroups,
  checkIpAddressType,
  defaultGroupId,
} from './endpoint-checks.ts';
import { checkPrivateDns } from './endpoint-dns.ts';
import { invalidParameter } from './endpoint-errors.ts';
import { checkedPolicy } from './endpoint-policy.ts';
import { endpointState } from './endpoint-state.ts';
import { endpointXml } from './endpoint-xml.ts';
import { existing, idKinds } from './errors.ts';
import type { Vpc, VpcEndpoint } from './records.ts';
import type { RegionState } from './region.ts';
import { fixedAddressesIn } from './subnet-configurations.ts';
import { tagsOnCreate } from './tag-specifications.ts';

const action = 'CreateVpcEndpoint';

export function createVpcEndpoint(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const endpoint = endpointOfToken(region, form) ?? newEndpoint(region, form);
  remember(region, action, form, endpoint.id);
  return {
    vpcEndpoint: endpointXml(region, endpoint, region.ledger.now()),
    clientToken: textOf(form, 'ClientToken'),
  };
}

/** The endpoint that the token made before, as long as it is described, as a tombstone too. */
function endpointOfToken(region: RegionState, form: Form): VpcEndpoint | undefined {
  const nowMs = region.ledger.now();
  const id = madeBefore(region, action, form, (made) => {
    const endpoint = region.endpoints.get(made);
    return endpoint !== undefined && endpointState(endpoint, nowMs) !== undefined;
  });
  return id === undefined ? undefined : region.endpoints.get(id);
}

function newEndpoint(region: RegionState, form: Form): VpcEndpoint {
  const vpcId = requiredTextOf(form, 'VpcId');
  const vpc = existing(idKinds.vpc, vpcId, region.vpcs.get(vpcId));
  const service = serviceNamed(region, form);
  const type = textOf(form, 'VpcEndpointType') ?? 'Gateway';
  if (!['Interface', 'Gateway', 'GatewayLoadBalancer'].includes(type)) {
    throw new AwsError('InvalidVpcEndpointType', `The VPC endpoint type ${type} is invalid.`);
  }
  if (type !== service.type) {
    throw invalidParameter(
      `Endpoint type (${type}) does not match available service types ([${service.type}]).`,
    );
  }
  const endpoint =
    type === 'Gateway'
      ? newGatewayEndpoint(region, vpc, service, form)
      : newInterfaceEndpoint(region, vpc, service, form);
  region.endpoints.put(endpoint.id, endpoint);
  return endpoint;
}

function serviceNamed(region: RegionState, form: Form): CatalogueService {
  const name = requiredTextOf(form, 'ServiceName');
  const service = region.services.get(name);
  // No SageMaker service can be reached from another region.
  const isHere = (textOf(form, 'ServiceRegion') ?? region.name) === region.name;
  if (service !== undefined && isHere) return service;
  throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
}

function newInterfaceEndpoint(
  region: RegionState,
  vpc: Vpc,
  service: CatalogueService,
  form: Form,
): VpcEndpoint {
  const subnets = checkedSubnets(region, vpc.id, service, textsOf(form, 'SubnetId'));
  const groupIds = [...new Set(textsOf(form, 'SecurityGroupId'))];
  if (groupIds.length === 0) groupIds.push(defaultGroupId(region, vpc.id));
  checkGroups(region, vpc.id, groupIds);
  const policy = checkedPolicy(service, form);
  const ipAddressType = textOf(form, 'IpAddressType') ?? 'ipv4';
  checkIpAddressType(service, ipAddressType, subnets);
  const dnsRecordIpType = checkedDnsRecordIpType(form, ipAddressType);
  // Left out, AWS behaves as if true were given, where the service has private names.
  const privateDnsEnabled =
    booleanOf(form, 'PrivateDnsEnabled') ?? service.privateDnsNames.length > 0;
  if (privateDnsEnabled) checkPrivateDns(region, vpc, service);
  checkEndpointQuota(region, vpc.id);
  const fixed = fixedAddressesIn(
    form,
    subnets.map(({ id }) => id),
  );
  const interfaces = subnets.map((subnet) =>
    newEndpointInterface(region, subnet, ipAddressType, fixed.get(subnet.id)),
  );
  return {
    ...blankEndpoint(region, vpc, service, form),
    settledState: service.acceptanceRequired ? 'pendingAcceptance' : 'available',
    pendingUntilMs: service.acceptanceRequired
      ? 0
      : region.ledger.now() + region.settings.pendingMs,
    policy,
    groupIds,
    interfaces,
    ipAddressType,
    dnsRecordIpType,
    privateDnsEnabled,
  };
}

function newGatewayEndpoint(
  region: RegionState,
  vpc: Vpc,
  service: CatalogueService,
  form: Form,
): VpcEndpoint {
  const unsuitable = ['SubnetId', 'SecurityGroupId', 'SubnetConfiguration'];
  const given = unsuitable.find((name) => form[name] !== undefined);
  if (given !== undefined) throw invalidParameter(`${given} is not for Gateway endpoints.`);
  const policy = checkedPolicy(service, form);
  const routeTableIds = textsOf(form, 'RouteTableId');
  return { ...blankEndpoint(region, vpc, service, form), policy, routeTableIds };
}

function blankEndpoint(
  region: RegionState,
  vpc: Vpc,
  service: CatalogueService,
  form: Form,
): VpcEndpoint {
  return {
    id: region.ids.resource('vpce'),
    type: service.type,
    vpcId: vpc.id,
    serviceName: service.name,
    settledState: 'available',
    pendingUntilMs: 0,
    pendingFor: 'create',
    groupIds: [],
    interfaces: [],
    routeTableIds: [],
    ipAddressType: 'ipv4',
    dnsRecordIpType: 'ipv4',
    privateDnsEnabled: false,
    dnsHash: region.ids.hex('dns', 8),
    createdAtMs: region.ledger.now(),
    requesterManaged: false,
    tags: tagsOnCreate(form, 'vpc-endpoint'),
  };
}
