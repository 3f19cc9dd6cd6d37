import type { SecurityGroup as SdkGroup, SecurityGroupRule as SdkRule } from '@aws-sdk/client-ec2';
import type { RuleSource, SecurityGroup, SecurityGroupRule } from '../../plan/facts.ts';
import { sharedText } from '../../runtime/shared-text.ts';
import { tagsFromSdk } from '../client/tags.ts';

/** AWS's group as facts, without rules; undefined when the answer lacks its id or its VPC. */
export function securityGroupFromSdk(group: SdkGroup): SecurityGroup | undefined {
  const { GroupId: id, VpcId: vpcId } = group;
  if (!id || !vpcId) return undefined;
  return {
    id: sharedText(id),
    name: group.GroupName ?? '',
    vpcId: sharedText(vpcId),
    ownerId: sharedText(group.OwnerId ?? ''),
    tags: tagsFromSdk(group.Tags),
  };
}

/** AWS's rule as facts; undefined when the answer lacks its id or its source. */
export function ruleFromSdk(rule: SdkRule): SecurityGroupRule | undefined {
  const { SecurityGroupRuleId: id } = rule;
  const source = sourceFromSdk(rule);
  if (!id || source === undefined) return undefined;
  return {
    id,
    isEgress: rule.IsEgress ?? false,
    protocol: sharedText(rule.IpProtocol ?? '-1'),
    fromPort: rule.FromPort ?? -1,
    toPort: rule.ToPort ?? -1,
    source,
    ...(rule.Description === undefined || rule.Description === ''
      ? {}
      : { description: sharedText(rule.Description) }),
    tags: tagsFromSdk(rule.Tags),
  };
}

function sourceFromSdk(rule: SdkRule): RuleSource | undefined {
  const cidr = rule.CidrIpv4 ?? rule.CidrIpv6;
  if (cidr !== undefined) return { cidr: sharedText(cidr) };
  if (rule.PrefixListId !== undefined) return { prefixListId: rule.PrefixListId };
  const securityGroupId = rule.ReferencedGroupInfo?.GroupId;
  return securityGroupId === undefined ? undefined : { securityGroupId };
}
