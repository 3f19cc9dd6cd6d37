import type { ActionTable, CallContext } from '../../actions.ts';
import { AwsError } from '../../protocol/error.ts';
import {
  booleanOf,
  type Form,
  missingParameter,
  requiredTextOf,
  textOf,
  textsOf,
} from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { arnOf, regionOf } from '../context.ts';
import { dependencyViolation, existing, idKinds } from '../errors.ts';
import { filtered } from '../filters.ts';
import { hostnameTypeOf, subnetFilters } from './subnet-filters.ts';
import { addressesInUse } from './interfaces.ts';
import { pageOf } from '../paging.ts';
import type { Subnet } from '../records.ts';
import type { RegionState } from '../region.ts';
import { addSubnet, availableAddresses, zoneNamed } from './subnets.ts';
import { tagSetOf, tagsOnCreate } from '../tag-specifications.ts';

export const subnetActions: ActionTable = {
  CreateSubnet: {
    readOnly: false,
    required: ['VpcId'],
    optional: [
      'AvailabilityZone',
      'AvailabilityZoneId',
      'CidrBlock',
      'Ipv6CidrBlock',
      'Ipv6Native',
      'OutpostArn',
      'TagSpecification',
    ],
    run: createSubnet,
  },
  DeleteSubnet: { readOnly: false, required: ['SubnetId'], run: deleteSubnet },
  DescribeSubnets: {
    readOnly: true,
    optional: ['SubnetId', 'Filter', 'MaxResults', 'NextToken'],
    run: describeSubnets,
  },
};

function createSubnet(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const cidr = textOf(form, 'CidrBlock');
  const ipv6Cidr = textOf(form, 'Ipv6CidrBlock');
  const ipv6Only = booleanOf(form, 'Ipv6Native') === true;
  if (cidr === undefined && !ipv6Only) throw missingParameter('CidrBlock');
  if (ipv6Only && (cidr !== undefined || ipv6Cidr === undefined)) {
    throw new AwsError(
      'InvalidParameterCombination',
      'An IPv6-only subnet has an Ipv6CidrBlock and no CidrBlock.',
    );
  }
  const subnet = addSubnet(region, {
    vpcId: requiredTextOf(form, 'VpcId'),
    zone: textOf(form, 'AvailabilityZone') ?? textOf(form, 'AvailabilityZoneId'),
    cidr,
    ipv6Cidr,
    outpostArn: textOf(form, 'OutpostArn'),
    tags: tagsOnCreate(form, 'subnet'),
  });
  return { subnet: subnetXml(region, subnet) };
}

function deleteSubnet(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const id = requiredTextOf(form, 'SubnetId');
  existing(idKinds.subnet, id, region.subnets.get(id));
  if (addressesInUse(region, id).length > 0) throw dependencyViolation(id);
  region.subnets.delete(id);
  return { return: true };
}

function describeSubnets(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { view } = context;
  const ids = textsOf(form, 'SubnetId');
  const subnets =
    ids.length === 0
      ? region.subnets.list(view)
      : ids.map((id) => existing(idKinds.subnet, id, region.subnets.get(id, view)));
  const { rows, nextToken } = pageOf(filtered(subnets, form, subnetFilters(region)), form, {
    ids: 'SubnetId',
  });
  return { subnetSet: itemsOf(rows.map((subnet) => subnetXml(region, subnet))), nextToken };
}

function subnetXml(region: RegionState, subnet: Subnet): XmlElement {
  return {
    subnetId: subnet.id,
    subnetArn: arnOf(region, `subnet/${subnet.id}`),
    state: 'available',
    vpcId: subnet.vpcId,
    ownerId: subnet.ownerId,
    cidrBlock: subnet.cidr,
    ipv6CidrBlockAssociationSet: itemsOf(
      subnet.ipv6Cidrs.map(({ associationId, cidr }) => ({
        associationId,
        ipv6CidrBlock: cidr,
        ipv6CidrBlockState: { state: 'associated' },
      })),
    ),
    availableIpAddressCount: availableAddresses(region, subnet),
    availabilityZone: subnet.zone,
    availabilityZoneId: zoneNamed(region, subnet.zone).id,
    defaultForAz: subnet.defaultForZone,
    mapPublicIpOnLaunch: subnet.defaultForZone,
    assignIpv6AddressOnCreation: subnet.cidr === undefined,
    ipv6Native: subnet.cidr === undefined,
    enableDns64: false,
    mapCustomerOwnedIpOnLaunch: false,
    outpostArn: subnet.outpostArn,
    privateDnsNameOptionsOnLaunch: {
      hostnameType: hostnameTypeOf(subnet),
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAAAARecord: false,
    },
    blockPublicAccessStates: { internetGatewayBlockMode: 'off' },
    tagSet: tagSetOf(subnet.tags),
  };
}
