import type { SecurityGroupRule } from '../../facts.ts';

/**
 * The rules that AWS gives a new security group: one that lets everything out, and one for IPv6 in a
 * VPC that has an IPv6 block. Their ids are empty, because they are not known before they are read.
 *
 * Source: AWS, "Security group rules", default rules of a security group that you create.
 */
export function defaultEgress(hasIpv6: boolean): readonly SecurityGroupRule[] {
  const rule = { id: '', isEgress: true, protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
  const ipv4 = { ...rule, source: { cidr: '0.0.0.0/0' } };
  return hasIpv6 ? [ipv4, { ...rule, source: { cidr: '::/0' } }] : [ipv4];
}
