/** How much the rules of a security group count toward AWS's quota. */
import { isIpv6Cidr } from '../network/cidr.ts';
import type { ManagedPrefixList, RuleSource } from '../facts.ts';

/**
 * AWS's default for "inbound or outbound rules per security group", counted separately for each
 * direction and for IPv4 and IPv6 (VPC user guide, Amazon VPC quotas). It can be raised, not lowered.
 */
export const defaultRuleQuota = 60;

/** The weight of rules in the quota, by address family. */
export interface RuleWeight {
  readonly ipv4: number;
  readonly ipv6: number;
}

const nothing: RuleWeight = { ipv4: 0, ipv6: 0 };

/**
 * The weight of all sources together: a block counts in its family, a group in both, and a prefix
 * list as its `MaxEntries`, however many entries it has (VPC user guide, prefix lists).
 *
 * @returns undefined if AWS does not say what one of the lists counts: it says so of customers'
 *   lists, not of its own
 */
export function weightOf(
  sources: readonly RuleSource[],
  lists: readonly ManagedPrefixList[],
): RuleWeight | undefined {
  let sum: RuleWeight | undefined = nothing;
  for (const source of sources) sum = added(sum, weightOfOne(source, lists));
  return sum;
}

function weightOfOne(
  source: RuleSource,
  lists: readonly ManagedPrefixList[],
): RuleWeight | undefined {
  if ('securityGroupId' in source) return { ipv4: 1, ipv6: 1 };
  if ('cidr' in source) return inFamily(isIpv6Cidr(source.cidr), 1);
  const list = lists.find(({ id }) => id === source.prefixListId);
  if (list?.maxEntries === undefined) return undefined;
  return inFamily(list.addressFamily === 'IPv6', list.maxEntries);
}

function inFamily(isIpv6: boolean, count: number): RuleWeight {
  return isIpv6 ? { ipv4: 0, ipv6: count } : { ipv4: count, ipv6: 0 };
}

/** Both together; undefined if one is. */
export function added(
  a: RuleWeight | undefined,
  b: RuleWeight | undefined,
): RuleWeight | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { ipv4: a.ipv4 + b.ipv4, ipv6: a.ipv6 + b.ipv6 };
}

/** Whether a weight is within a quota in both families. */
export function fits(weight: RuleWeight, quota: RuleWeight): boolean {
  return weight.ipv4 <= quota.ipv4 && weight.ipv6 <= quota.ipv6;
}

/** The quota that a group has at least: what everybody has, or more where it holds more already. */
export function knownQuota(present: RuleWeight): RuleWeight {
  return {
    ipv4: Math.max(defaultRuleQuota, present.ipv4),
    ipv6: Math.max(defaultRuleQuota, present.ipv6),
  };
}
