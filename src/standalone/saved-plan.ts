/** A plan in a file, for an apply that does what was reviewed or nothing. Pure. */
import { apiVersion, kind } from '../api/sagemaker-private-link.ts';
import { isObject } from '../api/validation/json-value.ts';
import type { StandaloneLink } from './link-files.ts';
import type { LinkPlan } from './link-plan.ts';
import { compareActions, type KnownIds } from './saved-action-difference.ts';

const anyForm = 'sagemaker-privatelink saved plan ';
const form = `${anyForm}1`;

export interface SavedPlan {
  /** The identity that the links are of. */
  readonly clusterId: string;
  /** The links as they were read, as files have them. */
  readonly manifests: readonly object[];
  /** Names and actions of links with changes, in the order of the links. */
  readonly actions: readonly object[];
}

/** The text of the file. */
export function savedPlanText(
  clusterId: string,
  links: readonly StandaloneLink[],
  plans: readonly LinkPlan[],
): string {
  const manifests = links.map(({ name, spec }) => ({ apiVersion, kind, metadata: { name }, spec }));
  const saved = { form, clusterId, manifests, actions: actionsOf(plans) };
  return `${JSON.stringify(saved, undefined, 2)}\n`;
}

/** A link without changes, such as a suspended one, says nothing that could differ. */
function actionsOf(plans: readonly LinkPlan[]): readonly object[] {
  return plans
    .filter(({ actions }) => actions.length > 0)
    .map(({ name, region, actions }) => ({ name, region, actions }));
}

/** Whether a text is a saved plan, also of another version. */
export function isSavedPlan(text: string): boolean {
  const saved = parsed(text);
  return isObject(saved) && String(saved['form']).startsWith(anyForm);
}

/** @throws RangeError for a text that is no saved plan of this version */
export function readSavedPlan(text: string): SavedPlan {
  const saved = parsed(text);
  if (!isObject(saved) || saved['form'] !== form) {
    throw new RangeError(
      'it is not a plan that plan --out of this version wrote; files of links take -f',
    );
  }
  const { clusterId, manifests, actions } = saved;
  if (typeof clusterId !== 'string' || !isObjects(manifests) || !isObjects(actions)) {
    throw new RangeError('it was changed after plan --out wrote it: plan again');
  }
  return { clusterId, manifests, actions };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObjects(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.every(isObject);
}

/**
 * The first thing that plans of now would do and the saved one does not say: the link, the action and
 * the field. Undefined where there is none. Actions that are done already are missing from plans of
 * now, so a plan that was applied in part goes on.
 */
export function firstUnplanned(saved: SavedPlan, plans: readonly LinkPlan[]): string | undefined {
  return plans
    .map((plan) => {
      const then = saved.actions.find(
        (one) =>
          'name' in one && one.name === plan.name && 'region' in one && one.region === plan.region,
      );
      const isKnown = then !== undefined && 'actions' in then && isObjects(then.actions);
      return unplannedOfLink(plan, isKnown ? (then.actions as readonly object[]) : []);
    })
    .find((difference) => difference !== undefined);
}

function unplannedOfLink(
  { name, actions }: LinkPlan,
  saved: readonly object[],
): string | undefined {
  const now = JSON.parse(JSON.stringify(actions)) as LinkPlan['actions'];
  if (arePlanned(now, saved, new Map(), { left: mostComparisons })) return undefined;
  const left = new Set(saved);
  let known: KnownIds = new Map();
  for (const action of now) {
    const results = ofKind([...left], action).map((one) => ({
      one,
      result: compareActions(one, action, known),
    }));
    const same = results.find(({ result }) => 'known' in result);
    if (same === undefined || !('known' in same.result)) {
      const [first] = results.flatMap(({ result }) =>
        'difference' in result ? [result.difference] : [],
      );
      const why = first ?? 'the plan has no such action left';
      return `${name}: ${action.kind} (because ${action.reason}): ${why}`;
    }
    known = same.result.known;
    left.delete(same.one);
  }
  return `${name}: the actions of the plan fit each by itself, and not together`;
}

/** Words of several endpoints may fit one action: a wrong choice shows at a later one. */
const mostComparisons = 2000;

function arePlanned(
  [action, ...rest]: LinkPlan['actions'],
  saved: readonly object[],
  known: KnownIds,
  comparisons: { left: number },
): boolean {
  if (action === undefined) return true;
  return ofKind(saved, action).some((one) => {
    comparisons.left -= 1;
    if (comparisons.left < 0) return false;
    const result = compareActions(one, action, known);
    if ('difference' in result) return false;
    const others = saved.filter((other) => other !== one);
    return arePlanned(rest, others, result.known, comparisons);
  });
}

function ofKind(saved: readonly object[], { kind }: { readonly kind: string }): readonly object[] {
  return saved.filter((one) => 'kind' in one && one.kind === kind);
}
