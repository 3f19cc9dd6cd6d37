/** Reads of a cluster's cluster-scoped policies: which kinds it serves, and what is there. */
import { discoverPolicyKinds, policyResources } from '../../cluster/cluster-policy/policy-kinds.ts';
import { listPolicies } from '../../cluster/cluster-policy/stored-policy.ts';
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import type { PreviewSurroundings } from '../../plan/clients/preview/preview-cluster-policy.ts';
import { readable } from './readable.ts';

/** @throws UserError that says what cannot be read */
export async function readClusterPolicies(
  client: ApiClient,
  signal: AbortSignal,
): Promise<Pick<PreviewSurroundings, 'served' | 'existing'>> {
  const asking = discoverPolicyKinds(client, signal);
  const served = await readable('the kinds that the cluster serves', asking, signal);
  const existing = await Promise.all(
    policyResources(served).map((one) => {
      const words = `${one.plural} of ${one.group}`;
      return readable(words, listPolicies(client, one, signal), signal);
    }),
  );
  return { served, existing: existing.flat() };
}
