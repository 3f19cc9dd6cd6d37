/** Rules of the managed security group: which are wanted, and how they differ from what is there. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { IngressRule } from './actions.ts';
import { canonicalCidr } from '../network/cidr.ts';
import type { RuleSource, SecurityGroupRule, Vpc } from '../facts.ts';

/** Interface endpoints answer on this port only. */
export const endpointPort = 443;

/** Sources as the spec lists them, or the VPC's own blocks where it lists none. */
export function wantedRules(spec: SageMakerPrivateLinkSpec, vpc: Vpc): readonly IngressRule[] {
  const ingress = spec.securityGroup?.ingress;
  const rules = ingress === undefined ? vpcRules(spec, vpc) : ingress.map(ruleOfEntry);
  const bySource = new Map(rules.map((rule) => [sourceKey(rule.source), rule]));
  return [...bySource.values()];
}

interface IngressEntry {
  readonly cidr?: string;
  readonly securityGroupId?: string;
  readonly prefixListId?: string;
  readonly description?: string;
}

function ruleOfEntry(entry: IngressEntry): IngressRule {
  const description = entry.description === undefined ? {} : { description: entry.description };
  return { port: endpointPort, source: sourceOfEntry(entry), ...description };
}

function sourceOfEntry({ cidr, securityGroupId, prefixListId }: IngressEntry): RuleSource {
  if (securityGroupId !== undefined) return { securityGroupId };
  if (prefixListId !== undefined) return { prefixListId };
  return { cidr: canonicalCidr(cidr ?? '') ?? cidr ?? '' };
}

function vpcRules(spec: SageMakerPrivateLinkSpec, vpc: Vpc): readonly IngressRule[] {
  const ipv4 = spec.ipAddressType === 'ipv6' ? [] : vpc.cidrs;
  const ipv6 = spec.ipAddressType === 'ipv4' ? [] : vpc.ipv6Cidrs;
  return [...ipv4, ...ipv6].map((cidr) => ({
    port: endpointPort,
    source: { cidr: canonicalCidr(cidr) ?? cidr },
    description: `HTTPS from ${vpc.id}`,
  }));
}

/** The changes that give a group exactly the wanted ingress and no egress. */
export interface RuleDifferences {
  readonly missing: readonly IngressRule[];
  readonly unwanted: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
  readonly otherDescriptions: readonly { readonly ruleId: string; readonly description: string }[];
}

/** Compares by what AWS holds a rule's identity to be: protocol, ports and source. */
export function ruleDifferences(
  wanted: readonly IngressRule[],
  actual: readonly SecurityGroupRule[],
): RuleDifferences {
  const ingress = actual.filter(({ isEgress }) => !isEgress);
  const actualByKey = new Map(ingress.map((rule) => [actualKey(rule), rule]));
  const wantedKeys = new Set(wanted.map(wantedKey));
  return {
    missing: wanted.filter((rule) => !actualByKey.has(wantedKey(rule))),
    unwanted: ingress.filter((rule) => !wantedKeys.has(actualKey(rule))),
    egress: actual.filter(({ isEgress }) => isEgress),
    otherDescriptions: wanted.flatMap((rule) => {
      const found = actualByKey.get(wantedKey(rule));
      const description = rule.description ?? '';
      if (found === undefined || (found.description ?? '') === description) return [];
      return [{ ruleId: found.id, description }];
    }),
  };
}

/** A source in words: `10.0.0.0/16`, `sg-0123`, `pl-0123`. */
export function sourceWords(source: RuleSource): string {
  if ('cidr' in source) return source.cidr;
  return 'securityGroupId' in source ? source.securityGroupId : source.prefixListId;
}

/** One rule in words, for plans and drift. */
export function ruleWords(rule: SecurityGroupRule): string {
  const ports =
    rule.fromPort === rule.toPort ? `${rule.fromPort}` : `${rule.fromPort}-${rule.toPort}`;
  const where = rule.protocol === '-1' ? 'all traffic' : `${rule.protocol} ${ports}`;
  return `${where} ${rule.isEgress ? 'to' : 'from'} ${sourceWords(rule.source)}`;
}

function sourceKey(source: RuleSource): string {
  const words = sourceWords(source);
  return canonicalCidr(words) ?? words;
}

function wantedKey(rule: IngressRule): string {
  return `tcp ${rule.port}-${rule.port} ${sourceKey(rule.source)}`;
}

function actualKey(rule: SecurityGroupRule): string {
  // AWS accepts the protocol's number too and tools differ in which they send.
  const protocol = rule.protocol === '6' ? 'tcp' : rule.protocol;
  return `${protocol} ${rule.fromPort}-${rule.toPort} ${sourceKey(rule.source)}`;
}
