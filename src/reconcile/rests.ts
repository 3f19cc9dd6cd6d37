/** Links at rest: their last pass found everything as it should be, and had nothing to say. */
import { createHash } from 'node:crypto';
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { ClientsView } from '../plan/clients/status/clients-view.ts';
import type { Rival } from '../plan/notebook-policy/rivals.ts';
import type { Observation } from '../plan/observation.ts';
import type { Findings, PassEnd } from '../plan/pass-end.ts';
import { type Elapsed, heldFor } from '../plan/sightings.ts';

/** Everything that a pass over a link depends on, beside the answers of AWS. */
export interface RestBasis {
  readonly link: SageMakerPrivateLink;
  readonly clients: ClientsView;
  readonly rivals: readonly Rival[];
}

/**
 * The rests of one process. Plans and reports are pure: a pass over the same object that gets the same
 * answers ends as the last one did, so that the plan and the report of a link at rest need not be made
 * again at each sweep. Digests are kept, since ten thousand answers would fill the memory.
 */
export interface Rests {
  /** Whether a pass that knows this would end as the last one of the link, at rest. */
  isAtRest(basis: RestBasis, observation: Observation): boolean;
  /** Notes how a pass ended. */
  note(basis: RestBasis, end: PassEnd, how: RestEnd): void;
}

/** How a pass ended, beside what it did. */
export interface RestEnd {
  /** As they were when the pass began. */
  readonly elapsed: Elapsed;
  /** Whether the report is what the status says already. */
  readonly isTold: boolean;
  /** Everything that the report holds to be open. */
  readonly open: Findings;
}

interface Rest {
  readonly answers: number;
  readonly digest: string;
}

/** Creates rests of nobody. */
export function createRests(): Rests {
  /** By the very object: of a spec, a status or an annotation that has changed nothing is known. */
  const rests = new WeakMap<SageMakerPrivateLink, Rest>();
  return {
    isAtRest(basis, observation) {
      const rest = rests.get(basis.link);
      if (rest === undefined || observation.failures.length > 0) return false;
      if (answersIn(observation) !== rest.answers) return false;
      return digestOf(basis, observation) === rest.digest;
    },
    note(basis, end, how) {
      if (!endsAtRest(basis.link, end, how)) {
        rests.delete(basis.link);
        return;
      }
      const { observation } = end;
      const digest = digestOf(basis, observation);
      rests.set(basis.link, { answers: answersIn(observation), digest });
    },
  };
}

/**
 * True if nothing was done, is open or is to be told, and the passing of time changes nothing: the report
 * on pods tells of their age, and a plan may do more when something has been so for long enough.
 */
function endsAtRest(
  { spec, metadata }: SageMakerPrivateLink,
  end: PassEnd,
  { elapsed, isTold, open }: RestEnd,
): boolean {
  const { plan, done, failed, found, notes, withheld, findings, observation } = end;
  const lists = [plan.looks, plan.actions, plan.differences, done, failed, found, notes, withheld];
  const ofReport = [findings.problems, findings.waits, open.problems, open.waits];
  const { dnsSettleMs, iamSettleMs, wayDeadlineMs } = elapsed.patience;
  const longestMs = Math.max(dnsSettleMs, iamSettleMs, wayDeadlineMs);
  return (
    isTold &&
    metadata.deletionTimestamp === undefined &&
    spec.verify === undefined &&
    [...lists, ...ofReport, observation.failures].every(({ length }) => length === 0) &&
    Object.entries(plan.seen).every(([topic, state]) => heldFor(elapsed, topic, state) >= longestMs)
  );
}

function answersIn({ answers }: Observation): number {
  return Object.values(answers).reduce((sum, ofKind) => sum + ofKind.length, 0);
}

function digestOf({ clients, rivals }: RestBasis, { answers }: Observation): string {
  const known = JSON.stringify([answers, clients, rivals]);
  return createHash('sha1').update(known).digest('base64');
}
