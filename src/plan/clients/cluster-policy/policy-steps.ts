import { isDeepStrictEqual } from 'node:util';
import { canonicalText } from '../canonical-text.ts';
import { digest } from './policy-names.ts';
import { type ClusterPolicyObject, policyLabels, type PolicyPart } from './policy-object.ts';

/** One write. Each is made when the ones before it are done. */
export type PolicyStep =
  | { readonly verb: 'Apply'; readonly object: ClusterPolicyObject }
  | { readonly verb: 'Delete'; readonly object: ClusterPolicyObject };

/**
 * The writes that bring a link's cluster-scoped policies from what exists to what is wanted, in an
 * order in which no moment is worse than both: pods reach nothing that neither the old nor the new
 * policies allow, and all that both do.
 *
 * Objects that let traffic pass come first and go last. Another subject or priority makes a set of
 * objects of its own, which is whole before the former set goes.
 *
 * @param existing the link's own objects of this flavour, as the API server has them
 * @param wanted what `renderClusterPolicy` made; empty takes everything away
 */
export function policySteps(
  existing: readonly ClusterPolicyObject[],
  wanted: readonly ClusterPolicyObject[],
): readonly PolicyStep[] {
  const of = (objects: readonly ClusterPolicyObject[], part: PolicyPart) =>
    objects.filter(({ metadata }) => metadata.labels[policyLabels.part] === part);
  const changed = (part: PolicyPart) =>
    of(wanted, part).filter((one) => !existing.some((other) => sameObject(one, other)));
  const stale = (part: PolicyPart) =>
    of(existing, part).filter((one) => !wanted.some((other) => sameName(one, other)));
  const allow = allowSteps(of(existing, 'allow'), of(wanted, 'allow'));
  return [
    ...changed('tier').map(apply),
    ...allow.steps,
    ...changed('deny').map(apply),
    ...changed('others').map(apply),
    ...stale('others').map(remove),
    ...stale('deny').map(remove),
    ...[...stale('allow'), ...allow.extra].map(remove),
    ...stale('tier').map(remove),
  ];
}

const apply = (object: ClusterPolicyObject): PolicyStep => ({ verb: 'Apply', object });
const remove = (object: ClusterPolicyObject): PolicyStep => ({ verb: 'Delete', object });

function sameName(a: ClusterPolicyObject, b: ClusterPolicyObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name;
}

function sameObject(a: ClusterPolicyObject, b: ClusterPolicyObject): boolean {
  const partsOf = ({ apiVersion, spec, specs }: ClusterPolicyObject) => ({
    apiVersion,
    spec,
    specs,
  });
  return sameName(a, b) && isDeepStrictEqual(partsOf(a), partsOf(b));
}

interface AllowSteps {
  readonly steps: readonly PolicyStep[];
  /** Objects that keep rules in the meantime, to be taken away at the end. */
  readonly extra: readonly ClusterPolicyObject[];
}

/**
 * Writes of the objects that let traffic pass. A rule may move from one object to another, and
 * between the two writes it must not be in neither: an object is written when it takes nothing away,
 * or when everything wanted is there after it. Where no object is like that, the rules that one would
 * take away are kept in an extra object.
 */
function allowSteps(
  existing: readonly ClusterPolicyObject[],
  wanted: readonly ClusterPolicyObject[],
): AllowSteps {
  const steps: PolicyStep[] = [];
  const extra: ClusterPolicyObject[] = [];
  let now = existing;
  let open = wanted.filter((one) => !existing.some((other) => sameObject(one, other)));
  while (open.length > 0) {
    const next = open.find((one) => mayWrite(one, now, wanted));
    if (next === undefined) {
      const keeper = keeperOf(open, now);
      extra.push(keeper);
      steps.push(apply(keeper));
      now = [...now, keeper];
      continue;
    }
    steps.push(apply(next));
    now = written(now, next);
    open = open.filter((one) => one !== next);
  }
  return { steps, extra };
}

function written(
  objects: readonly ClusterPolicyObject[],
  object: ClusterPolicyObject,
): readonly ClusterPolicyObject[] {
  return [...objects.filter((one) => !sameName(one, object)), object];
}

function mayWrite(
  object: ClusterPolicyObject,
  now: readonly ClusterPolicyObject[],
  wanted: readonly ClusterPolicyObject[],
): boolean {
  const after = rulesOf(written(now, object));
  const lost = [...rulesOf(now)].some((rule) => !after.has(rule));
  return !lost || [...rulesOf(wanted)].every((rule) => after.has(rule));
}

/** The set of an object and its rules, as texts: a rule of another set is about other pods. */
function rulesOf(objects: readonly ClusterPolicyObject[]): ReadonlySet<string> {
  return new Set(objects.flatMap((object) => egressOf(object).map((rule) => textOf(object, rule))));
}

function textOf({ metadata }: ClusterPolicyObject, rule: unknown): string {
  return canonicalText([metadata.labels[policyLabels.set], rule]);
}

function egressOf({ spec }: ClusterPolicyObject): readonly unknown[] {
  return (spec as { readonly egress?: readonly unknown[] } | undefined)?.egress ?? [];
}

/** An object under another name with what the first of these would take away. */
function keeperOf(
  open: readonly ClusterPolicyObject[],
  now: readonly ClusterPolicyObject[],
): ClusterPolicyObject {
  const blocked = open.find((one) => now.some((other) => sameName(one, other)));
  const former = now.find((one) => blocked !== undefined && sameName(one, blocked));
  if (former === undefined) throw new Error('An object that is not there takes no rule away.');
  const { metadata, spec } = former;
  const name = `${metadata.name}-kept-${digest(spec)}`;
  return { ...former, metadata: { ...metadata, name } };
}
