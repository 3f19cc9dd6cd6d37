import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../../api/sagemaker-private-link.ts';
import { canonicalText, digestOf } from '../canonical-text.ts';

/**
 * A digest of everything of a link that the content of its namespaces is made from: two links with
 * the same one get the same content. States and times of endpoints are not among it.
 */
export function basisOf({
  spec,
  status,
}: {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly status?: SageMakerPrivateLinkStatus | undefined;
}): string {
  const { clients, endpoints, region, suspend } = spec;
  const made = (status?.endpoints ?? []).map((one) => {
    const { service, serviceName, url, dnsNames, networkInterfaces = [] } = one;
    const addresses = networkInterfaces.map(({ ipv4, ipv6 }) => [ipv4, ipv6]);
    return { service, serviceName, url, dnsNames, addresses };
  });
  const { availableOnce, services } = status?.clients ?? {};
  const basis = { clients, endpoints, region, suspend, made, availableOnce, services };
  return digestOf(canonicalText(basis), 16);
}

/** The basis of a cluster-scoped policy that is to be gone, whatever it was before. */
export const ofLinkThatGoes = 'going';

/** The same of a link's cluster-scoped policy. @param link undefined for one that is gone */
export function policyBasisOf(link: SageMakerPrivateLink | undefined): string {
  const isGoing = link === undefined || link.metadata.deletionTimestamp !== undefined;
  return isGoing ? ofLinkThatGoes : basisOf(link);
}
