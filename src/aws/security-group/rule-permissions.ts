import type { IpPermission } from '@aws-sdk/client-ec2';
import type { IngressRule } from '../../plan/security-group/actions.ts';
import type { RuleSource, SecurityGroupRule } from '../../plan/facts.ts';

/** Ingress rules as AWS wants them: one permission per port, its sources by kind. */
export function permissionsOf(rules: readonly IngressRule[]): IpPermission[] {
  const byPort = new Map<number, IpPermission>();
  for (const { port, source, description } of rules) {
    const permission = byPort.get(port) ?? { IpProtocol: 'tcp', FromPort: port, ToPort: port };
    byPort.set(port, withSource(permission, source, description));
  }
  return [...byPort.values()];
}

/** The permission that is exactly this rule, to revoke it by content. */
export function permissionOf(rule: SecurityGroupRule): IpPermission {
  const ports = rule.protocol === '-1' ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort };
  return withSource({ IpProtocol: rule.protocol, ...ports }, rule.source, undefined);
}

function withSource(
  permission: IpPermission,
  source: RuleSource,
  description: string | undefined,
): IpPermission {
  const Description = description === undefined ? {} : { Description: description };
  if ('securityGroupId' in source) {
    const pair = { GroupId: source.securityGroupId, ...Description };
    return { ...permission, UserIdGroupPairs: [...(permission.UserIdGroupPairs ?? []), pair] };
  }
  if ('prefixListId' in source) {
    const list = { PrefixListId: source.prefixListId, ...Description };
    return { ...permission, PrefixListIds: [...(permission.PrefixListIds ?? []), list] };
  }
  if (source.cidr.includes(':')) {
    const range = { CidrIpv6: source.cidr, ...Description };
    return { ...permission, Ipv6Ranges: [...(permission.Ipv6Ranges ?? []), range] };
  }
  const range = { CidrIp: source.cidr, ...Description };
  return { ...permission, IpRanges: [...(permission.IpRanges ?? []), range] };
}
