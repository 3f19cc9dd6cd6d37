import type {
  LabelSelector,
  LabelSelectorRequirement,
} from '../../../api/sagemaker-private-link.ts';
import { requirementsOf } from '../label-selector.ts';
import type { ClusterPolicyInput } from './policy-object.ts';

/** Pods by the labels of their namespace and by their own. */
export interface PodSelection {
  /** {} for every namespace. */
  readonly namespaceSelector: LabelSelector;
  /** {} for every pod there. */
  readonly podSelector: LabelSelector;
}

/** True for a selector that takes everything. */
export function takesAll(selector: LabelSelector): boolean {
  return requirementsOf(selector).length === 0;
}

/**
 * The pods that are not selected, as selections that together have each of them: whoever is not
 * selected fails one requirement at least. Empty when every pod is selected.
 */
function complementOf(selection: PodSelection): readonly PodSelection[] {
  const { namespaceSelector, podSelector } = selection;
  return [
    ...requirementsOf(namespaceSelector).map((requirement) => ({
      namespaceSelector: { matchExpressions: [oppositeOf(requirement)] },
      podSelector: {},
    })),
    ...requirementsOf(podSelector).map((requirement) => ({
      namespaceSelector,
      podSelector: { matchExpressions: [oppositeOf(requirement)] },
    })),
  ];
}

/** NotIn takes objects without the label too, so it is the exact opposite of In. */
const opposites = {
  In: 'NotIn',
  NotIn: 'In',
  Exists: 'DoesNotExist',
  DoesNotExist: 'Exists',
} as const;

function oppositeOf(requirement: LabelSelectorRequirement): LabelSelectorRequirement {
  return { ...requirement, operator: opposites[requirement.operator] };
}

/** The pods that a cluster policy is about: those of the spec, but for those of the cluster's own. */
export function clientPods(input: ClusterPolicyInput): PodSelection {
  const { namespaceSelector, wanted, protectedNamespaces } = input;
  const { matchExpressions = [] } = namespaceSelector;
  if (protectedNamespaces.length === 0)
    return { namespaceSelector, podSelector: wanted.podSelector };
  const others: LabelSelectorRequirement = {
    key: 'kubernetes.io/metadata.name',
    operator: 'NotIn',
    values: protectedNamespaces,
  };
  return {
    namespaceSelector: { ...namespaceSelector, matchExpressions: [...matchExpressions, others] },
    podSelector: wanted.podSelector,
  };
}

/** The pods that others: Deny is about; none when it is off or there is nothing to deny yet. */
export function otherPods(input: ClusterPolicyInput): readonly PodSelection[] {
  const denies = input.others === 'Deny' && input.endpointCidrs.length > 0;
  return denies ? complementOf(clientPods(input)) : [];
}
