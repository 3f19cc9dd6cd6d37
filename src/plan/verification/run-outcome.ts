/** The verdict of the pods of one run. */
import {
  decodeReport,
  faultReasons,
  type ReportedFault,
  type ReportedZone,
  type VerificationReport,
} from '../../api/verification-report.ts';
import { cutText, printable } from '../../api/printable.ts';
import { managedBy, managedByLabel } from '../clients/client-object.ts';

/** A pod that verifies, as its status shows it. */
export interface VerificationPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** UID of the link that it was made for. */
  readonly linkUid: string;
  readonly run: string;
  /** How many pods its run has. */
  readonly pods: number;
  readonly basis: string;
  readonly request: string;
  /** RFC 3339, as the API server wrote it. */
  readonly createdAt: string;
  /** True from the moment on when somebody deleted it. */
  readonly deleting: boolean;
  /** The end of its container, or of the pod as a whole. */
  readonly ended?: PodEnd | undefined;
  /** Why it does not run: words of the scheduler or the kubelet. */
  readonly obstacle?: string | undefined;
}

/** How a pod ended. */
export interface PodEnd {
  /** RFC 3339. */
  readonly at: string;
  /** The termination message, or the reason of the pod's failure. */
  readonly message: string;
}

/** The outcome of a run. */
export type RunOutcome =
  | { readonly kind: 'Told'; readonly report: VerificationReport }
  | {
      readonly kind: 'Untold';
      readonly reason: 'PodNotStarted' | 'NoVerdict' | 'PodRefused';
      readonly message: string;
      /** The cause without what differs from run to run. */
      readonly cause: string;
    };

const longestWords = 400;

/**
 * The outcome of a run that has ended, or has been given its time. One fault that any pod saw is a
 * fault; a pod that could not tell leaves the rest untold.
 */
export function outcomeOf(pods: readonly VerificationPod[]): RunOutcome {
  const reports = pods.map(reportIn);
  const told = reports.filter((one) => one !== undefined);
  if (told.some(({ reachable }) => !reachable)) return { kind: 'Told', report: together(told) };
  const [first] = pods.filter((_, index) => reports[index] === undefined);
  if (first !== undefined) return untold(first);
  const [{ pods: wanted } = { pods: 1 }] = pods;
  if (pods.length < wanted) return vanished;
  return { kind: 'Told', report: together(told) };
}

/** The outcome of a run without its pods. */
export const vanished: RunOutcome = {
  kind: 'Untold',
  reason: 'NoVerdict',
  message: 'A pod is missing that was to tell its verdict: it was deleted, or never made.',
  cause: 'deleted',
};

function reportIn({ ended }: VerificationPod): VerificationReport | undefined {
  return ended === undefined ? undefined : decodeReport(ended.message);
}

function untold({ ended, obstacle = 'nobody says why' }: VerificationPod): RunOutcome {
  return ended === undefined ? notStarted(obstacle) : withoutVerdict(ended.message);
}

/** The outcome of a run whose pod does not get to run. @param obstacle words of others */
export function notStarted(obstacle: string): Extract<RunOutcome, { kind: 'Untold' }> {
  const message = `The pod does not run: ${inWords(obstacle)}.`;
  return { kind: 'Untold', reason: 'PodNotStarted', message, cause: causeIn(obstacle) };
}

function withoutVerdict(text: string): RunOutcome {
  const words = inWords(text);
  const message = `The pod told no verdict${words === '' ? '' : `: ${words}`}.`;
  return { kind: 'Untold', reason: 'NoVerdict', message, cause: causeIn(text) };
}

/** The outcome of a run whose pod the API server refuses. @param text the API server's words */
export function refusedPod(text: string): RunOutcome {
  const words = text.replace(/^pods? "[^"]*" is forbidden: /, '');
  const message = `The API server refuses the pod: ${inWords(words)}. ${remedyFor(words)}`;
  return { kind: 'Untold', reason: 'PodRefused', message, cause: causeIn(words) };
}

/** Advice by the API server's words; the first that fits counts. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /exceeded quota|failed quota|usage per (Pod|Container) is/,
    'Make room in the quota or the limit range, or leave the namespace out of spec.verify.',
  ],
  [
    /violates PodSecurity/,
    'Look for a webhook that changes pods: as the operator makes it, the pod is within the restricted standard.',
  ],
  [
    /ValidatingAdmissionPolicy|admission webhook/,
    `Let the policy admit pods with the label ${managedByLabel}: ${managedBy}, or leave the namespace out of spec.verify.`,
  ],
  [/cannot create resource/, 'Give the operator the rights of the component verify.'],
];

function remedyFor(words: string): string {
  const [, remedy] = remedies.find(([pattern]) => pattern.test(words)) ?? [];
  return remedy ?? 'It is tried again; leave the namespace out of spec.verify if that lasts.';
}

/**
 * The outcome to report after another one: words of others differ from run to run in what is of no
 * interest (ports, counts), and a status that says them anew each time would never be at rest.
 */
export function newsOf(outcome: RunOutcome, former: RunOutcome | undefined): RunOutcome {
  if (outcome.kind !== 'Untold' || former?.kind !== 'Untold') return outcome;
  return outcome.reason === former.reason && outcome.cause === former.cause ? former : outcome;
}

function causeIn(text: string): string {
  return /^[^:]*/.exec(text)?.[0] ?? '';
}

/** Words of others in a message of ours. */
function inWords(text: string): string {
  return cutText(
    printable(text)
      .trim()
      .replace(/[.\s]+$/, ''),
    longestWords,
  );
}

/** The report on everything that they have seen. */
function together(reports: readonly VerificationReport[]): VerificationReport {
  const [only, ...others] = reports;
  if (only !== undefined && others.length === 0) return only;
  return {
    reachable: reports.every(({ reachable }) => reachable),
    zones: zonesTogether(reports.flatMap(({ zones }) => zones)),
    faults: faultReasons.flatMap((reason) => {
      const alike = reports.flatMap(({ faults }) => faults.filter((one) => one.reason === reason));
      return alike.length === 0 ? [] : [faultsTogether(reason, alike)];
    }),
  };
}

/** A zone that any of the pods does not reach is one that is not reached. */
function zonesTogether(all: readonly ReportedZone[]): readonly ReportedZone[] {
  const zones = [...new Set(all.map(({ zone }) => zone))].sort();
  return zones.map((zone) => {
    const seen = all.filter((one) => one.zone === zone);
    const tried = Math.max(...seen.map((one) => one.tried));
    return { zone, tried, reached: Math.min(...seen.map((one) => one.reached)) };
  });
}

function faultsTogether(
  reason: ReportedFault['reason'],
  alike: readonly ReportedFault[],
): ReportedFault {
  return {
    reason,
    count: Math.max(...alike.map(({ count }) => count)),
    zones: [...new Set(alike.flatMap(({ zones }) => zones))].sort(),
    subjects: [...new Set(alike.flatMap(({ subjects }) => subjects))].sort().slice(0, 3),
  };
}
