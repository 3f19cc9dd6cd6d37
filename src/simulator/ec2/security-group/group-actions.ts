import type { ActionTable, CallContext } from '../../actions.ts';
import {
  type Form,
  missingParameter,
  requiredTextOf,
  textOf,
  textsOf,
} from '../../protocol/form.ts';
import { itemsOf, RenderedXml, type XmlElement } from '../../protocol/xml.ts';
import { arnOf, regionOf } from '../context.ts';
import { existing, idKinds } from '../errors.ts';
import { filtered } from '../filters.ts';
import { groupFilters } from './group-filters.ts';
import { defaultVpcGroup } from './group-peers.ts';
import { pageOf } from '../paging.ts';
import type { SecurityGroup, SecurityGroupRule } from '../records.ts';
import type { RegionState } from '../region.ts';
import { permissionsXml } from './rule-xml.ts';
import { createGroup, deleteGroup, rulesOf } from './security-groups.ts';
import { tagSetOf, tagsOnCreate } from '../tag-specifications.ts';

export const groupActions: ActionTable = {
  CreateSecurityGroup: {
    readOnly: false,
    required: ['GroupName', 'GroupDescription'],
    optional: ['VpcId', 'TagSpecification'],
    run: createSecurityGroup,
  },
  DeleteSecurityGroup: {
    readOnly: false,
    optional: ['GroupId', 'GroupName'],
    run: deleteSecurityGroup,
  },
  DescribeSecurityGroups: {
    readOnly: true,
    optional: ['GroupId', 'GroupName', 'Filter', 'MaxResults', 'NextToken'],
    run: describeSecurityGroups,
  },
};

function createSecurityGroup(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const group = createGroup(region, {
    name: requiredTextOf(form, 'GroupName'),
    description: requiredTextOf(form, 'GroupDescription'),
    vpcId: textOf(form, 'VpcId') ?? defaultVpcId(region),
    tags: tagsOnCreate(form, 'security-group'),
  });
  return {
    return: true,
    groupId: group.id,
    securityGroupArn: arnOf(region, `security-group/${group.id}`),
    tagSet: tagSetOf(group.tags),
  };
}

function defaultVpcId(region: RegionState): string {
  const vpc = region.vpcs.list().find(({ isDefault }) => isDefault);
  if (vpc === undefined) throw missingParameter('VpcId');
  return vpc.id;
}

function deleteSecurityGroup(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const id = textOf(form, 'GroupId') ?? idOfName(region, form);
  deleteGroup(region, existing(idKinds.group, id, region.groups.get(id)));
  return { return: true, groupId: id };
}

function idOfName(region: RegionState, form: Form): string {
  const name = textOf(form, 'GroupName');
  if (name === undefined) throw missingParameter('GroupId');
  return defaultVpcGroup(region, name).id;
}

function describeSecurityGroups(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { view } = context;
  const ids = textsOf(form, 'GroupId');
  const names = textsOf(form, 'GroupName');
  const groups =
    ids.length === 0
      ? region.groups.list(view)
      : ids.map((id) => existing(idKinds.group, id, region.groups.get(id, view)));
  // Names are those of the default VPC, and each has to be there.
  const ofNames = new Set(names.map((name) => defaultVpcGroup(region, name).id));
  const named = groups.filter(({ id }) => names.length === 0 || ofNames.has(id));
  const rulesIn = (groupId: string): SecurityGroupRule[] => rulesOf(region, groupId, view);
  const { rows, nextToken } = pageOf(filtered(named, form, groupFilters(region, rulesIn)), form, {
    ids: 'GroupId',
  });
  return {
    securityGroupInfo: itemsOf(rows.map((group) => groupXml(region, group, rulesIn(group.id)))),
    nextToken,
  };
}

interface Described {
  readonly rules: readonly SecurityGroupRule[];
  readonly xml: RenderedXml;
}

/** Sweeps of thousands of groups find nearly all of them as they were. Rows never change in place. */
const descriptions = new WeakMap<SecurityGroup, Described>();

function groupXml(
  region: RegionState,
  group: SecurityGroup,
  rules: readonly SecurityGroupRule[],
): RenderedXml {
  const known = descriptions.get(group);
  if (known !== undefined && isSame(known.rules, rules)) return known.xml;
  const xml = new RenderedXml(describe(region, group, rules));
  // A rule that names a group shows more than the rule's own row.
  if (rules.every(({ peer }) => peer.kind !== 'group')) descriptions.set(group, { rules, xml });
  return xml;
}

function isSame(some: readonly SecurityGroupRule[], others: readonly SecurityGroupRule[]): boolean {
  return some.length === others.length && some.every((rule, index) => rule === others[index]);
}

function describe(
  region: RegionState,
  group: SecurityGroup,
  rules: readonly SecurityGroupRule[],
): XmlElement {
  const of = (isEgress: boolean) => rules.filter((rule) => rule.isEgress === isEgress);
  return {
    ownerId: region.accountId,
    groupId: group.id,
    groupName: group.name,
    groupDescription: group.description,
    vpcId: group.vpcId,
    securityGroupArn: arnOf(region, `security-group/${group.id}`),
    ipPermissions: permissionsXml(region, of(false)),
    ipPermissionsEgress: permissionsXml(region, of(true)),
    tagSet: tagSetOf(group.tags),
  };
}
