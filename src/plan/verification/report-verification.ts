/** The findings of pods in the status of a link: the summary, and condition Reachable. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type {
  SageMakerPrivateLinkStatus,
  UnreachableNamespace,
  VerifyStatus,
} from '../../api/sagemaker-private-link.ts';
import { withinBounds } from '../../api/status-bounds.ts';
import { seenLast, type Verdict } from '../report/report-conditions.ts';
import type { ReportInput } from '../report/report-input.ts';
import { verificationBasis } from './verification-basis.ts';
import type { NamespaceVerification, VerificationView } from './verification-view.ts';

/** The verification of a link at the end of a pass; both undefined for one that is not verified. */
export interface ReportedVerification {
  readonly field: VerifyStatus | undefined;
  readonly verdict: Verdict | undefined;
}

const type = 'Reachable';

/**
 * Reports what pods see. It is told beside everything else, and no part of Ready: a resolver of one
 * namespace is no reason to hold up a deployment, or to call AWS's side wrong.
 *
 * @param seen endpoints and clients as the status shows them after this pass
 */
export function reportVerification(
  input: ReportInput,
  seen: Pick<SageMakerPrivateLinkStatus, 'endpoints' | 'clients'>,
): ReportedVerification {
  const { spec, former, verification: view = disabled, deleting } = input;
  if (deleting) return { field: former.verify, verdict: undefined };
  if (spec.verify === undefined) return { field: undefined, verdict: undefined };
  switch (view.kind) {
    case 'Disabled':
      return { field: undefined, verdict: notEnabled };
    case 'Pending':
      return { field: former.verify, verdict: awaited(input) };
    case 'Unknown':
      return { field: former.verify, verdict: unread(input, view.message) };
    case 'Known': {
      const basis = verificationBasis({ spec, status: withinBounds(seen) });
      return reportKnown(input, view.basis === basis ? view : outdated(view, basis));
    }
  }
}

const disabled: VerificationView = { kind: 'Disabled' };

const notEnabled: Verdict = {
  type,
  status: 'Unknown',
  reason: 'VerifyDisabled',
  message:
    'This operator starts no pods, so spec.verify has no effect. Install it with the component verify (flag --verify), or take spec.verify out.',
};

function awaited({ former }: ReportInput): Verdict {
  const before = conditionIn(former);
  const message = 'No pod has told its verdict yet.';
  return (
    (before as Verdict | undefined) ?? { type, status: 'Unknown', reason: 'Verifying', message }
  );
}

function unread({ former }: ReportInput, message: string): Verdict {
  const before = conditionIn(former);
  if (before !== undefined) return seenLast(before, 'ClusterUnavailable');
  return { type, status: 'Unknown', reason: 'ClusterUnavailable', message };
}

function conditionIn({ conditions = [] }: SageMakerPrivateLinkStatus) {
  return conditions.find((one) => one.type === type);
}

type KnownView = Extract<VerificationView, { kind: 'Known' }>;

/** Everything that was told was about other addresses. */
function outdated(view: KnownView, basis: string): KnownView {
  const namespaces = view.namespaces.map(
    ({ namespace }): NamespaceVerification => ({
      namespace,
      state: 'Unknown',
      reason: 'Verifying',
      message: 'No pod has told its verdict yet.',
      zones: [],
    }),
  );
  return { ...view, basis, namespaces };
}

function reportKnown({ former, now }: ReportInput, view: KnownView): ReportedVerification {
  const before = conditionIn(former);
  // A process that has just begun knows less than the status does, for as long as a pod runs.
  if (before !== undefined && former.verify !== undefined && saysLess(view, former.verify)) {
    return { field: former.verify, verdict: before as Verdict };
  }
  const field = fieldOf(view);
  const { lastChangeTime, ...formerField } = former.verify ?? {};
  const isNews = lastChangeTime === undefined || !isDeepStrictEqual(field, formerField);
  return {
    field: { ...field, lastChangeTime: isNews ? now : lastChangeTime },
    verdict: verdictOn(view),
  };
}

/** True if verdicts are awaited and those that are there are in the status already. */
function saysLess({ basis, namespaces }: KnownView, former: VerifyStatus): boolean {
  const { failing = [] } = former;
  const told = namespaces.filter(({ reason }) => reason !== 'Verifying');
  const isKnown = (one: NamespaceVerification): boolean => {
    const before = failing.find(({ namespace }) => namespace === one.namespace);
    const state = before?.state ?? 'Reachable';
    return state === one.state && (before?.reason ?? 'Succeeded') === one.reason;
  };
  return (
    told.length < namespaces.length &&
    former.basis === basis &&
    former.namespaces === namespaces.length &&
    told.every(isKnown)
  );
}

/** So many namespaces are in the status. */
const mostShown = 20;

function fieldOf({ namespaces, basis }: KnownView): VerifyStatus {
  const failing = byUrgency(namespaces).slice(0, mostShown).map(failingNamespace);
  const reachable = namespaces.filter(({ state }) => state === 'Reachable').length;
  const counts = { namespaces: namespaces.length, reachable };
  const shown = { ...counts, ...(failing.length === 0 ? {} : { failing }), basis };
  return withinBounds({ verify: shown }).verify ?? counts;
}

/** Those that are not reachable, with a fault first. */
function byUrgency(namespaces: readonly NamespaceVerification[]): readonly NamespaceVerification[] {
  return (['Unreachable', 'Unknown'] as const).flatMap((state) =>
    namespaces.filter((one) => one.state === state),
  );
}

function failingNamespace({
  namespace,
  state,
  reason,
  message,
  zones,
}: NamespaceVerification): UnreachableNamespace {
  return { namespace, state, reason, ...(zones.length === 0 ? {} : { zones }), message };
}

/** So many namespaces are named in the message. */
const mostNamed = 3;

function verdictOn({ namespaces, leftOut }: KnownView): Verdict {
  const [first, ...others] = byUrgency(namespaces);
  if (namespaces.length === 0) {
    const message =
      'None of the namespaces that spec.clients selects is one to verify from. Label one, or correct spec.verify.';
    return { type, status: 'Unknown', reason: 'NoNamespace', message };
  }
  if (first === undefined) {
    const rest = leftOut === 0 ? '' : ` ${leftOut} more are not verified from (maxNamespaces).`;
    const message = `From ${countOf(namespaces)} every name leads to the endpoints, and every address answers.${rest}`;
    return { type, status: 'True', reason: 'Succeeded', message };
  }
  const all = [first, ...others].filter(({ state }) => state === first.state);
  const named = all.slice(0, mostNamed).map(({ namespace, message }) => `${namespace}: ${message}`);
  const rest = all.length - named.length;
  const more = rest > 0 ? ` And ${rest} more, see status.verify.failing.` : '';
  const what = first.state === 'Unreachable' ? 'see a fault' : 'cannot tell';
  return {
    type,
    status: first.state === 'Unreachable' ? 'False' : 'Unknown',
    reason: first.reason,
    message: `${all.length} of ${countOf(namespaces)} ${what}. ${named.join(' ')}${more}`,
  };
}

function countOf({ length }: readonly unknown[]): string {
  return length === 1 ? 'one namespace' : `${length} namespaces`;
}
