/** The cluster-scoped policy in the status of a link, and what keeps it waiting. Pure. */
import type {
  ClientsStatus,
  SageMakerPrivateLinkSpec,
} from '../../../api/sagemaker-private-link.ts';
import type { Wait } from '../../findings.ts';
import type { Findings } from '../../pass-end.ts';
import type { ClientsView, ClusterPolicyResult } from './clients-view.ts';

const subject = 'ClientsConfigured';

export interface ClusterPolicyReport {
  readonly field: Pick<ClientsStatus, 'clusterPolicy'>;
  readonly findings: Findings;
}

type Status = ClientsStatus['clusterPolicy'];

const nothing: ClusterPolicyReport = { field: {}, findings: { problems: [], waits: [] } };

/**
 * @param former the field before this pass
 * @param basis of the link as its status will show it: a result of another one is out of date
 */
export function reportClusterPolicy(
  { clients }: Pick<SageMakerPrivateLinkSpec, 'clients'>,
  view: ClientsView,
  { former, basis }: { readonly former: Status; readonly basis: string },
): ClusterPolicyReport {
  const result = view.kind === 'Known' ? view.clusterPolicy : undefined;
  if (result === undefined) {
    return view.kind === 'Known' || former === undefined
      ? nothing
      : { ...nothing, field: { clusterPolicy: former } };
  }
  const isWanted = clients?.clusterPolicy !== undefined;
  const isCurrent = result.basis === basis;
  if (isCurrent && result.state === 'Ready' && result.objects.length === 0) return nothing;
  const field = fieldOf(result, { former, isCurrent });
  if (!isCurrent) {
    const wait = isWanted ? configuringWait(result) : policyCleaningWait(result);
    return { field, findings: { problems: [], waits: [wait] } };
  }
  return { field, findings: findingsOf(result, isWanted) };
}

function fieldOf(
  { flavor, objects, hash, state, message }: ClusterPolicyResult,
  { former, isCurrent }: { readonly former: Status; readonly isCurrent: boolean },
): ClusterPolicyReport['field'] {
  const known = flavor ?? former?.flavor;
  if (known === undefined) return {};
  return {
    clusterPolicy: {
      flavor: known,
      objects: objects.length,
      ...(isCurrent && state === 'Ready' && hash !== '' ? { hash } : {}),
      ...(isCurrent && message !== '' ? { message } : {}),
    },
  };
}

function findingsOf(result: ClusterPolicyResult, isWanted: boolean): Findings {
  const { state, reason = 'ConfiguringClusterPolicy', message } = result;
  if (state === 'Failing') {
    return { problems: [{ subject, reason, message, severity: 'stalled' }], waits: [] };
  }
  if (state === 'Waiting') {
    return { problems: [], waits: [{ subject, reason, message, ...awaitsOf(reason) }] };
  }
  const waits = isWanted || result.objects.length === 0 ? [] : [policyCleaningWait(result)];
  return { problems: [], waits };
}

/** While these are stalled, a policy that waits for what AWS shows is held up. */
function awaitsOf(reason: string): Pick<Wait, 'awaits'> {
  const isAboutAws = reason === 'EndpointsNotAvailable' || reason === 'AddressesUnknown';
  return isAboutAws
    ? { awaits: ['NetworkResolved', 'SecurityGroupReady', 'EndpointsAvailable'] }
    : {};
}

function configuringWait({ message }: ClusterPolicyResult): Wait {
  const reason = 'ConfiguringClusterPolicy';
  return {
    subject,
    reason,
    message: `The cluster-scoped policy is being written. ${message}`.trim(),
  };
}

/** The findings about a policy that the spec does not have any more. */
export function leftPolicy(result: ClusterPolicyResult | undefined): Findings {
  if (result === undefined || (result.state === 'Ready' && result.objects.length === 0)) {
    return nothing.findings;
  }
  if (result.state === 'Failing') return findingsOf(result, false);
  return { problems: [], waits: [policyCleaningWait(result)] };
}

const mostNamed = 3;

/** The wait for the link's cluster-scoped objects to be taken away. */
export function policyCleaningWait({ objects, message }: ClusterPolicyResult): Wait {
  const rest = objects.length - mostNamed;
  const named = objects.slice(0, mostNamed).join(', ');
  const left =
    objects.length === 0
      ? 'The cluster is looked through for policies of the link.'
      : `The cluster still has ${named}${rest > 0 ? ` and ${rest} more` : ''}.`;
  return { subject, reason: 'CleaningClusterPolicy', message: `${left} ${message}`.trim() };
}
