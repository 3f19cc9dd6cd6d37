import type { VerificationPod } from './run-outcome.ts';
import type { PodManifest } from './verification-pod.ts';

/** One change of the pods that verify a link. */
export type PodAction =
  | { readonly kind: 'Create'; readonly pod: PodManifest }
  | { readonly kind: 'Delete'; readonly pod: VerificationPod };

/** Deletions of the pods that nobody has deleted yet. */
export function deletionsOf(pods: readonly VerificationPod[]): readonly PodAction[] {
  return pods.filter(({ deleting }) => !deleting).map((pod) => ({ kind: 'Delete', pod }));
}
