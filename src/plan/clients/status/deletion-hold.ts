import type { SageMakerPrivateLinkSpec } from '../../../api/sagemaker-private-link.ts';
import { settled, type Stage, stage } from '../../stage.ts';
import { ofLinkThatGoes } from './basis.ts';
import type { ClientsView, ClusterPolicyResult } from './clients-view.ts';
import { policyCleaningWait } from './report-cluster-policy.ts';
import { cleaningWait } from './report-clients.ts';

/** The waits of a link that is being deleted, and whether its endpoints may go. */
export interface DeletionHold {
  readonly stage: Stage;
  readonly mayLeaveEndpoints: boolean;
}

const free: DeletionHold = { stage: settled, mayLeaveEndpoints: true };

/**
 * Namespaces and the cluster's own policies are cleaned before the endpoints go: with these gone a policy that is left would shut
 * pods in. Namespaces that are going away themselves are not waited for.
 *
 * @param view undefined outside of a cluster, where nobody has namespaces
 */
export function holdForClients(
  { clients }: Pick<SageMakerPrivateLinkSpec, 'clients'>,
  view: ClientsView | undefined,
): DeletionHold {
  switch (view?.kind) {
    case undefined:
      return free;
    case 'Known':
      return heldBy(view);
    case 'Unknown': {
      // A link that never had clients does not have to wait for what is none of its business.
      if (clients === undefined) return free;
      const { message } = view;
      return held({
        waits: [{ subject: 'ClientsConfigured', reason: 'ClusterUnavailable', message }],
      });
    }
    case 'Disabled':
      return view.written === 0 && view.policies === 0
        ? free
        : held({ problems: [unreachable(view)] });
  }
}

function heldBy({ holding, clusterPolicy }: Extract<ClientsView, { kind: 'Known' }>): DeletionHold {
  const waits = [
    ...(holding.length === 0 ? [] : [cleaningWait(holding)]),
    ...(clusterPolicy === undefined || isGone(clusterPolicy)
      ? []
      : [policyCleaningWait(clusterPolicy)]),
  ];
  return waits.length === 0 ? free : held({ waits });
}

/** A pass that saw that the link goes has found nothing left. */
function isGone({ basis, state, objects }: ClusterPolicyResult): boolean {
  return basis === ofLinkThatGoes && state === 'Ready' && objects.length === 0;
}

function held(parts: Partial<Stage>): DeletionHold {
  return { stage: stage(parts), mayLeaveEndpoints: false };
}

function unreachable({ written, policies }: Extract<ClientsView, { kind: 'Disabled' }>) {
  return {
    subject: 'ClientsConfigured',
    reason: 'ClientsDisabled',
    severity: 'stalled',
    message: `The link's ConfigMaps and policies are in ${written} namespaces${policies > 0 ? `, and ${policies} of its policies in the cluster` : ''}, and this operator does not look after them. With the endpoints gone the policies would shut pods in, so the endpoints stay. Install the operator with the component clients (flag --clients).`,
  } as const;
}
