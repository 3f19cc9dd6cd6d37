/** Links at rest: their last pass found everything as it should be, and had nothing to say. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { ClientsView } from '../plan/clients/status/clients-view.ts';
import type { Look } from '../plan/looks.ts';
import type { Rival } from '../plan/notebook-policy/rivals.ts';
import type { Observation } from '../plan/observation.ts';
import type { Findings, PassEnd } from '../plan/pass-end.ts';
import { type Elapsed, phasesOf } from '../plan/sightings.ts';
import { digestOf } from '../runtime/digest.ts';
import type { FormerPass } from './pass.ts';

/** Everything that a pass over a link depends on, beside the answers of AWS. */
export interface RestBasis {
  readonly link: SageMakerPrivateLink;
  readonly clients: ClientsView;
  readonly rivals: readonly Rival[];
  /** As it was when the pass began. */
  readonly elapsed: Elapsed;
}

/**
 * The rests of one process. Plans and reports are pure: a pass over the same object that gets the same
 * answers ends as the last one did, so that the plan and the report of a link at rest need not be made
 * again at each sweep. Digests are kept, since ten thousand answers would fill the memory.
 */
export interface Rests {
  /** The last pass over the link, if it ended at rest, to compare one with that begins so. */
  formerPass(basis: RestBasis): FormerPass | undefined;
  /** Notes how a pass ended. */
  note(basis: RestBasis, end: PassEnd, how: RestEnd): void;
}

/** How a pass ended, beside what it did. */
export interface RestEnd {
  /** Whether the report is what the status says already. */
  readonly isTold: boolean;
  /** Everything that the report holds to be open. */
  readonly open: Findings;
}

interface Rest {
  readonly looks: readonly Look[];
  readonly digest: string;
}

/** Creates rests of nobody. */
export function createRests(): Rests {
  /** By the very object: of a spec, a status or an annotation that has changed nothing is known. */
  const rests = new WeakMap<SageMakerPrivateLink, Rest>();
  return {
    formerPass(basis) {
      const rest = rests.get(basis.link);
      if (rest === undefined) return undefined;
      return {
        looks: rest.looks,
        isAsBefore: (observation) =>
          observation.failures.length === 0 && basisDigest(basis, observation) === rest.digest,
      };
    },
    note(basis, end, how) {
      const { observation } = end;
      if (endsAtRest(basis.link, end, how)) {
        rests.set(basis.link, {
          looks: looksIn(observation),
          digest: basisDigest(basis, observation),
        });
      } else {
        rests.delete(basis.link);
      }
    },
  };
}

/**
 * True if nothing was done, is open or is to be told. The report on pods tells of their age, so the
 * passing of time changes it.
 */
function endsAtRest(
  { spec, metadata }: SageMakerPrivateLink,
  end: PassEnd,
  { isTold, open }: RestEnd,
): boolean {
  const { plan, done, failed, found, notes, withheld, findings, observation } = end;
  const lists = [plan.looks, plan.actions, plan.differences, done, failed, found, notes, withheld];
  const ofReport = [findings.problems, findings.waits, open.problems, open.waits];
  return (
    isTold &&
    metadata.deletionTimestamp === undefined &&
    spec.verify === undefined &&
    [...lists, ...ofReport, observation.failures].every(({ length }) => length === 0)
  );
}

function looksIn({ answers }: Observation): readonly Look[] {
  // As a list of their number: one that grew has room for 17, and there is one for each link.
  return Object.values(answers)
    .flatMap((ofKind) => ofKind.map(({ look }) => look))
    .slice();
}

function basisDigest({ clients, rivals, elapsed }: RestBasis, { answers }: Observation): string {
  return digestOf(answers, clients, rivals, phasesOf(elapsed));
}
