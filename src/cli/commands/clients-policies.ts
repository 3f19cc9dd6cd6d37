/** Reads of a cluster's cluster-scoped policies: which kinds it serves, and what is there. */
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import type { KubernetesObject } from '../../kubernetes/client/object.ts';
import { servedResources, type ServedResource } from '../../kubernetes/client/served-resources.ts';
import { flavorKinds } from '../../plan/clients/cluster-policy/choose-flavor.ts';
import {
  type ClusterPolicyObject,
  policyLabels,
} from '../../plan/clients/cluster-policy/policy-object.ts';
import type { ClusterPolicySurroundings } from '../../plan/clients/preview/preview-cluster-policy.ts';
import { readable } from './readable.ts';

interface StoredPolicy extends KubernetesObject {
  readonly spec?: unknown;
  readonly specs?: readonly unknown[];
}

/** Kinds of a flavour that carry no policy themselves, beside those that do. */
const besides = 'Tier';

/** @throws UserError that says what cannot be read */
export async function readClusterPolicies(
  client: ApiClient,
  signal: AbortSignal,
): Promise<Pick<ClusterPolicySurroundings, 'served' | 'existing'>> {
  const places = flavorKinds.flatMap(({ kind, versions }) =>
    versions.map(([group, version]) => ({ group, version, kinds: [kind, besides] })),
  );
  const found = await Promise.all(
    places.map(async ({ kinds, ...place }) => {
      const asking = servedResources(client, place, { signal });
      const resources = await readable(`resources of ${place.group}`, asking, signal);
      return resources.filter(({ kind }) => kinds.includes(kind));
    }),
  );
  const served = found.flat();
  const existing = await Promise.all(served.map((one) => policiesOf(client, one, signal)));
  return { served, existing: existing.flat() };
}

async function policiesOf(
  client: ApiClient,
  { kind, ...type }: ServedResource,
  signal: AbortSignal,
): Promise<readonly ClusterPolicyObject[]> {
  const { group, version, plural } = type;
  const listed = client
    .resource<StoredPolicy>(type)
    .list({ labelSelector: policyLabels.part, signal });
  const { items } = await readable(`${plural} of ${group}`, listed, signal);
  return items.map(({ metadata: { name, labels = {} }, spec, specs }) => ({
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name, labels },
    ...(spec === undefined ? {} : { spec }),
    ...(specs === undefined ? {} : { specs }),
  }));
}
