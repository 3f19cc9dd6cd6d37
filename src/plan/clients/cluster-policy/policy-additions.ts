/**
 * Writes to a cluster-scoped policy while a part of its egress is not known: ways that are new are
 * opened, and none is shut. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { canonicalText } from '../canonical-text.ts';
import type { Flavor } from './choose-flavor.ts';
import type { ClusterRule } from './cluster-egress.ts';
import { tooManyPorts } from './flavors/eks.ts';
import { inChunks } from './in-chunks.ts';
import { says } from './policy-manifest.ts';
import { type ClusterPolicyObject, policyLabels } from './policy-object.ts';

type Fields = Readonly<Record<string, unknown>>;
type Objects = readonly ClusterPolicyObject[];

/**
 * The objects to write, in any order: those that are there with what they lack, and more of them
 * where one gets too long. Another selection of pods or another priority is a change that waits.
 *
 * @param existing the link's own objects of the flavour, which nobody has edited
 * @param wanted what `renderClusterPolicy` made of everything that is known
 */
export function policyAdditions(flavor: Flavor, existing: Objects, wanted: Objects): Objects {
  switch (flavor) {
    case 'NetworkPolicyAPI':
      return spreadAdditions(existing, wanted);
    case 'EKS': {
      const written = spreadAdditions(existing, wanted);
      const after = [...existing.filter((one) => !written.some((o) => isSame(o, one))), ...written];
      // Past its limit the agent drops rules, the denying one as any other.
      return tooManyPorts(after.flatMap(rulesOf).flatMap(clusterRule)).length > 0 ? [] : written;
    }
    case 'Calico':
      return inPairs(existing, wanted, calicoAdditions);
    case 'Cilium':
      return inPairs(existing, wanted, ciliumAdditions);
  }
}

/** How a flavour says the blocks of addresses of a rule. */
interface RuleForm {
  /** Undefined for a rule about something else. */
  blocksOf(rule: Fields): readonly string[] | undefined;
  /** The rule with these blocks; '' in their place for comparison. */
  withBlocks(rule: Fields, blocks: readonly string[]): Fields;
}

/** The rules that are wanted and not there, with the blocks that are not there. */
function lackingRules(
  has: readonly Fields[],
  wants: readonly Fields[],
  form: RuleForm,
): readonly Fields[] {
  return wants.flatMap((rule) => {
    const blocks = form.blocksOf(rule);
    if (blocks === undefined) return has.some((one) => isAlike(one, rule)) ? [] : [rule];
    const bare = form.withBlocks(rule, []);
    const known = has.flatMap((one) => {
      const there = form.blocksOf(one);
      return there !== undefined && isAlike(form.withBlocks(one, []), bare) ? there : [];
    });
    const lacking = blocks.filter((block) => !known.includes(block));
    return lacking.length === 0 ? [] : [form.withBlocks(rule, lacking)];
  });
}

/** A server may add fields inside of a value; a field that nobody wrote narrows or widens a rule. */
function isAlike(has: Fields, wants: Fields): boolean {
  return isDeepStrictEqual(Object.keys(has).sort(), Object.keys(wants).sort()) && says(has, wants);
}

function isSame(a: ClusterPolicyObject, b: ClusterPolicyObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name;
}

function specOf({ spec }: ClusterPolicyObject): Fields {
  return (spec ?? {}) as Fields;
}

function rulesOf(object: ClusterPolicyObject): readonly Fields[] {
  return (specOf(object)['egress'] ?? []) as readonly Fields[];
}

function withRules(object: ClusterPolicyObject, egress: readonly Fields[]): ClusterPolicyObject {
  return { ...object, spec: { ...specOf(object), egress } };
}

// ClusterNetworkPolicy: the rules of one subject and priority are spread over objects.

/** Rules in one object of the kind that takes fewer. */
const mostRules = 25;
/** Blocks in one peer, of either kind. */
const mostNetworks = 25;

interface NetworkPeer {
  readonly networks?: readonly string[];
}

const clusterNetworkRules: RuleForm = {
  blocksOf({ to = [] }) {
    const networks = (to as readonly NetworkPeer[]).map((peer) => peer.networks);
    return networks.every((one) => one !== undefined) ? networks.flat() : undefined;
  },
  withBlocks: (rule, blocks) => ({
    ...rule,
    to: inChunks(blocks, mostNetworks).map((networks) => ({ networks })),
  }),
};

function spreadAdditions(existing: Objects, wanted: Objects): Objects {
  const groups = new Map<string, Objects>();
  for (const one of existing) {
    const group = groupOf(one);
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return [...groups].flatMap(([group, here]) => {
    const wants = wanted.filter((one) => groupOf(one) === group).flatMap(rulesOf);
    const lacking = lackingRules(here.flatMap(rulesOf), wants, clusterNetworkRules);
    return lacking.length === 0 ? [] : placed(lacking, here);
  });
}

/** Objects of one group say the same about other rules. */
function groupOf(object: ClusterPolicyObject): string {
  const { egress: _, ...rest } = specOf(object);
  return canonicalText([object.metadata.labels[policyLabels.part], rest]);
}

/** The rules in the last object, or in more objects of the numbers that follow. */
function placed(rules: readonly Fields[], here: Objects): Objects {
  const last = here.toSorted((a, b) => numberOf(a) - numberOf(b)).at(-1);
  if (last === undefined) return [];
  const before = rulesOf(last);
  if (before.length + rules.length <= mostRules) return [withRules(last, [...before, ...rules])];
  const next = numberOf(last) + 1;
  const base = last.metadata.name.replace(/-\d+$/, '');
  return inChunks(rules, mostRules).map((some, index) => {
    const metadata = { ...last.metadata, name: `${base}-${next + index}` };
    return withRules({ ...last, metadata }, some);
  });
}

/** The number at the end of an object's name; 0 for one without. */
function numberOf({ metadata: { name } }: ClusterPolicyObject): number {
  return Number(/-(\d{1,3})$/.exec(name)?.[1] ?? 0);
}

/** The rule as far as it counts for the limit of the agent. */
function clusterRule(rule: Fields): readonly ClusterRule[] {
  if (rule['action'] !== 'Pass') return [];
  const { length } = (rule['ports'] ?? []) as readonly unknown[];
  const ports = Array.from({ length }, () => ({ protocol: 'TCP' as const }));
  const cidrs = clusterNetworkRules.blocksOf(rule);
  if (cidrs !== undefined) return [{ kind: 'Networks', name: '', cidrs, ports }];
  return [{ kind: 'Pods', name: '', namespaceSelector: {}, podSelector: {}, ports }];
}

// Calico and Cilium: one object for the clients, and one for each selection of others.

function inPairs(
  existing: Objects,
  wanted: Objects,
  additions: (
    has: ClusterPolicyObject,
    wants: ClusterPolicyObject,
  ) => ClusterPolicyObject | undefined,
): Objects {
  return existing.flatMap((has) => {
    const wants = wanted.find((one) => isSame(one, has));
    return wants === undefined ? [] : (additions(has, wants) ?? []);
  });
}

interface Destination {
  readonly nets?: readonly string[];
}

const calicoRules: RuleForm = {
  blocksOf: ({ destination }) => (destination as Destination | undefined)?.nets,
  withBlocks: (rule, nets) => {
    const destination = { ...(rule['destination'] as Fields), nets };
    return { ...rule, destination };
  },
};

/** Bound of the validator: see `flavors/calico.ts`. */
const mostCalicoRules = 1024;

function calicoAdditions(
  has: ClusterPolicyObject,
  wants: ClusterPolicyObject,
): ClusterPolicyObject | undefined {
  if (!areAlikeBut(['egress'], specOf(has), specOf(wants))) return undefined;
  const before = rulesOf(has).map(withoutEmptyParts);
  const lacking = lackingRules(before, rulesOf(wants), calicoRules);
  if (lacking.length === 0 || before.length + lacking.length > mostCalicoRules) return undefined;
  // The first rule that matches decides, and the last one of the clients' denies everything.
  const isLast = before.at(-1)?.['destination'] === undefined;
  const [open, end] = isLast ? [before.slice(0, -1), before.slice(-1)] : [before, []];
  return withRules(has, [...open, ...lacking, ...end]);
}

/**
 * Calico's API server answers with `source: {}` and `destination: {}` where nothing was written: both are
 * structs in its types, which Go encodes whatever `omitempty` says.
 * https://github.com/projectcalico/api/blob/master/pkg/apis/projectcalico/v3/globalnetworkpolicy.go
 */
function withoutEmptyParts(rule: Fields): Fields {
  return Object.fromEntries(
    Object.entries(rule).filter(([, value]) => !isDeepStrictEqual(value, {})),
  );
}

function areAlikeBut(fields: readonly string[], has: Fields, wants: Fields): boolean {
  const rest = (spec: Fields): Fields =>
    Object.fromEntries(Object.entries(spec).filter(([key]) => !fields.includes(key)));
  return says(rest(has), rest(wants));
}

const ciliumRules: RuleForm = {
  blocksOf: ({ toCIDR }) => toCIDR as readonly string[] | undefined,
  withBlocks: (rule, toCIDR) => ({ ...rule, toCIDR }),
};

interface CidrSet {
  readonly cidr: string;
  readonly except?: readonly string[];
}

function ciliumAdditions(
  has: ClusterPolicyObject,
  wants: ClusterPolicyObject,
): ClusterPolicyObject | undefined {
  if (has.specs !== undefined) return ciliumDenials(has, wants);
  if (!areAlikeBut(['egress', 'egressDeny'], specOf(has), specOf(wants))) return undefined;
  const lacking = lackingRules(rulesOf(has), rulesOf(wants), ciliumRules);
  if (lacking.length === 0) return undefined;
  const denied = ciliumSets(has).map(({ cidr, except = [] }) => {
    const more = ciliumSets(wants).find((one) => one.cidr === cidr)?.except ?? [];
    const all = [...new Set([...except, ...more])].sort();
    return { cidr, ...(all.length === 0 ? {} : { except: all }) };
  });
  const egressDeny = denied.length === 0 ? {} : { egressDeny: [{ toCIDRSet: denied }] };
  const egress = [...rulesOf(has), ...lacking];
  return { ...has, spec: { ...specOf(has), egress, ...egressDeny } };
}

function ciliumSets(object: ClusterPolicyObject): readonly CidrSet[] {
  const denials = (specOf(object)['egressDeny'] ?? []) as readonly {
    readonly toCIDRSet?: readonly CidrSet[];
  }[];
  return denials.flatMap(({ toCIDRSet = [] }) => toCIDRSet);
}

/** Others are denied the addresses that are new as well. */
function ciliumDenials(
  has: ClusterPolicyObject,
  wants: ClusterPolicyObject,
): ClusterPolicyObject | undefined {
  const [before, after] = [has.specs ?? [], wants.specs ?? []] as readonly (readonly Fields[])[];
  const specs = (before ?? []).map((spec, index) => {
    const other = after?.[index] ?? {};
    if (!areAlikeBut(['egressDeny'], spec, other)) return spec;
    const [denied, wanted] = [spec, other].map(
      (one) => (one['egressDeny'] ?? []) as readonly Fields[],
    );
    const lacking = lackingRules(denied ?? [], wanted ?? [], ciliumRules);
    return lacking.length === 0 ? spec : { ...spec, egressDeny: [...(denied ?? []), ...lacking] };
  });
  return isDeepStrictEqual(specs, before) ? undefined : { ...has, specs };
}
