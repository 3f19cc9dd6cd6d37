import { group, type LabelSelector } from '../../../api/sagemaker-private-link.ts';
import type { ClusterPolicyProblem } from './cluster-egress.ts';
import type { WantedEgress } from '../egress.ts';

/** The cluster policy of one link, without a word of a flavour. */
export interface ClusterPolicyInput {
  /** metadata.name of the link. */
  readonly link: string;
  /** spec.clients.namespaceSelector; {} for every namespace. */
  readonly namespaceSelector: LabelSelector;
  /** Namespaces that are left out whatever the selector says, such as kube-system; sorted. */
  readonly protectedNamespaces: readonly string[];
  /** The pods there, and all that they may reach. */
  readonly wanted: WantedEgress;
  /** The addresses of the link's own endpoints as blocks, for `others`; sorted. */
  readonly endpointCidrs: readonly string[];
  readonly priority: number;
  readonly others: 'Allow' | 'Deny';
  readonly namespacedPolicies: 'Write' | 'Omit';
}

/** The purpose of an object; also the value of its label. */
export type PolicyPart = 'tier' | 'allow' | 'deny' | 'others';

/** One cluster-scoped object, whole but for the labels and annotations that every object gets. */
export interface ClusterPolicyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  /** Cilium's list in the place of one spec. */
  readonly specs?: readonly unknown[];
}

/**
 * Objects, or why there are none: a flavour that cannot say a part of the egress gets no policy,
 * since without that part it would be a wrong one. They have to be written with strict field
 * validation: a server that drops a field which it does not know makes another policy of them.
 */
export interface RenderedClusterPolicy {
  readonly objects: readonly ClusterPolicyObject[];
  readonly problems: readonly ClusterPolicyProblem[];
}

/** The labels by which the objects of a link are told apart. */
export const policyLabels = {
  part: `${group}/policy-part`,
  /** Objects of one set have one subject and one priority. */
  set: `${group}/policy-set`,
} as const;
