import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { ClientObject } from './client-object.ts';
import type { ClientFinding } from './finding.ts';
import { type NamespaceInput, planNamespace } from './plan-namespace.ts';

/** Everything that a namespace would get if it had nothing yet. */
export interface NamespacePreview {
  readonly namespace: string;
  readonly selectedBy: readonly string[];
  readonly objects: readonly ClientObject[];
  /** Links whose policy is shown though `enforcement: Audit` keeps it from being written. */
  readonly audited: readonly string[];
  readonly waits: readonly ClientFinding[];
  readonly problems: readonly ClientFinding[];
}

/**
 * Shows a namespace as the operator would make it, policies under Audit included, and without
 * waiting for endpoints to become available. Objects of others that are in the way are problems
 * here as well.
 *
 * @param input with the objects of others alone in `existing`
 */
export function previewNamespace(input: NamespaceInput): NamespacePreview {
  const audited = input.links.filter(isAudited).map(({ metadata }) => metadata.name);
  const plan = planNamespace({ ...input, links: input.links.map(asEnforced) });
  return {
    namespace: input.namespace.name,
    selectedBy: plan.selectedBy,
    objects: plan.actions.flatMap((action) => (action.kind === 'Create' ? [action.object] : [])),
    audited: audited.filter((name) => plan.selectedBy.includes(name)),
    waits: plan.waits,
    problems: plan.problems,
  };
}

function isAudited({ spec }: SageMakerPrivateLink): boolean {
  return spec.clients?.networkPolicy?.enforcement === 'Audit';
}

/** The link as if it were enforced and in use, which is the point of a preview. */
function asEnforced(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const { spec, status = { observedGeneration: 0 } } = link;
  const { clients } = spec;
  if (clients === undefined) return link;
  const { networkPolicy, ...others } = clients;
  const enforced =
    networkPolicy === undefined
      ? {}
      : { networkPolicy: { ...networkPolicy, enforcement: 'Enforce' as const } };
  const known = status.clients ?? { namespaces: 0, ready: 0 };
  return {
    ...link,
    spec: { ...spec, suspend: false, clients: { ...others, ...enforced } },
    status: { ...status, clients: { ...known, availableOnce: true } },
  };
}
