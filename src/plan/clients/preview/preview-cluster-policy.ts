import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import {
  chooseFlavor,
  type Flavor,
  type ServedFlavor,
  type ServedKind,
} from '../cluster-policy/choose-flavor.ts';
import { renderClusterPolicy } from '../cluster-policy/cluster-policy.ts';
import { policyNamePrefix } from '../cluster-policy/policy-names.ts';
import type { ClusterPolicyObject } from '../cluster-policy/policy-object.ts';
import { policySteps } from '../cluster-policy/policy-steps.ts';
import { blocksOf } from '../egress.ts';
import { notAvailable } from '../partial-plan.ts';
import { systemNamespaces } from '../plan-namespace.ts';
import { type ClusterFacts, type EgressOfLink, wantedEgress } from '../wanted-egress.ts';
import type { PreviewedChange } from './preview-namespace.ts';

export interface ClusterPolicyPreview {
  readonly link: string;
  /** Absent where the cluster serves none that the link takes. */
  readonly flavor?: Flavor;
  readonly objects: readonly {
    readonly change: PreviewedChange;
    readonly object: ClusterPolicyObject;
  }[];
  readonly findings: readonly { readonly reason: string; readonly message: string }[];
  /** True if the cluster has the policy, so that namespaces may go without theirs. */
  readonly inForce: boolean;
}

export interface ClusterPolicySurroundings {
  /** The kinds that discovery lists. */
  readonly served: readonly ServedKind[];
  /** Cluster-scoped policies with the operator's labels, of all links and flavours. */
  readonly existing: readonly ClusterPolicyObject[];
  readonly cluster: ClusterFacts;
  readonly operatorNamespace?: string;
}

/**
 * The cluster-scoped policy of a link in the flavour that the cluster has.
 * @returns undefined for a link that wants none, or is being deleted
 */
export function previewClusterPolicy(
  link: SageMakerPrivateLink,
  surroundings: ClusterPolicySurroundings,
): ClusterPolicyPreview | undefined {
  const { spec, metadata } = link;
  const { clusterPolicy } = spec.clients ?? {};
  const egress = wantedEgress(link, surroundings.cluster);
  const isGoing = metadata.deletionTimestamp !== undefined;
  if (clusterPolicy === undefined || egress === undefined || isGoing) return undefined;
  const existing = surroundings.existing.filter(({ metadata: { name } }) =>
    name.startsWith(policyNamePrefix(metadata.name)),
  );
  const base = { link: metadata.name, objects: [], inForce: false };
  const choice = chooseFlavor(surroundings.served, clusterPolicy.flavor);
  if (choice.kind === 'None') {
    return { ...base, findings: [{ reason: 'NoFlavor', message: choice.message }] };
  }
  const { served } = choice;
  const rendered = rendering(link, egress, served, surroundings);
  const waits = rendered.problems.length > 0 ? rendered.problems : waitsOf(link, egress);
  const steps = policySteps(existing, rendered.objects);
  const isThere = ({ metadata: { name } }: ClusterPolicyObject): boolean =>
    existing.some((one) => one.metadata.name === name);
  const isHeld = waits.length > 0 || isHeldBack(link);
  const objects = rendered.objects.map((object) => {
    const isWritten = steps.some((step) => step.verb === 'Apply' && step.object === object);
    const change = isThere(object) ? 'Update' : 'Create';
    if (!isWritten) return { change: 'Unchanged', object } as const;
    return { change: isHeld ? 'NotWritten' : change, object } as const;
  });
  const deletions = isHeld
    ? []
    : steps.flatMap(({ verb, object }) =>
        verb === 'Delete' && isThere(object) ? [{ change: verb, object } as const] : [],
      );
  return {
    link: metadata.name,
    flavor: served.flavor,
    objects: [...objects, ...deletions],
    findings: waits,
    inForce: rendered.objects.length > 0 && rendered.objects.every(isThere),
  };
}

function isHeldBack({ spec }: SageMakerPrivateLink): boolean {
  return spec.suspend || spec.clients?.networkPolicy?.enforcement === 'Audit';
}

function rendering(
  { spec, status, metadata }: SageMakerPrivateLink,
  { wanted }: EgressOfLink,
  served: ServedFlavor,
  { operatorNamespace }: ClusterPolicySurroundings,
) {
  const { clients } = spec;
  if (clients?.clusterPolicy === undefined) return { objects: [], problems: [] };
  const { priority, others, namespacedPolicies } = clients.clusterPolicy;
  const addresses = (status?.endpoints ?? []).flatMap(({ networkInterfaces = [] }) =>
    networkInterfaces.flatMap(({ ipv4, ipv6 }) => [ipv4 ?? [], ipv6 ?? []].flat()),
  );
  return renderClusterPolicy(served, {
    link: metadata.name,
    namespaceSelector: clients.namespaceSelector,
    protectedNamespaces: [
      ...new Set([...systemNamespaces, ...(operatorNamespace ? [operatorNamespace] : [])]),
    ].sort(),
    wanted,
    endpointCidrs: [...blocksOf(addresses)].sort(),
    priority,
    others,
    namespacedPolicies,
  });
}

function waitsOf({ metadata, status }: SageMakerPrivateLink, egress: EgressOfLink) {
  const { name } = metadata;
  const parts = [...egress.unknown, ...egress.missing];
  if (parts.length > 0) {
    const message = `The cluster policy waits for the addresses of ${parts.join(', ')}.`;
    return [{ reason: 'AddressesUnknown', message }];
  }
  if (status?.clients?.availableOnce === true) return [];
  const { reason, message } = notAvailable(name, 'NetworkPolicy');
  return [{ reason, message: message.replace('NetworkPolicy', 'cluster policy') }];
}
