/** The clients in the status of a link: services, counts, and what keeps them waiting. Pure. */
import type {
  ClientsStatus,
  FailingNamespace,
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../../../api/sagemaker-private-link.ts';
import { withinBounds } from '../../../api/status-bounds.ts';
import { findingFromError } from '../../cloud-problems.ts';
import type { Problem, Wait } from '../../findings.ts';
import { partitionOfRegion } from '../../network/partitions.ts';
import { answersOf, answerTo } from '../../observation.ts';
import type { Findings, PassEnd } from '../../pass-end.ts';
import type { ReportInput } from '../../report/report-input.ts';
import { egressWords } from '../egress-words.ts';
import { wantedEgress } from '../wanted-egress.ts';
import { basisOf } from './basis.ts';
import { clientServiceStatuses, unansweredServices } from './client-services.ts';
import type { ClientsView, NamespaceState } from './clients-view.ts';
import { leftPolicy, reportClusterPolicy } from './report-cluster-policy.ts';

/** The clients of a link at the end of a pass. */
export interface ClientsReport {
  /** Undefined for a link that has none, and nothing of former ones. */
  readonly field: ClientsStatus | undefined;
  readonly findings: Findings;
}

/** A link without clients, as most are. */
const noClients: ClientsReport = { field: undefined, findings: { problems: [], waits: [] } };

const subject = 'ClientsConfigured';

/**
 * @param endpoints as the status shows them after this pass
 * @param areUsable whether every endpoint of the spec can be used now; undefined if not known
 */
export function reportClients(
  input: ReportInput,
  end: PassEnd,
  seen: {
    readonly endpoints: SageMakerPrivateLinkStatus['endpoints'];
    readonly areUsable: boolean | undefined;
  },
): ClientsReport {
  const { spec, former, clients: view } = input;
  if (input.deleting || view === undefined) return { ...noClients, field: former.clients };
  if (spec.clients === undefined) return leftBehind(former, view);
  const services = servicesOf(input, end);
  const availableOnce = former.clients?.availableOnce === true || seen.areUsable === true;
  const known = { ...(availableOnce ? { availableOnce } : {}), ...services.field };
  const status = withinBounds({
    ...(seen.endpoints === undefined ? {} : { endpoints: seen.endpoints }),
    clients: { namespaces: 0, ready: 0, ...known },
  });
  const basis = basisOf({ spec, status });
  const egress = egressOf({ spec, status }, view, former);
  const counted = countsOf(view, basis, former);
  const policy = reportClusterPolicy(spec, view, { former: former.clients?.clusterPolicy, basis });
  const problems = [
    ...services.findings.problems,
    ...counted.findings.problems,
    ...policy.findings.problems,
  ];
  const waits = [...services.findings.waits, ...counted.findings.waits, ...policy.findings.waits];
  return {
    field: { ...counted.field, ...known, ...egress, ...policy.field },
    findings: { problems, waits },
  };
}

/** The rules that the policies have, or with enforcement Audit would have. */
function egressOf(
  link: Pick<SageMakerPrivateLink, 'spec' | 'status'>,
  view: ClientsView,
  { clients: former }: SageMakerPrivateLinkStatus,
): Pick<ClientsStatus, 'egress'> {
  if (view.kind !== 'Known') return former?.egress === undefined ? {} : { egress: former.egress };
  const egress = wantedEgress(link, view.cluster);
  return egress === undefined ? {} : { egress: [...egressWords(egress.wanted)] };
}

/** Everything of clients that is still there and that the spec does not have any more. */
function leftBehind({ clients }: SageMakerPrivateLinkStatus, view: ClientsView): ClientsReport {
  if (view.kind !== 'Known') return noClients;
  const { problems, waits: ofPolicy } = leftPolicy(view.clusterPolicy);
  const waits = [...(view.holding.length === 0 ? [] : [cleaningWait(view.holding)]), ...ofPolicy];
  return waits.length + problems.length === 0
    ? noClients
    : { field: clients, findings: { problems, waits } };
}

/** The wait for namespaces to be cleaned. */
export function cleaningWait(holding: readonly string[]): Wait {
  return {
    subject,
    reason: 'CleaningNamespaces',
    message: `${countOf(holding.length)} what was written for the link: ${firstOf(holding)}.`,
  };
}

function countOf(count: number): string {
  return count === 1 ? 'One namespace still has' : `${count} namespaces still have`;
}

const mostNamed = 3;

function firstOf(names: readonly string[]): string {
  const rest = names.length - mostNamed;
  return `${names.toSorted().slice(0, mostNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

interface Part {
  readonly field: Partial<ClientsStatus>;
  readonly findings: Findings;
}

function servicesOf({ spec, former }: ReportInput, { observation }: PassEnd): Part {
  const nothing: Findings = { problems: [], waits: [] };
  const names = spec.clients?.networkPolicy?.egress.awsServices ?? [];
  if (names.length === 0) return { field: {}, findings: nothing };
  const caller = answerTo(observation, { kind: 'Caller' });
  const partition = caller?.partition ?? former.partition ?? partitionOfRegion(spec.region);
  const [answered] = answersOf(observation, 'ClientServices');
  if (answered !== undefined) {
    const services = clientServiceStatuses(spec, partition, answered.answer);
    return { field: { services }, findings: nothing };
  }
  const failed = observation.failures.find(({ look }) => look.kind === 'ClientServices');
  const message = failed?.error.message ?? 'The VPC has not been looked at yet.';
  const services = unansweredServices(spec, { former: former.clients?.services ?? [], message });
  if (failed === undefined) return { field: { services }, findings: nothing };
  const finding = findingFromError({ error: failed.error, subject });
  return {
    field: { services },
    findings: {
      problems: 'problem' in finding ? [finding.problem] : [],
      waits: 'wait' in finding ? [finding.wait] : [],
    },
  };
}

interface Counted {
  readonly field: ClientsStatus;
  readonly findings: Findings;
}

function countsOf(
  view: ClientsView,
  basis: string,
  { clients: former }: SageMakerPrivateLinkStatus,
): Counted {
  const { namespaces = 0, ready = 0, failing } = former ?? {};
  const asBefore = { namespaces, ready, ...(failing === undefined ? {} : { failing }) };
  switch (view.kind) {
    case 'Disabled':
      return { field: asBefore, findings: { problems: [disabled], waits: [] } };
    case 'Unknown':
      return {
        field: asBefore,
        findings: {
          problems: [],
          waits: [{ subject, reason: 'ClusterUnavailable', message: view.message }],
        },
      };
    case 'Known':
      return count(view.namespaces, basis);
  }
}

const disabled: Problem = {
  subject,
  reason: 'ClientsDisabled',
  severity: 'stalled',
  message:
    'This operator does not look after namespaces, so spec.clients has no effect. Install it with the component clients (flag --clients), or take spec.clients out.',
};

function count(states: readonly NamespaceState[], basis: string): Counted {
  const isCurrent = ({ result }: NamespaceState): boolean => result?.basis === basis;
  const ready = states.filter((one) => isCurrent(one) && one.result?.state === 'Ready');
  const failing = states.filter((one) => one.result?.state === 'Failing');
  const waiting = states.filter((one) => !ready.includes(one) && !failing.includes(one));
  return {
    field: {
      namespaces: states.length,
      ready: ready.length,
      ...(failing.length === 0
        ? {}
        : { failing: failing.map(failingNamespace).slice(0, mostShown) }),
    },
    findings: {
      problems: failing.length === 0 ? [] : [failingProblem(failing, states.length)],
      waits: waiting.length === 0 ? [] : [waitingFor(waiting, states.length)],
    },
  };
}

/** While these are stalled, namespaces that wait for what AWS shows are held up. */
const awaits = ['NetworkResolved', 'SecurityGroupReady', 'EndpointsAvailable'] as const;

/** So many failing namespaces are in the status. */
const mostShown = 20;

function failingNamespace({ name, result }: NamespaceState): FailingNamespace {
  return { namespace: name, message: result?.message ?? '' };
}

function failingProblem(failing: readonly NamespaceState[], all: number): Problem {
  const named = failing
    .slice(0, mostNamed)
    .map(({ name, result }) => `${name}: ${result?.message ?? ''}`);
  const rest = failing.length - named.length;
  const more = rest > 0 ? ` And ${rest} more, see status.clients.failing.` : '';
  return {
    subject,
    reason: failing[0]?.result?.reason ?? 'WriteRefused',
    severity: 'stalled',
    message: `${failing.length} of ${all} namespaces are not as wanted. ${named.join(' ')}${more}`,
  };
}

function waitingFor(waiting: readonly NamespaceState[], all: number): Wait {
  const told = waiting.find(({ result }) => result?.state === 'Waiting');
  const why = told?.result?.message ?? 'They are being written.';
  const reason = told?.result?.reason ?? 'ConfiguringNamespaces';
  const message = `${waiting.length} of ${all} namespaces are not configured yet. ${why}`;
  const awaitsAws = reason === 'EndpointsNotAvailable' || reason === 'AddressesUnknown';
  return { subject, reason, message, ...(awaitsAws ? { awaits } : {}) };
}
