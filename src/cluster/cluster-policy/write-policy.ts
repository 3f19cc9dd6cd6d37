/** Writes of cluster-scoped policies, by the steps that the planner made. */
import type { CallOptions } from '../../kubernetes/api-calls.ts';
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import type { ServedResource } from '../../kubernetes/client/served-resources.ts';
import type { ExistingPolicy } from '../../plan/clients/cluster-policy/policy-manifest.ts';
import type { ClusterPolicyObject } from '../../plan/clients/cluster-policy/policy-object.ts';
import type { PolicyStep } from '../../plan/clients/cluster-policy/policy-steps.ts';
import { applyNew, applyOver, fieldManager, removeExactly } from '../apply-object.ts';
import { contentEditors } from '../stored-object.ts';
import { NotLeading } from '../write-objects.ts';
import { existingPolicy, type StoredPolicy, typeOf } from './stored-policy.ts';

export type PolicyOutcome =
  | { readonly kind: 'written' | 'met'; readonly object: ExistingPolicy }
  | { readonly kind: 'deleted' | 'vanished' }
  | { readonly kind: 'shared'; readonly owners: readonly string[] };

/**
 * Carries out one step.
 * @param present the object as it was last seen; undefined for one that is not there
 * Rejects as `ResourceClient` does, and with `NotLeading`.
 */
export type WritePolicy = (
  step: PolicyStep,
  present: ExistingPolicy | undefined,
  place: { readonly resource: ServedResource; readonly call: CallOptions },
) => Promise<PolicyOutcome>;

/** Creates a writer. @param mayAct asked right before each write */
export function createPolicyWriter(client: ApiClient, mayAct: () => boolean): WritePolicy {
  return async ({ verb, object }, present, { resource, call }) => {
    if (!mayAct()) throw new NotLeading();
    const policies = client.resource<StoredPolicy>(typeOf(resource));
    if (verb === 'Delete') {
      if (present === undefined) return { kind: 'deleted' };
      const { uid } = present;
      await removeExactly(policies, { ref: { name: object.metadata.name }, uid }, call);
      return { kind: 'deleted' };
    }
    const extras = (written: StoredPolicy): object | undefined => extraFields(object, written);
    const outcome =
      present === undefined
        ? await applyNew<StoredPolicy>(policies, object, call)
        : await applyOver<StoredPolicy>(policies, { object, uid: present.uid, extras }, call);
    return outcome.kind === 'written' || outcome.kind === 'met'
      ? { kind: outcome.kind, object: existingPolicy(resource, outcome.object) }
      : outcome;
  };
}

/** Fields that somebody else added to the content; those that the server filled in are nobody's. */
function extraFields(
  { spec, specs }: ClusterPolicyObject,
  written: StoredPolicy,
): object | undefined {
  if (contentEditors(written, fieldManager).length === 0) return undefined;
  const has = { spec: written.spec, specs: written.specs };
  return removalOf({ spec, specs }, has) as object | undefined;
}

/** A merge patch; lists are whole values, which an apply replaces. */
function removalOf(wanted: unknown, has: unknown): unknown {
  if (!isMap(wanted) || !isMap(has)) return undefined;
  const entries = Object.entries(has).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const wants = wanted[key];
    const part = wants === undefined ? null : removalOf(wants, value);
    return part === undefined ? [] : [[key, part] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
