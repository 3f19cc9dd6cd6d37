/** Cluster-scoped policies on the wire. */
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import { isNotFound } from '../../kubernetes/client/api-error.ts';
import type { KubernetesObject, ResourceType } from '../../kubernetes/client/object.ts';
import type { ServedResource } from '../../kubernetes/client/served-resources.ts';
import { managedBy, managedByLabel } from '../../plan/clients/client-object.ts';
import { flavorOf } from '../../plan/clients/cluster-policy/choose-flavor.ts';
import type { ExistingPolicy } from '../../plan/clients/cluster-policy/policy-manifest.ts';
import { fieldManager } from '../apply-object.ts';
import { contentEditors, managersOf } from '../stored-object.ts';

export interface StoredPolicy extends KubernetesObject {
  readonly spec?: unknown;
  readonly specs?: readonly unknown[];
}

/** Selects everything that the operator wrote. */
export const ownPolicies = `${managedByLabel}=${managedBy}`;

/** The resource as the client takes it. */
export function typeOf({ group, version, plural, namespaced }: ServedResource): ResourceType {
  return { group, version, plural, namespaced };
}

/** The object in the planner's form. @param resource that it was read from or written to */
export function existingPolicy(
  { group, version, kind }: ServedResource,
  stored: StoredPolicy,
): ExistingPolicy {
  const { metadata, spec, specs } = stored;
  const { name, uid = '', labels = {}, annotations = {} } = metadata;
  const apiVersion = `${group}/${version}`;
  const flavor = flavorOf({ apiVersion, kind });
  if (flavor === undefined) throw new TypeError(`${kind} of ${apiVersion} is no policy`);
  return {
    flavor,
    object: {
      apiVersion,
      kind,
      metadata: { name, labels, annotations },
      ...(spec === undefined ? {} : { spec }),
      ...(specs === undefined ? {} : { specs }),
    },
    uid,
    managers: managersOf(stored),
    editors: contentEditors(stored, fieldManager),
  };
}

/** Every object that the operator wrote, of a kind; none of a kind that is gone. Rejects as `list` does. */
export async function listPolicies(
  client: ApiClient,
  resource: ServedResource,
  signal: AbortSignal,
): Promise<readonly ExistingPolicy[]> {
  const policies = client.resource<StoredPolicy>(typeOf(resource));
  try {
    const { items } = await policies.list({ labelSelector: ownPolicies, signal });
    return items.map((one) => existingPolicy(resource, one));
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
