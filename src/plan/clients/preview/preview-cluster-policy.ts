import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import type { Flavor } from '../cluster-policy/choose-flavor.ts';
import {
  type ClusterPolicyFinding,
  type ClusterPolicySurroundings,
  planClusterPolicy,
} from '../cluster-policy/plan-cluster-policy.ts';
import { isOwnPolicy } from '../cluster-policy/policy-manifest.ts';
import type { ClusterPolicyObject } from '../cluster-policy/policy-object.ts';
import type { PreviewedChange } from './preview-namespace.ts';

export interface ClusterPolicyPreview {
  readonly link: string;
  /** Absent where the cluster serves none that the link takes. */
  readonly flavor?: Flavor;
  readonly objects: readonly {
    readonly change: PreviewedChange;
    readonly object: ClusterPolicyObject;
  }[];
  readonly findings: readonly ClusterPolicyFinding[];
  /** True if the cluster has the policy, so that namespaces may go without theirs. */
  readonly inForce: boolean;
}

/** With the objects of all links, told apart here. */
export type PreviewSurroundings = Omit<ClusterPolicySurroundings, 'areNamespacesHeld'>;

/**
 * The cluster-scoped policy of a link in the flavour that the cluster has, by the operator's own
 * planner on the objects that are there.
 * @returns undefined for a link that wants none, or is being deleted
 */
export function previewClusterPolicy(
  link: SageMakerPrivateLink,
  surroundings: PreviewSurroundings,
): ClusterPolicyPreview | undefined {
  const { spec, metadata } = link;
  const isGoing = metadata.deletionTimestamp !== undefined;
  if (spec.clients?.clusterPolicy === undefined || isGoing) return undefined;
  const existing = surroundings.existing.filter((one) => isOwnPolicy(one, metadata.name));
  const world = { ...surroundings, existing, areNamespacesHeld: true };
  const plan = planClusterPolicy(heldBackByNothing(link), world);
  const { flavor, wanted, steps } = plan;
  const findings = [...plan.problems, ...plan.waits];
  const isHeld = (steps.length === 0 && findings.length > 0) || isHeldBack(link);
  const isThere = ({ kind, metadata: { name } }: ClusterPolicyObject): boolean =>
    existing.some(
      ({ object, ...one }) =>
        one.flavor === flavor && object.kind === kind && object.metadata.name === name,
    );
  const objects = wanted.map((object) => {
    const isWritten = steps.some(
      (step) => step.verb === 'Apply' && step.object.metadata.name === object.metadata.name,
    );
    if (isHeld) return { change: 'NotWritten', object } as const;
    if (!isWritten) return { change: 'Unchanged', object } as const;
    return { change: isThere(object) ? 'Update' : 'Create', object } as const;
  });
  const isHere = (object: ClusterPolicyObject): boolean =>
    existing.some((one) => one.object.metadata.name === object.metadata.name);
  const deletions = isHeld
    ? []
    : steps.flatMap(({ verb, object }) =>
        verb === 'Delete' && isHere(object) ? [{ change: verb, object } as const] : [],
      );
  return {
    link: metadata.name,
    ...(flavor === undefined ? {} : { flavor }),
    objects: [...objects, ...deletions],
    findings,
    inForce: wanted.length > 0 && wanted.every(isThere),
  };
}

function isHeldBack({ spec }: SageMakerPrivateLink): boolean {
  return spec.suspend || spec.clients?.networkPolicy?.enforcement === 'Audit';
}

/** The link as if it were enforced and at work. */
function heldBackByNothing(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const { spec } = link;
  const { clients } = spec;
  if (clients?.networkPolicy === undefined) return link;
  const networkPolicy = { ...clients.networkPolicy, enforcement: 'Enforce' as const };
  return { ...link, spec: { ...spec, suspend: false, clients: { ...clients, networkPolicy } } };
}
