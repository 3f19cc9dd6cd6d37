/**
 * The order in which the rules of a group are changed, so that nobody whom the spec still admits is
 * turned away, whatever AWS refuses on the way.
 * docs/decisions/0019-nothing-is-given-up-first.md has the reasons.
 */
import type { IngressRule } from './actions.ts';
import { quotas } from '../aws-errors/service-quotas.ts';
import { contains, overlap } from '../network/cidr.ts';
import type { ManagedPrefixList, RuleSource, SecurityGroupRule } from '../facts.ts';
import { endpointPort, type RuleDifferences, sourceWords } from './ingress-rules.ts';
import {
  added,
  defaultRuleQuota,
  fits,
  knownQuota,
  type RuleWeight,
  weightOf,
} from './rule-weights.ts';

/** Everything that the order depends on. */
export interface RuleChangeInput {
  readonly differences: RuleDifferences;
  /** Ingress that the group has. */
  readonly present: readonly SecurityGroupRule[];
  readonly lists: readonly ManagedPrefixList[];
  /** False for a rule that AWS is known not to take: it is still wanted, and not asked for. */
  readonly isPossible: (rule: IngressRule) => boolean;
  /** AWS's code for an addition that it refused in this pass. */
  readonly refusal: string | undefined;
}

/** The changes that may be made now. */
export interface RuleChange {
  /** Additions, one call each. */
  readonly authorize: readonly (readonly IngressRule[])[];
  readonly revoke: readonly SecurityGroupRule[];
  /** Whether the additions need the room of what is revoked. */
  readonly needsRoom: boolean;
  /** Why nothing can be changed without cutting somebody off, and what to do. */
  readonly problem?: string;
}

/** AWS's word for a group that is full. */
const groupIsFull = 'RulesPerSecurityGroupLimitExceeded';

/**
 * The next changes. Rules are added before others go. Only where AWS has said that the group is
 * full, and where that is certain to help, others make room first.
 */
export function nextRuleChange(input: RuleChangeInput): RuleChange {
  const { missing, unwanted } = input.differences;
  const idle = unwanted.filter((rule) => !admitsClients(rule));
  if (missing.length === 0) {
    // Every spec admits somebody: where nothing is wanted, it is not known what is.
    const isKnown = input.present.length > unwanted.length;
    return { authorize: [], revoke: isKnown ? unwanted : idle, needsRoom: false };
  }
  if (input.refusal === groupIsFull) return withinQuota(input, idle);
  // One source that AWS does not take refuses the whole call: the others are tried without it.
  const isOneByOne = input.refusal !== undefined && isAboutOneRule(input.refusal);
  const possible = missing.filter(input.isPossible);
  const together = possible.length === 0 ? [] : [possible];
  const authorize = isOneByOne ? possible.map((rule) => [rule]) : together;
  return { authorize, revoke: idle, needsRoom: false };
}

function isAboutOneRule(code: string): boolean {
  return code.endsWith('.NotFound') || code.startsWith('Invalid');
}

/** Whether the rule lets anybody in at the port of endpoints: others are never missed. */
function admitsClients({ protocol, fromPort, toPort }: SecurityGroupRule): boolean {
  if (protocol === '-1') return true;
  if (protocol !== 'tcp' && protocol !== '6') return false;
  return fromPort === -1 || (fromPort <= endpointPort && endpointPort <= toPort);
}

function withinQuota(input: RuleChangeInput, idle: readonly SecurityGroupRule[]): RuleChange {
  const { differences, lists } = input;
  const none = { authorize: [], revoke: idle, needsRoom: true };
  const present = input.present.filter((rule) => !idle.includes(rule));
  const kept = present.filter((rule) => !differences.unwanted.includes(rule));
  const weight = weightOf(sourcesOf(present), lists);
  const wanted = added(
    weightOf(sourcesOf(kept), lists),
    weightOf(sourcesOf(differences.missing), lists),
  );
  if (weight === undefined || wanted === undefined) {
    return { ...none, problem: unknownWeightWords };
  }
  const quota = knownQuota(weight);
  if (!fits(wanted, quota)) {
    return { ...none, problem: tooHeavyWords(input, wanted) };
  }
  const now = lightestFirst(differences.missing, lists, { used: weight, quota });
  if (now.length > 0) return { ...none, authorize: [now] };
  const revoke = madeRoom(input, { present, kept, quota });
  if (revoke === undefined) return { ...none, problem: interruptionWords(wanted) };
  return { ...none, revoke: [...idle, ...revoke] };
}

interface Room {
  readonly used: RuleWeight;
  readonly quota: RuleWeight;
}

/** As many of the rules as there is room for. */
function lightestFirst(
  rules: readonly IngressRule[],
  lists: readonly ManagedPrefixList[],
  { used, quota }: Room,
): readonly IngressRule[] {
  const total = (rule: IngressRule): number => {
    const weight = weightOf([rule.source], lists);
    return weight === undefined ? 0 : weight.ipv4 + weight.ipv6;
  };
  const taken: IngressRule[] = [];
  let weight: RuleWeight | undefined = used;
  for (const rule of [...rules].sort((a, b) => total(a) - total(b))) {
    const next: RuleWeight | undefined = added(weight, weightOf([rule.source], lists));
    if (next === undefined || !fits(next, quota)) continue;
    weight = next;
    taken.push(rule);
  }
  return taken;
}

interface FullGroup {
  readonly present: readonly SecurityGroupRule[];
  readonly kept: readonly SecurityGroupRule[];
  readonly quota: RuleWeight;
}

/**
 * Rules to revoke so that one more can be added: those first that are missed least. One rule that
 * may admit the same clients as the spec always stays, or one rule at all if none does. Undefined if
 * that leaves no room.
 */
function madeRoom(
  { differences: { missing, unwanted }, lists }: RuleChangeInput,
  { present, kept, quota }: FullGroup,
): readonly SecurityGroupRule[] | undefined {
  const wanted = [...sourcesOf(kept), ...sourcesOf(missing)];
  const isShared = ({ source }: SecurityGroupRule): boolean =>
    wanted.some((one) => mayOverlap(source, one));
  const loss = (rule: SecurityGroupRule): number => {
    if (kept.some(({ source }) => covers(source, rule.source))) return 0;
    return isShared(rule) ? 2 : 1;
  };
  const candidates = present
    .filter((rule) => unwanted.includes(rule))
    .sort((a, b) => loss(a) - loss(b));
  const stays = present.some(isShared) ? isShared : (): boolean => true;
  const revoked: SecurityGroupRule[] = [];
  let isEnoughForOne = false;
  for (const candidate of candidates) {
    const left = present.filter((rule) => rule !== candidate && !revoked.includes(rule));
    if (!left.some(stays)) continue;
    revoked.push(candidate);
    const used = weightOf(sourcesOf(left), lists);
    if (used === undefined) return undefined;
    const room = lightestFirst(missing, lists, { used, quota });
    isEnoughForOne ||= room.length > 0;
    if (room.length === missing.length) return revoked;
  }
  return isEnoughForOne ? revoked : undefined;
}

function sourcesOf(rules: readonly { readonly source: RuleSource }[]): readonly RuleSource[] {
  return rules.map(({ source }) => source);
}

/** Whether everybody whom the second source admits is admitted by the first one. */
function covers(outer: RuleSource, inner: RuleSource): boolean {
  if ('cidr' in outer && 'cidr' in inner) return contains(outer.cidr, inner.cidr);
  return sourceWords(outer) === sourceWords(inner);
}

/** Whether both may admit the same client: who is in a group or a prefix list is not known here. */
function mayOverlap(a: RuleSource, b: RuleSource): boolean {
  return 'cidr' in a && 'cidr' in b ? overlap(a.cidr, b.cidr) : true;
}

const advice = `have the account's quota of rules per security group raised (Service Quotas, ${quotas.rules.code})`;

const unknownWeightWords = `AWS says that the security group is full, and not how much a prefix list of spec.securityGroup.ingress counts, so nothing was revoked to make room. List fewer sources, or ${advice}.`;

function tooHeavyWords(
  { differences: { missing }, lists }: RuleChangeInput,
  wanted: RuleWeight,
): string {
  const heavy = missing.flatMap(({ source }) => {
    if (!('prefixListId' in source)) return [];
    const list = lists.find(({ id }) => id === source.prefixListId);
    return list?.maxEntries === undefined
      ? []
      : [`prefix list ${list.id} counts as its MaxEntries, ${list.maxEntries}`];
  });
  const why = heavy.length === 0 ? '' : ` (${heavy.join('; ')})`;
  return `The sources of spec.securityGroup.ingress count as ${weightWords(wanted)} rules${why}, and AWS refuses that many in one group: ${defaultRuleQuota} in each family, unless the quota was raised. Nothing was revoked. List fewer sources, lower the list's MaxEntries, or ${advice}.`;
}

function interruptionWords(wanted: RuleWeight): string {
  return `The sources of spec.securityGroup.ingress count as ${weightWords(wanted)} rules. They fit only if every rule that admits clients now is revoked first, so nothing was changed: a refusal after that would cut everybody off. List fewer sources, lower a prefix list's MaxEntries, or ${advice}.`;
}

function weightWords({ ipv4, ipv6 }: RuleWeight): string {
  return ipv6 === 0 ? `${ipv4} IPv4` : `${ipv4} IPv4 and ${ipv6} IPv6`;
}
