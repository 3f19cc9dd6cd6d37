import type { SageMakerPrivateLinkSpec } from '../../../api/sagemaker-private-link.ts';
import { settled, type Stage, stage } from '../../stage.ts';
import type { ClientsView } from './clients-view.ts';
import { cleaningWait } from './report-clients.ts';

/** The waits of a link that is being deleted, and whether its endpoints may go. */
export interface DeletionHold {
  readonly stage: Stage;
  readonly mayLeaveEndpoints: boolean;
}

const free: DeletionHold = { stage: settled, mayLeaveEndpoints: true };

/**
 * Namespaces are cleaned before the endpoints go: with these gone a policy that is left would shut
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
      return view.holding.length === 0 ? free : held({ waits: [cleaningWait(view.holding)] });
    case 'Unknown': {
      // A link that never had clients does not have to wait for what is none of its business.
      if (clients === undefined) return free;
      const { message } = view;
      return held({
        waits: [{ subject: 'ClientsConfigured', reason: 'ClusterUnavailable', message }],
      });
    }
    case 'Disabled':
      return view.written === 0 ? free : held({ problems: [unreachable(view.written)] });
  }
}

function held(parts: Partial<Stage>): DeletionHold {
  return { stage: stage(parts), mayLeaveEndpoints: false };
}

function unreachable(written: number) {
  return {
    subject: 'ClientsConfigured',
    reason: 'ClientsDisabled',
    severity: 'stalled',
    message: `The link's ConfigMaps and policies are in ${written} namespaces, and this operator does not look after namespaces. With the endpoints gone the policies would shut pods in, so the endpoints stay. Install the operator with the component clients (flag --clients).`,
  } as const;
}
