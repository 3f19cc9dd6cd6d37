/** How the namespaces of a link are, as its own pass gets to know it. */
import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import type { Reason } from '../../../api/conditions.ts';
import type { Flavor } from '../cluster-policy/choose-flavor.ts';
import type { ClientReason } from '../finding.ts';
import type { ClusterFacts } from '../wanted-egress.ts';

/** One namespace as the last pass over it left it, for one link. */
export interface NamespaceResult {
  /** Digest of what the content was made from: another one means that it may be out of date. */
  readonly basis: string;
  /** `Waiting` ends by itself, `Failing` needs somebody. */
  readonly state: 'Ready' | 'Waiting' | 'Failing';
  /** Undefined for `Ready`. */
  readonly reason?: ClientReason;
  /** The problem and what to do; '' for `Ready`. */
  readonly message: string;
}

/** One namespace that a link selects. */
export interface NamespaceState {
  readonly name: string;
  /** Undefined while no pass over it has ended. */
  readonly result?: NamespaceResult;
}

/** The cluster-scoped policy of a link as the last pass over it left it. */
export interface ClusterPolicyResult {
  /** As of a namespace. */
  readonly basis: string;
  readonly state: 'Ready' | 'Waiting' | 'Failing';
  /** Undefined for `Ready`. */
  readonly reason?: Reason;
  /** The problem and what to do; '' for `Ready`. */
  readonly message: string;
  /** Absent where none is chosen. */
  readonly flavor?: Flavor;
  /** The link's own objects, in words. */
  readonly objects: readonly string[];
  /** A digest of the wanted content; '' where nothing is wanted. */
  readonly hash: string;
  /** Whether the link's pods are held by it, so that namespaces may go without policies. */
  readonly inForce: boolean;
}

export type ClientsView =
  /** This operator does not look after namespaces. */
  | {
      readonly kind: 'Disabled';
      /** Namespaces that an operator which did had written into, by the status. */
      readonly written: number;
      /** The same of cluster-scoped policies. */
      readonly policies: number;
    }
  /** The namespaces are not known: why. */
  | { readonly kind: 'Unknown'; readonly message: string }
  | {
      readonly kind: 'Known';
      readonly cluster: ClusterFacts;
      readonly namespaces: readonly NamespaceState[];
      /** Namespaces that have an object which is there for the link, whether it selects them or not. */
      readonly holding: readonly string[];
      /** Absent while no pass over the link's cluster-scoped policy has ended. */
      readonly clusterPolicy?: ClusterPolicyResult;
    };

/** The view of an operator that does not look after namespaces. */
export function withoutClients({ status }: Pick<SageMakerPrivateLink, 'status'>): ClientsView {
  const { namespaces = 0, clusterPolicy } = status?.clients ?? {};
  return { kind: 'Disabled', written: namespaces, policies: clusterPolicy?.objects ?? 0 };
}
