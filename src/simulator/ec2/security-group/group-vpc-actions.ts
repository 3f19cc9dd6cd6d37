import type { ActionTable, CallContext } from '../../actions.ts';
import { AwsError } from '../../protocol/error.ts';
import { type Form, requiredTextOf } from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { dependencyViolation, existing, idKinds } from '../errors.ts';
import { filtered } from '../filters.ts';
import { interfacesOf } from '../network/interfaces.ts';
import { pageOf } from '../paging.ts';
import type { GroupVpcAssociation, SecurityGroup } from '../records.ts';
import type { RegionState } from '../region.ts';

/** A group can be used in further VPCs of its account and region. */
export const groupVpcActions: ActionTable = {
  AssociateSecurityGroupVpc: { readOnly: false, required: ['GroupId', 'VpcId'], run: associate },
  DisassociateSecurityGroupVpc: {
    readOnly: false,
    required: ['GroupId', 'VpcId'],
    run: disassociate,
  },
  DescribeSecurityGroupVpcAssociations: {
    readOnly: true,
    optional: ['Filter', 'MaxResults', 'NextToken'],
    run: describeAssociations,
  },
};

export function isAssociated(region: RegionState, groupId: string, vpcId: string): boolean {
  return region.groupVpcs.get(keyOf({ groupId, vpcId })) !== undefined;
}

function keyOf({ groupId, vpcId }: GroupVpcAssociation): string {
  return `${groupId}/${vpcId}`;
}

/** Neither side may be a default one (VPC user guide, security group VPC associations). */
function associate(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { group, association } = associationIn(region, form);
  const vpc = existing(idKinds.vpc, association.vpcId, region.vpcs.get(association.vpcId));
  if (group.name === 'default' || vpc.isDefault || group.vpcId === vpc.id) {
    throw new AwsError(
      'InvalidParameterValue',
      `The security group ${group.id} cannot be associated with the VPC ${vpc.id}.`,
    );
  }
  region.groupVpcs.put(keyOf(association), association);
  return { state: 'associating' };
}

function disassociate(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { group, association } = associationIn(region, form);
  if (!isAssociated(region, group.id, association.vpcId)) {
    throw new AwsError(
      'InvalidAssociationID.NotFound',
      `The security group ${group.id} is not associated with the VPC ${association.vpcId}.`,
    );
  }
  const isUsed = interfacesOf(region).some(
    ({ groupIds, subnetId }) =>
      groupIds.includes(group.id) && region.subnets.get(subnetId)?.vpcId === association.vpcId,
  );
  if (isUsed) throw dependencyViolation(group.id);
  region.groupVpcs.delete(keyOf(association));
  return { state: 'disassociating' };
}

function associationIn(
  region: RegionState,
  form: Form,
): { readonly group: SecurityGroup; readonly association: GroupVpcAssociation } {
  const groupId = requiredTextOf(form, 'GroupId');
  const group = existing(idKinds.group, groupId, region.groups.get(groupId));
  return { group, association: { groupId, vpcId: requiredTextOf(form, 'VpcId') } };
}

type Row = GroupVpcAssociation & { readonly tags?: never };

function describeAssociations(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const all: Row[] = region.groupVpcs.list(context.view);
  const matching = filtered(all, form, {
    'group-id': ({ groupId }) => [groupId],
    'group-owner-id': () => [region.accountId],
    state: () => ['associated'],
    'vpc-id': ({ vpcId }) => [vpcId],
    'vpc-owner-id': () => [region.accountId],
  });
  const { rows, nextToken } = pageOf(matching, form);
  return {
    securityGroupVpcAssociationSet: itemsOf(
      rows.map(({ groupId, vpcId }) => ({
        groupId,
        vpcId,
        vpcOwnerId: region.accountId,
        state: 'associated',
        groupOwnerId: region.accountId,
      })),
    ),
    nextToken,
  };
}
