/** The pods that verify links, as their watch shows them. */
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import { createResourceWatch, type ResourceWatch } from '../../kubernetes/watch/resource-watch.ts';
import type { VerificationPod } from '../../plan/verification/run-outcome.ts';
import { verifyLabel } from '../../plan/verification/verification-pod.ts';
import { podType } from '../resource-types.ts';
import type { WatchParts } from '../watch-parts.ts';
import { keptPod, linkOfPod, type StoredPod, verificationPod } from './stored-pod.ts';

/** Own pods by the link that they verify. */
export interface VerificationPods {
  readonly watch: ResourceWatch<StoredPod>;
  of(link: string): readonly VerificationPod[];
}

/** Creates the watch of everything that carries the label; it is to be run. */
export function createVerificationPods(client: ApiClient, parts: WatchParts): VerificationPods {
  const watch = createResourceWatch<StoredPod>({
    ...parts,
    resource: client.resource<StoredPod>(podType),
    labelSelector: verifyLabel,
    keep: keptPod,
  });
  return {
    watch,
    // Few at any time: a run in each of a few namespaces.
    of: (link) =>
      watch.cache
        .list()
        .filter((pod) => linkOfPod(pod) === link)
        .flatMap((pod) => verificationPod(pod) ?? []),
  };
}
