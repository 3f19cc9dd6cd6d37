import type { CallContext } from '../../actions.ts';
import type { CatalogueService } from '../../catalogue.ts';
import { AwsError } from '../../protocol/error.ts';
import { booleanOf, type Form, requiredTextOf, textOf, textsOf } from '../../protocol/form.ts';
import type { XmlElement } from '../../protocol/xml.ts';
import { unsupported } from '../../unsupported.ts';
import { regionOf } from '../context.ts';
import { newEndpointInterface } from './endpoint-addresses.ts';
import {
  checkedDnsRecordIpType,
  checkedSubnets,
  checkGroups,
  checkIpAddressType,
  duplicateZone,
} from './endpoint-checks.ts';
import { checkPrivateDns, serviceOf } from './endpoint-dns.ts';
import { invalidParameter, notAccepted } from './endpoint-errors.ts';
import { checkedPolicy } from './endpoint-policy.ts';
import { endpointState } from './endpoint-state.ts';
import { existing, idKinds, noSuchService } from '../errors.ts';
import type { EndpointInterface, Subnet, VpcEndpoint } from '../records.ts';
import type { RegionState } from '../region.ts';
import { fixedAddressesIn } from './subnet-configurations.ts';

/** Changes an endpoint, which is pending afterwards; one change at a time. */
export function modifyVpcEndpoint(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const endpoint = modifiableEndpoint(
    region,
    requiredTextOf(form, 'VpcEndpointId'),
    booleanOf(form, 'PrivateDnsEnabled') === true,
  );
  const service = serviceOf(region, endpoint);
  if (endpoint.type === 'Gateway') throw unsupported('ModifyVpcEndpoint of a gateway endpoint');
  if (service === undefined) throw noSuchService(endpoint.serviceName);
  const interfaces = changedInterfaces(region, endpoint, service, form);
  region.endpoints.change(endpoint.id, {
    ...changedPolicy(service, endpoint, form),
    ...changedDns(region, service, endpoint, form),
    ...interfaces,
    groupIds: changedGroups(region, endpoint, form),
    pendingUntilMs: region.ledger.now() + region.settings.pendingMs,
    pendingFor: 'modify',
  });
  return { return: true };
}

function modifiableEndpoint(
  region: RegionState,
  id: string,
  wantsPrivateDns: boolean,
): VpcEndpoint {
  const endpoint = region.endpoints.get(id);
  const state = endpoint && endpointState(endpoint, region.ledger.now());
  const isThere = state !== undefined && state !== 'deleted';
  const found = existing(idKinds.endpoint, id, isThere ? endpoint : undefined);
  if (found.requesterManaged) {
    throw new AwsError('OperationNotPermitted', `${id} is managed by a service of AWS.`);
  }
  if (state === 'pendingAcceptance' && wantsPrivateDns) throw notAccepted(found.serviceName);
  if (state === 'available') return found;
  if (state === 'pending' && found.pendingFor === 'modify') {
    throw new AwsError('OperationInProgress', 'VpcEndpoint modify operation in progress');
  }
  throw new AwsError('IncorrectState', `The VPC endpoint ${id} is in the state ${state}.`);
}

function changedPolicy(
  service: CatalogueService,
  endpoint: VpcEndpoint,
  form: Form,
): Pick<VpcEndpoint, 'policy'> {
  if (booleanOf(form, 'ResetPolicy') === true) return { policy: undefined };
  return { policy: checkedPolicy(service, form) ?? endpoint.policy };
}

function changedDns(
  region: RegionState,
  service: CatalogueService,
  endpoint: VpcEndpoint,
  form: Form,
): Pick<VpcEndpoint, 'privateDnsEnabled' | 'privateDnsChangedAtMs'> {
  const wanted = booleanOf(form, 'PrivateDnsEnabled') ?? endpoint.privateDnsEnabled;
  if (wanted === endpoint.privateDnsEnabled) return { privateDnsEnabled: wanted };
  const privateDnsChangedAtMs = region.ledger.now();
  if (!wanted) return { privateDnsEnabled: false, privateDnsChangedAtMs };
  const vpc = existing(idKinds.vpc, endpoint.vpcId, region.vpcs.get(endpoint.vpcId));
  checkPrivateDns(region, vpc, service);
  return { privateDnsEnabled: true, privateDnsChangedAtMs };
}

function changedGroups(region: RegionState, endpoint: VpcEndpoint, form: Form): string[] {
  const groupIds = edited(endpoint.groupIds, form, 'SecurityGroupId');
  checkGroups(region, endpoint.vpcId, groupIds);
  return groupIds;
}

/** A list without the removed and with the added ids of a request. */
function edited(current: readonly string[], form: Form, name: string): string[] {
  const removed = textsOf(form, `Remove${name}`);
  const unknown = removed.find((id) => !current.includes(id));
  if (unknown !== undefined) throw invalidParameter(`${unknown} is not part of the endpoint.`);
  const kept = current.filter((id) => !removed.includes(id));
  return [...new Set([...kept, ...textsOf(form, `Add${name}`)])];
}

type Addressing = Pick<VpcEndpoint, 'interfaces' | 'ipAddressType' | 'dnsRecordIpType'>;

/** Interfaces stay as they are unless their subnet, address or IP type changes. */
function changedInterfaces(
  region: RegionState,
  endpoint: VpcEndpoint,
  service: CatalogueService,
  form: Form,
): Addressing {
  const current = endpoint.interfaces.map(({ subnetId }) => subnetId);
  const subnetIds = edited(current, form, 'SubnetId');
  const subnets = checkedSubnets(region, endpoint.vpcId, service, subnetIds);
  refuseSwapInZone(region, current, subnets);
  const ipAddressType = textOf(form, 'IpAddressType') ?? endpoint.ipAddressType;
  checkIpAddressType(service, ipAddressType, subnets);
  const typeChanges = ipAddressType !== endpoint.ipAddressType;
  const formerRecords = typeChanges ? undefined : endpoint.dnsRecordIpType;
  const fixed = fixedAddressesIn(form, subnetIds);
  const interfaceIn = (subnet: Subnet): EndpointInterface => {
    const present = endpoint.interfaces.find(({ subnetId }) => subnetId === subnet.id);
    if (present !== undefined && !fixed.has(subnet.id) && !typeChanges) return present;
    return newEndpointInterface(region, subnet, ipAddressType, fixed.get(subnet.id));
  };
  return {
    interfaces: subnets.map(interfaceIn),
    ipAddressType,
    dnsRecordIpType: checkedDnsRecordIpType(form, ipAddressType, formerRecords),
  };
}

/**
 * A subnet cannot be swapped for another one of the same zone in one call. Only the two-step way
 * (remove, then add) is known to work at AWS, so the simulator insists on it.
 */
function refuseSwapInZone(
  region: RegionState,
  current: readonly string[],
  wanted: readonly Subnet[],
): void {
  for (const id of current) {
    const subnet = region.subnets.get(id);
    const twin = wanted.find((other) => other.zone === subnet?.zone && other.id !== id);
    if (subnet !== undefined && twin !== undefined) throw duplicateZone(subnet);
  }
}
