import type { ActionTable, CallContext } from '../../actions.ts';
import { type Form, textsOf } from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { existing, idKinds } from '../errors.ts';
import { filtered, idsFiltered } from '../filters.ts';
import {
  attachmentOf,
  interfaceFilters,
  macAddressOf,
  privateDnsNameOf,
  requesterId,
  typeOf,
} from './interface-filters.ts';
import { type DescribedInterface, interfacesOf } from './interfaces.ts';
import { pageOf } from '../paging.ts';
import type { RegionState } from '../region.ts';
import { zoneNamed } from './subnets.ts';
import { tagSetOf } from '../tag-specifications.ts';

export const interfaceActions: ActionTable = {
  DescribeNetworkInterfaces: {
    readOnly: true,
    optional: ['NetworkInterfaceId', 'Filter', 'MaxResults', 'NextToken'],
    run: describeInterfaces,
  },
};

function describeInterfaces(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const ids = textsOf(form, 'NetworkInterfaceId');
  const wanted = ids.length === 0 ? idsFiltered(form, 'network-interface-id') : ids;
  const all = interfacesOf(region, context.view, wanted);
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
  const { rows, nextToken } = pageOf(filtered(interfaces, form, interfaceFilters(region)), form, {
    ids: 'NetworkInterfaceId',
  });
  return { networkInterfaceSet: itemsOf(rows.map((row) => interfaceXml(region, row))), nextToken };
}

function interfaceXml(region: RegionState, row: DescribedInterface): XmlElement {
  const subnet = region.subnets.get(row.subnetId);
  const isEndpoint = row.endpointId !== undefined;
  const privateDnsName = privateDnsNameOf(region, row);
  return {
    networkInterfaceId: row.id,
    subnetId: row.subnetId,
    vpcId: subnet?.vpcId,
    availabilityZone: subnet?.zone,
    availabilityZoneId: subnet && zoneNamed(region, subnet.zone).id,
    description: row.description,
    ownerId: region.accountId,
    requesterId: isEndpoint ? requesterId : undefined,
    requesterManaged: isEndpoint,
    interfaceType: typeOf(row),
    status: 'in-use',
    macAddress: macAddressOf(row),
    privateIpAddress: row.ipv4,
    privateDnsName,
    privateIpAddressesSet: itemsOf(
      row.ipv4 === undefined ? [] : [{ privateIpAddress: row.ipv4, privateDnsName, primary: true }],
    ),
    ipv6AddressesSet: itemsOf(
      row.ipv6 === undefined ? [] : [{ ipv6Address: row.ipv6, isPrimaryIpv6: false }],
    ),
    ipv6Address: row.ipv6,
    denyAllIgwTraffic: isEndpoint && row.ipv6 !== undefined ? true : undefined,
    sourceDestCheck: true,
    groupSet: itemsOf(
      row.groupIds.map((groupId) => ({ groupId, groupName: region.groups.get(groupId)?.name })),
    ),
    attachment: { ...attachmentOf(region, row) },
    operator: { managed: false },
    tagSet: tagSetOf(row.tags),
  };
}
