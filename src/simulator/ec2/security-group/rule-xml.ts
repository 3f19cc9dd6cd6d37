import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { arnOf } from '../context.ts';
import { activePeering, peeringsBetween } from '../network/peerings.ts';
import type { RulePeer, SecurityGroupRule } from '../records.ts';
import type { RegionState } from '../region.ts';
import { tagSetOf } from '../tag-specifications.ts';

/** A rule as DescribeSecurityGroupRules and Authorize... answer it. */
export function ruleXml(region: RegionState, rule: SecurityGroupRule): XmlElement {
  return {
    securityGroupRuleId: rule.id,
    groupId: rule.groupId,
    groupOwnerId: region.accountId,
    isEgress: rule.isEgress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    ...peerXml(region, rule),
    description: rule.description,
    tagSet: tagSetOf(rule.tags),
    securityGroupRuleArn: arnOf(region, `security-group-rule/${rule.id}`),
  };
}

function peerXml(region: RegionState, rule: SecurityGroupRule): XmlElement {
  const { peer } = rule;
  switch (peer.kind) {
    case 'ipv4':
      return { cidrIpv4: peer.cidr };
    case 'ipv6':
      return { cidrIpv6: peer.cidr };
    case 'prefixList':
      return { prefixListId: peer.prefixListId };
    case 'group':
      return { referencedGroupInfo: referencedGroupXml(region, rule.groupId, peer) };
  }
}

type GroupPeer = Extract<RulePeer, { kind: 'group' }>;

/** A group that a rule names; of a peered VPC with the peering. */
function referencedGroupXml(region: RegionState, groupId: string, peer: GroupPeer): XmlElement {
  const owner = peer.userId === undefined ? region : region.inAccount(peer.userId);
  const vpcId = owner.groups.get(peer.groupId)?.vpcId;
  const ownVpcId = region.groups.get(groupId)?.vpcId ?? '';
  const peering =
    vpcId === undefined || vpcId === ownVpcId
      ? undefined
      : (activePeering(region, ownVpcId, vpcId, owner) ??
        peeringsBetween(region, ownVpcId, vpcId, owner).at(-1));
  return {
    groupId: peer.groupId,
    userId: owner.accountId,
    vpcId,
    vpcPeeringConnectionId: peering?.id,
    peeringStatus: peering?.status,
  };
}

/** The VPC is named where it is another one only. */
function groupPairXml({ vpcId, ...pair }: XmlElement): XmlElement {
  return pair['peeringStatus'] === undefined ? pair : { ...pair, vpcId };
}

/** A rule as Revoke... answers it. */
export function revokedRuleXml(rule: SecurityGroupRule): XmlElement {
  const { peer } = rule;
  return {
    securityGroupRuleId: rule.id,
    groupId: rule.groupId,
    isEgress: rule.isEgress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    cidrIpv4: peer.kind === 'ipv4' ? peer.cidr : undefined,
    cidrIpv6: peer.kind === 'ipv6' ? peer.cidr : undefined,
    prefixListId: peer.kind === 'prefixList' ? peer.prefixListId : undefined,
    referencedGroupId: peer.kind === 'group' ? peer.groupId : undefined,
    description: rule.description,
  };
}

/** Rules in the older form: grouped by protocol and ports, as DescribeSecurityGroups answers. */
export function permissionsXml(
  region: RegionState,
  rules: readonly SecurityGroupRule[],
): XmlElement {
  const byPorts = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules) {
    const key = `${rule.protocol}|${rule.fromPort}|${rule.toPort}`;
    byPorts.set(key, [...(byPorts.get(key) ?? []), rule]);
  }
  return itemsOf([...byPorts.values()].map((group) => permissionXml(region, group)));
}

function permissionXml(region: RegionState, rules: readonly SecurityGroupRule[]): XmlElement {
  const [first] = rules;
  const hasPorts = first !== undefined && first.protocol !== '-1';
  const of = (kind: RulePeer['kind'], content: (rule: SecurityGroupRule) => XmlElement) =>
    itemsOf(
      rules
        .filter((rule) => rule.peer.kind === kind)
        .map((rule) => ({ ...content(rule), description: rule.description })),
    );
  return {
    ipProtocol: first?.protocol,
    fromPort: hasPorts ? first.fromPort : undefined,
    toPort: hasPorts ? first.toPort : undefined,
    groups: of('group', ({ groupId, peer }) =>
      peer.kind === 'group' ? groupPairXml(referencedGroupXml(region, groupId, peer)) : {},
    ),
    ipRanges: of('ipv4', ({ peer }) => ({ cidrIp: 'cidr' in peer ? peer.cidr : undefined })),
    ipv6Ranges: of('ipv6', ({ peer }) => ({ cidrIpv6: 'cidr' in peer ? peer.cidr : undefined })),
    prefixListIds: of('prefixList', ({ peer }) => ({
      prefixListId: peer.kind === 'prefixList' ? peer.prefixListId : undefined,
    })),
  };
}
