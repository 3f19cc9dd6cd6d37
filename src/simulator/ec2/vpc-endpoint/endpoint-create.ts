import type { CallContext } from '../../actions.ts';
import type { CatalogueService } from '../../catalogue.ts';
import { AwsError } from '../../protocol/error.ts';
import { booleanOf, type Form, requiredTextOf, textOf, textsOf } from '../../protocol/form.ts';
import type { XmlElement } from '../../protocol/xml.ts';
import { unsupported } from '../../unsupported.ts';
import { madeBefore, remember } from '../client-tokens.ts';
import { regionOf } from '../context.ts';
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
import { invalidParameter, notAccepted } from './endpoint-errors.ts';
import { checkedPolicy } from './endpoint-policy.ts';
import { endpointState } from './endpoint-state.ts';
import { endpointXml } from './endpoint-xml.ts';
import { checkForm, existing, idKinds, noSuchService } from '../errors.ts';
import type { Vpc, VpcEndpoint } from '../records.ts';
import type { RegionState } from '../region.ts';
import { fixedAddressesIn } from './subnet-configurations.ts';
import { tagsOnCreate } from '../tag-specifications.ts';

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
  const service = serviceNamed(region, form, typeIn(form));
  const endpoint =
    service.type === 'Gateway'
      ? newGatewayEndpoint(region, vpc, service, form)
      : newInterfaceEndpoint(region, vpc, service, form);
  region.endpoints.put(endpoint.id, endpoint);
  return endpoint;
}

function typeIn(form: Form): string {
  const type = textOf(form, 'VpcEndpointType') ?? 'Gateway';
  if (['Resource', 'ServiceNetwork', 'Tunnel'].includes(type)) {
    throw unsupported(`The VPC endpoint type ${type}`);
  }
  if (['Interface', 'Gateway', 'GatewayLoadBalancer'].includes(type)) return type;
  throw new AwsError('InvalidVpcEndpointType', `The VPC endpoint type ${type} is invalid.`);
}

function serviceNamed(region: RegionState, form: Form, type: string): CatalogueService {
  const name = requiredTextOf(form, 'ServiceName');
  const ofName = [...region.services.values()].filter((service) => service.name === name);
  // No SageMaker service can be reached from another region.
  const isHere = (textOf(form, 'ServiceRegion') ?? region.name) === region.name;
  if (ofName.length === 0 || !isHere) throw noSuchService(name);
  const service = ofName.find((candidate) => candidate.type === type);
  if (service !== undefined) return service;
  const types = ofName.map((candidate) => candidate.type).join(', ');
  throw invalidParameter(
    `Endpoint type (${type}) does not match available service types ([${types}]).`,
  );
}

function newInterfaceEndpoint(
  region: RegionState,
  vpc: Vpc,
  service: CatalogueService,
  form: Form,
): VpcEndpoint {
  if (form['RouteTableId'] !== undefined) {
    throw invalidParameter('Route tables cannot be specified for Interface type endpoints.');
  }
  const subnets = checkedSubnets(region, vpc.id, service, textsOf(form, 'SubnetId'));
  const groupIds = [...new Set(textsOf(form, 'SecurityGroupId'))];
  if (groupIds.length === 0) groupIds.push(defaultGroupId(region, vpc.id));
  checkGroups(region, vpc.id, groupIds);
  const policy = checkedPolicy(service, form);
  const ipAddressType = textOf(form, 'IpAddressType') ?? 'ipv4';
  checkIpAddressType(service, ipAddressType, subnets);
  const dnsRecordIpType = checkedDnsRecordIpType(form, ipAddressType);
  const privateDnsEnabled = privateDnsIn(form, service);
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
    privateDnsChangedAtMs: privateDnsEnabled ? region.ledger.now() : undefined,
  };
}

/**
 * Left out, AWS behaves as if true were given, where the service has private names and accepts
 * everybody; before an acceptance they cannot be had.
 */
function privateDnsIn(form: Form, service: CatalogueService): boolean {
  const wanted = booleanOf(form, 'PrivateDnsEnabled');
  if (wanted === true && service.acceptanceRequired) throw notAccepted(service.name);
  return wanted ?? (service.privateDnsNames.length > 0 && !service.acceptanceRequired);
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
  if (booleanOf(form, 'PrivateDnsEnabled') === true) {
    throw invalidParameter('Private DNS can only be set for Interface type endpoints.');
  }
  const routeTableIds = textsOf(form, 'RouteTableId');
  for (const id of routeTableIds) checkForm(idKinds.routeTable, id);
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
