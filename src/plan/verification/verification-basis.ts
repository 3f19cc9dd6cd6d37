import type {
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import { basisOf } from '../clients/status/basis.ts';
import { canonicalText, digestOf } from '../clients/canonical-text.ts';

/**
 * A digest of everything that the verdict of a pod depends on and that the operator knows: names and
 * addresses of the endpoints, what the namespaces have, and what is asked of the pods. How often it
 * is verified, and from which namespaces, is not among it.
 */
export function verificationBasis(link: {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly status?: SageMakerPrivateLinkStatus | undefined;
}): string {
  const { podsPerNamespace, mustNotAnswer, nodeSelector, tolerations } = link.spec.verify ?? {};
  const asked = { podsPerNamespace, mustNotAnswer, nodeSelector, tolerations };
  return digestOf(`${basisOf(link)} ${canonicalText(asked)}`, 16);
}
