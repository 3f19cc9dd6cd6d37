import { createHash } from 'node:crypto';
import type { ActionTable, CallContext } from '../actions.ts';
import { type Form, textsOf } from '../protocol/form.ts';
import { itemsOf, type XmlElement } from '../protocol/xml.ts';
import { regionOf } from './context.ts';
import { existing, idKinds } from './errors.ts';
import { filtered, type FilterFields } from './filters.ts';
import { type DescribedInterface, interfacesOf } from './interfaces.ts';
import { pageOf } from './paging.ts';
import type { RegionState } from './region.ts';
import { zoneNamed } from './subnets.ts';
import { tagSetOf } from './tag-specifications.ts';

export const interfaceActions: ActionTable = {
  DescribeNetworkInterfaces: {
    readOnly: true,
    optional: ['NetworkInterfaceId', 'Filter', 'MaxResults', 'NextToken'],
    run: describeInterfaces,
  },
};

function describeInterfaces(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const all = interfacesOf(region, context.view);
  const ids = textsOf(form, 'NetworkInterfaceId');
  const interfaces =
    ids.length === 0
      ? all
      : ids.map((id) =>
          existing(
            idKinds.networkInterface,
            id,
            all.find((networkInterface) => networkInterface.id === id),
          ),
        );
  const { rows, nextToken } = pageOf(filtered(interfaces, form, filterFields(region)), form, {
    ids: 'NetworkInterfaceId',
  });
  return { networkInterfaceSet: itemsOf(rows.map((row) => interfaceXml(region, row))), nextToken };
}

function filterFields(region: RegionState): FilterFields<DescribedInterface> {
  return {
    'network-interface-id': (row) => [row.id],
    'subnet-id': (row) => [row.subnetId],
    'vpc-id': (row) => [region.subnets.get(row.subnetId)?.vpcId ?? ''],
    'availability-zone': (row) => [region.subnets.get(row.subnetId)?.zone ?? ''],
    'group-id': (row) => row.groupIds,
    description: (row) => [row.description],
    'interface-type': (row) => [typeOf(row)],
    'requester-managed': (row) => [String(row.endpointId !== undefined)],
    'private-ip-address': (row) => (row.ipv4 === undefined ? [] : [row.ipv4]),
    'addresses.private-ip-address': (row) => (row.ipv4 === undefined ? [] : [row.ipv4]),
    'ipv6-addresses.ipv6-address': (row) => (row.ipv6 === undefined ? [] : [row.ipv6]),
    status: () => ['in-use'],
  };
}

function typeOf(row: DescribedInterface): string {
  return row.endpointId === undefined ? 'interface' : 'vpc_endpoint';
}

function interfaceXml(region: RegionState, row: DescribedInterface): XmlElement {
  const subnet = region.subnets.get(row.subnetId);
  const isEndpoint = row.endpointId !== undefined;
  return {
    networkInterfaceId: row.id,
    subnetId: row.subnetId,
    vpcId: subnet?.vpcId,
    availabilityZone: subnet?.zone,
    availabilityZoneId: subnet && zoneNamed(region, subnet.zone).id,
    description: row.description,
    ownerId: region.accountId,
    requesterId: isEndpoint ? '727180483921' : undefined,
    requesterManaged: isEndpoint,
    interfaceType: typeOf(row),
    status: 'in-use',
    macAddress: macAddressOf(row.id),
    privateIpAddress: row.ipv4,
    privateIpAddressesSet: itemsOf(
      row.ipv4 === undefined ? [] : [{ privateIpAddress: row.ipv4, primary: true }],
    ),
    ipv6AddressesSet: itemsOf(row.ipv6 === undefined ? [] : [{ ipv6Address: row.ipv6 }]),
    ipv6Address: row.ipv6,
    denyAllIgwTraffic: isEndpoint && row.ipv6 !== undefined ? true : undefined,
    sourceDestCheck: true,
    groupSet: itemsOf(
      row.groupIds.map((groupId) => ({ groupId, groupName: region.groups.get(groupId)?.name })),
    ),
    attachment: isEndpoint
      ? { attachmentId: row.id.replace('eni-', 'ela-attach-'), status: 'attached', deviceIndex: 1 }
      : undefined,
    tagSet: tagSetOf(row.tags),
  };
}

function macAddressOf(id: string): string {
  const bytes = createHash('sha256').update(id).digest('hex').slice(0, 10);
  return `02:${bytes.match(/../g)?.join(':')}`;
}
