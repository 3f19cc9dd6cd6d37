import { createHash } from 'node:crypto';
import type { FilterFields } from '../filters.ts';
import type { DescribedInterface } from './interfaces.ts';
import type { RegionState } from '../region.ts';
import { zoneNamed } from './subnets.ts';

/** The account in which AWS keeps the interfaces of endpoints. */
export const requesterId = '727180483921';

export function typeOf({ endpointId }: DescribedInterface): string {
  return endpointId === undefined ? 'interface' : 'vpc_endpoint';
}

export function macAddressOf({ id }: DescribedInterface): string {
  return `02:${hashOf(id, 10).match(/../g)?.join(':')}`;
}

/** `ip-10-0-0-5.ec2.internal`; undefined without IPv4, or where the VPC gives no names. */
export function privateDnsNameOf(
  region: RegionState,
  { ipv4, subnetId }: DescribedInterface,
): string | undefined {
  const vpc = region.vpcs.get(region.subnets.get(subnetId)?.vpcId ?? '');
  if (ipv4 === undefined || vpc?.enableDnsHostnames !== true) return undefined;
  const domain = region.name === 'us-east-1' ? 'ec2' : `${region.name}.compute`;
  return `ip-${ipv4.replaceAll('.', '-')}.${domain}.internal`;
}

interface Attachment {
  readonly attachmentId: string;
  readonly deleteOnTermination: boolean;
  readonly deviceIndex: number;
  readonly instanceId?: string;
  readonly instanceOwnerId: string;
  readonly status: string;
}

/** To what the interface belongs: AWS's side of an endpoint, else an instance. */
export function attachmentOf(
  { accountId }: RegionState,
  { id, endpointId }: DescribedInterface,
): Attachment {
  const common = { status: 'attached', deleteOnTermination: endpointId === undefined };
  if (endpointId !== undefined) {
    const attachmentId = id.replace('eni-', 'ela-attach-');
    return { ...common, attachmentId, deviceIndex: 1, instanceOwnerId: 'amazon-aws' };
  }
  return {
    ...common,
    attachmentId: id.replace('eni-', 'eni-attach-'),
    deviceIndex: 0,
    instanceId: `i-0${hashOf(`instance/${id}`, 16)}`,
    instanceOwnerId: accountId,
  };
}

function hashOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** Filters of DescribeNetworkInterfaces, with `group-name`, which AWS listed once and still takes. */
export function interfaceFilters(region: RegionState): FilterFields<DescribedInterface> {
  return { ...ownFilters(region), ...attachmentFilters(region), ...addressFilters(region) };
}

function ownFilters(region: RegionState): FilterFields<DescribedInterface> {
  const subnetOf = ({ subnetId }: DescribedInterface) => region.subnets.get(subnetId);
  return {
    'network-interface-id': (row) => [row.id],
    'subnet-id': (row) => [row.subnetId],
    'vpc-id': (row) => given(subnetOf(row)?.vpcId),
    'availability-zone': (row) => given(subnetOf(row)?.zone),
    'availability-zone-id': (row) => given(zoneNamed(region, subnetOf(row)?.zone).id),
    'group-id': (row) => row.groupIds,
    'group-name': (row) => row.groupIds.flatMap((id) => given(region.groups.get(id)?.name)),
    description: (row) => [row.description],
    'interface-type': (row) => [typeOf(row)],
    'mac-address': (row) => [macAddressOf(row)],
    'operator.managed': () => ['false'],
    'operator.principal': () => [],
    'owner-id': () => [region.accountId],
    'requester-id': (row) => (row.endpointId === undefined ? [] : [requesterId]),
    'requester-managed': (row) => [String(row.endpointId !== undefined)],
    'source-dest-check': () => ['true'],
    status: () => ['in-use'],
  };
}

function attachmentFilters(region: RegionState): FilterFields<DescribedInterface> {
  const attachment = (row: DescribedInterface): Attachment => attachmentOf(region, row);
  return {
    'attachment.attach-time': () => [],
    'attachment.attachment-id': (row) => [attachment(row).attachmentId],
    'attachment.delete-on-termination': (row) => [String(attachment(row).deleteOnTermination)],
    'attachment.device-index': (row) => [String(attachment(row).deviceIndex)],
    'attachment.instance-id': (row) => given(attachment(row).instanceId),
    'attachment.instance-owner-id': (row) => [attachment(row).instanceOwnerId],
    'attachment.status': (row) => [attachment(row).status],
  };
}

/** No interface of the simulator has a public address, which `association` is about. */
function addressFilters(region: RegionState): FilterFields<DescribedInterface> {
  const ipv4 = (row: DescribedInterface): readonly string[] => given(row.ipv4);
  const none = (): readonly string[] => [];
  return {
    'private-dns-name': (row) => given(privateDnsNameOf(region, row)),
    'private-ip-address': ipv4,
    'addresses.private-ip-address': ipv4,
    'addresses.primary': (row) => ipv4(row).map(() => 'true'),
    'addresses.association.owner-id': none,
    'addresses.association.public-ip': none,
    'association.allocation-id': none,
    'association.association-id': none,
    'association.ip-owner-id': none,
    'association.public-dns-name': none,
    'association.public-ip': none,
    'ipv6-addresses.ipv6-address': (row) => given(row.ipv6),
  };
}

function given(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
