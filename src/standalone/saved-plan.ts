/** A plan in a file, for an apply that does what was reviewed or nothing. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { apiVersion, kind } from '../api/sagemaker-private-link.ts';
import { isObject } from '../api/validation/json-value.ts';
import type { StandaloneLink } from './link-files.ts';
import type { LinkPlan } from './link-plan.ts';

const form = 'sagemaker-privatelink saved plan 1';

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

/** @throws RangeError for a text that is no saved plan of this version */
export function readSavedPlan(text: string): SavedPlan {
  const saved = parsed(text);
  if (!isObject(saved) || saved['form'] !== form) {
    throw new RangeError('it is no plan that plan --out of this version wrote');
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

/** Whether plans of now would do exactly what the saved one says. */
export function isStill(saved: SavedPlan, plans: readonly LinkPlan[]): boolean {
  const now: unknown = JSON.parse(JSON.stringify(actionsOf(plans)));
  return isDeepStrictEqual(now, saved.actions);
}
