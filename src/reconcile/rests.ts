/** Links at rest: their last pass found everything as it should be, and had nothing to say. */
import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { ClientsView } from '../plan/clients/status/clients-view.ts';
import type { Look, OwnerIdentity } from '../plan/looks.ts';
import type { Rival } from '../plan/notebook-policy/rivals.ts';
import type { Observation } from '../plan/observation.ts';
import type { Findings, PassEnd } from '../plan/pass-end.ts';
import { type Elapsed, phasesOf } from '../plan/sightings.ts';
import { digestOf } from '../runtime/digest.ts';
import type { FormerPass } from './pass.ts';

/** Everything that a pass over a link depends on, beside the answers of AWS. */
export interface RestBasis {
  readonly link: SageMakerPrivateLink;
  /** See `ResourceCache.stateOf`; undefined where the link is not the cache's any more. */
  readonly state: object | undefined;
  readonly owner: OwnerIdentity;
  readonly clients: ClientsView;
  readonly rivals: readonly Rival[];
  /** As it was when the pass began. */
  readonly elapsed: Elapsed;
}

/**
 * The rests of one process. Plans and reports are pure: a pass over the same state of a link that gets the same
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
  readonly digest: string;
  /** See `looksText`. */
  readonly looks: string;
}

/** Different texts of looks that are known at the same time: links are in VPCs of some dozens each. */
const mostShared = 1_000;

/** Creates rests of nobody. */
export function createRests(): Rests {
  /** By the state of the link: of a spec, a status or an annotation that has changed nothing is known. */
  const rests = new WeakMap<object, Rest>();
  const texts = new LRUCache<string, string>({ max: mostShared });
  const shared = (text: string): string => {
    const known = texts.get(text) ?? text;
    texts.set(text, known);
    return known;
  };
  return {
    formerPass(basis) {
      const { state, owner } = basis;
      const rest = state === undefined ? undefined : rests.get(state);
      if (rest === undefined) return undefined;
      return {
        looks: looksOfText(rest.looks, owner),
        isAsBefore: (observation) =>
          observation.failures.length === 0 && basisDigest(basis, observation) === rest.digest,
      };
    },
    note(basis, end, how) {
      const { link, state, owner } = basis;
      const { observation } = end;
      if (state === undefined) return;
      if (endsAtRest(link, end, how)) {
        const looks = shared(looksText(observation, owner));
        rests.set(state, { digest: basisDigest(basis, observation), looks });
      } else {
        rests.delete(state);
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

/** Stands in a text for the link itself. */
const own = 'own';

/** The looks of an observation as JSON without the link's own name, so that links of one VPC share it. */
function looksText({ answers }: Observation, owner: OwnerIdentity): string {
  const looks = Object.values(answers).flatMap((ofKind) => ofKind.map(({ look }): Look => look));
  const isOwn = (look: Look): boolean => 'owner' in look && isDeepStrictEqual(look.owner, owner);
  return JSON.stringify(looks.map((look) => (isOwn(look) ? { ...look, owner: own } : look)));
}

function looksOfText(text: string, owner: OwnerIdentity): readonly Look[] {
  const looks = JSON.parse(text) as readonly (Look | { readonly owner: typeof own })[];
  return looks.map((look) =>
    'owner' in look && look.owner === own ? ({ ...look, owner } as Look) : (look as Look),
  );
}

function basisDigest({ clients, rivals, elapsed }: RestBasis, { answers }: Observation): string {
  return digestOf(answers, clients, rivals, phasesOf(elapsed));
}
