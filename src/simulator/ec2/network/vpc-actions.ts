import type { ActionTable, CallContext } from '../../actions.ts';
import { AwsError } from '../../protocol/error.ts';
import {
  booleanOf,
  type Form,
  missingParameter,
  requiredTextOf,
  structureOf,
  textOf,
  textsOf,
} from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { dependencyViolation, existing, idKinds } from '../errors.ts';
import { filtered } from '../filters.ts';
import { pageOf } from '../paging.ts';
import type { CidrAssociation, Vpc } from '../records.ts';
import type { RegionState } from '../region.ts';
import { tagSetOf, tagsOnCreate } from '../tag-specifications.ts';
import { endpointState } from '../vpc-endpoint/endpoint-state.ts';
import { vpcFilters } from './vpc-filters.ts';
import { addVpc, addVpcCidr, addVpcIpv6Cidr } from './vpcs.ts';

export const vpcActions: ActionTable = {
  CreateVpc: {
    readOnly: false,
    required: ['CidrBlock'],
    optional: ['AmazonProvidedIpv6CidrBlock', 'InstanceTenancy', 'TagSpecification'],
    run: createVpc,
  },
  DeleteVpc: { readOnly: false, required: ['VpcId'], run: deleteVpc },
  DescribeVpcs: {
    readOnly: true,
    optional: ['VpcId', 'Filter', 'MaxResults', 'NextToken'],
    run: describeVpcs,
  },
  DescribeVpcAttribute: {
    readOnly: true,
    required: ['VpcId', 'Attribute'],
    run: describeVpcAttribute,
  },
  ModifyVpcAttribute: {
    readOnly: false,
    required: ['VpcId'],
    optional: ['EnableDnsSupport', 'EnableDnsHostnames'],
    run: modifyVpcAttribute,
  },
  AssociateVpcCidrBlock: {
    readOnly: false,
    required: ['VpcId'],
    optional: ['CidrBlock', 'AmazonProvidedIpv6CidrBlock'],
    run: associateVpcCidrBlock,
  },
};

function createVpc(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const vpc = addVpc(region, {
    cidr: requiredTextOf(form, 'CidrBlock'),
    ipv6: booleanOf(form, 'AmazonProvidedIpv6CidrBlock'),
    instanceTenancy: textOf(form, 'InstanceTenancy'),
    tags: tagsOnCreate(form, 'vpc'),
  });
  return { vpc: vpcXml(region, vpc) };
}

function deleteVpc(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const id = requiredTextOf(form, 'VpcId');
  existing(idKinds.vpc, id, region.vpcs.get(id));
  if (vpcIsInUse(region, id)) throw dependencyViolation(id);
  for (const group of region.groups.list().filter((g) => g.vpcId === id)) {
    for (const rule of region.rules.list().filter((r) => r.groupId === group.id)) {
      region.rules.delete(rule.id);
    }
    region.groups.delete(group.id);
  }
  region.vpcs.delete(id);
  return { return: true };
}

function vpcIsInUse(region: RegionState, vpcId: string): boolean {
  const nowMs = region.ledger.now();
  return (
    region.subnets.list().some((subnet) => subnet.vpcId === vpcId) ||
    region.groups.list().some((group) => group.vpcId === vpcId && group.name !== 'default') ||
    region.endpoints
      .list()
      .some((e) => e.vpcId === vpcId && !['deleted', undefined].includes(endpointState(e, nowMs)))
  );
}

function describeVpcs(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { view } = context;
  const ids = textsOf(form, 'VpcId');
  const vpcs =
    ids.length === 0
      ? region.vpcs.list(view)
      : ids.map((id) => existing(idKinds.vpc, id, region.vpcs.get(id, view)));
  const { rows, nextToken } = pageOf(filtered(vpcs, form, vpcFilters), form, { ids: 'VpcId' });
  return { vpcSet: itemsOf(rows.map((vpc) => vpcXml(region, vpc))), nextToken };
}

function describeVpcAttribute(context: CallContext, form: Form): XmlElement {
  const id = requiredTextOf(form, 'VpcId');
  const vpc = existing(idKinds.vpc, id, regionOf(context).vpcs.get(id, context.view));
  const attribute = requiredTextOf(form, 'Attribute');
  switch (attribute) {
    case 'enableDnsSupport':
      return { vpcId: id, enableDnsSupport: { value: vpc.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { vpcId: id, enableDnsHostnames: { value: vpc.enableDnsHostnames } };
    default:
      throw new AwsError(
        'InvalidParameterValue',
        `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}

/** One attribute per call, and host names only where DNS support is on, as at AWS. */
function modifyVpcAttribute(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const id = requiredTextOf(form, 'VpcId');
  const vpc = existing(idKinds.vpc, id, region.vpcs.get(id));
  const support = structureOf(form, 'EnableDnsSupport');
  const hostnames = structureOf(form, 'EnableDnsHostnames');
  if (support !== undefined && hostnames !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types given');
  }
  if (support !== undefined) {
    region.vpcs.change(id, { enableDnsSupport: booleanOf(support, 'Value') ?? true });
    return { return: true };
  }
  if (hostnames === undefined) throw missingParameter('EnableDnsSupport or EnableDnsHostnames');
  const enableDnsHostnames = booleanOf(hostnames, 'Value') ?? true;
  if (enableDnsHostnames && !vpc.enableDnsSupport) {
    throw new AwsError(
      'InvalidParameterValue',
      'enableDnsHostnames requires enableDnsSupport to be true',
    );
  }
  region.vpcs.change(id, { enableDnsHostnames });
  return { return: true };
}

function associateVpcCidrBlock(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const id = requiredTextOf(form, 'VpcId');
  const vpc = existing(idKinds.vpc, id, region.vpcs.get(id));
  if (booleanOf(form, 'AmazonProvidedIpv6CidrBlock') === true) {
    return { vpcId: id, ipv6CidrBlockAssociation: ipv6Xml(region, addVpcIpv6Cidr(region, vpc)) };
  }
  const cidr = textOf(form, 'CidrBlock');
  if (cidr === undefined) throw missingParameter('CidrBlock');
  return { vpcId: id, cidrBlockAssociation: ipv4Xml(addVpcCidr(region, vpc, cidr)) };
}

function vpcXml(region: RegionState, vpc: Vpc): XmlElement {
  return {
    vpcId: vpc.id,
    ownerId: vpc.ownerId,
    state: 'available',
    cidrBlock: vpc.cidrs[0]?.cidr,
    cidrBlockAssociationSet: itemsOf(vpc.cidrs.map(ipv4Xml)),
    ipv6CidrBlockAssociationSet:
      vpc.ipv6Cidrs.length === 0
        ? undefined
        : itemsOf(vpc.ipv6Cidrs.map((a) => ipv6Xml(region, a))),
    dhcpOptionsId: vpc.dhcpOptionsId,
    instanceTenancy: vpc.instanceTenancy,
    isDefault: vpc.isDefault,
    blockPublicAccessStates: { internetGatewayBlockMode: 'off' },
    tagSet: tagSetOf(vpc.tags),
  };
}

function ipv4Xml({ associationId, cidr }: CidrAssociation): XmlElement {
  return { associationId, cidrBlock: cidr, cidrBlockState: { state: 'associated' } };
}

function ipv6Xml(region: RegionState, { associationId, cidr }: CidrAssociation): XmlElement {
  return {
    associationId,
    ipv6CidrBlock: cidr,
    ipv6CidrBlockState: { state: 'associated' },
    ipv6Pool: 'Amazon',
    networkBorderGroup: region.name,
  };
}
