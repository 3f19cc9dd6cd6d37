/** Everything that the parts of the cluster ask of all links at once. */
import type { LabelSelector, SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { createResourceIndex } from '../kubernetes/watch/resource-index.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import { selects } from '../plan/clients/label-selector.ts';

/** A link, as far as it is asked of all of them. */
export interface ClientLink {
  /** The labels of its namespaces; undefined for a link that selects none. */
  readonly namespaceSelector: LabelSelector | undefined;
  readonly isSuspended: boolean;
  readonly isVerified: boolean;
  /** Whether its pods may reach the API server, whose addresses stand in its status. */
  readonly reachesApiServer: boolean;
  /** Whether it wants a cluster-scoped policy, or has one by its status. */
  readonly hasClusterPolicy: boolean;
}

type Labels = Readonly<Record<string, string>>;

/** The links of a cluster by what concerns its namespaces. */
export interface ClientLinks {
  /** Names of the links for which it is so. */
  names(isSo: (link: ClientLink) => boolean): readonly string[];
}

/** Keeps up with the links of a watch, as long as it lives. */
export function createClientLinks(
  watch: Pick<ResourceWatch<SageMakerPrivateLink>, 'subscribe'>,
): ClientLinks {
  const index = createResourceIndex(watch, clientLinkOf);
  return {
    names: (isSo) => [...index.entries()].flatMap(([name, link]) => (isSo(link) ? [name] : [])),
  };
}

/** Whether a link selects a namespace with these labels. */
export function isSelecting(
  { namespaceSelector }: Pick<ClientLink, 'namespaceSelector'>,
  labels: Labels,
): boolean {
  return namespaceSelector !== undefined && selects(namespaceSelector, labels);
}

/** True for a link that wants a cluster-scoped policy, or has one by its status. */
export function involvesClusterPolicy({ spec, status }: SageMakerPrivateLink): boolean {
  return spec.clients?.clusterPolicy !== undefined || status?.clients?.clusterPolicy !== undefined;
}

/** Undefined for a link about which nobody in the cluster asks. */
function clientLinkOf(link: SageMakerPrivateLink): ClientLink | undefined {
  const { clients, verify, suspend } = link.spec;
  const part = {
    namespaceSelector: clients?.namespaceSelector,
    isSuspended: suspend,
    isVerified: verify !== undefined,
    reachesApiServer: clients?.networkPolicy?.egress?.kubernetesAPI === true,
    hasClusterPolicy: involvesClusterPolicy(link),
  };
  const { namespaceSelector, ...marks } = part;
  return namespaceSelector !== undefined || Object.values(marks).includes(true) ? part : undefined;
}
