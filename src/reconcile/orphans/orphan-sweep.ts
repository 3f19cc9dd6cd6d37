/** Tells of orphans again and again, and deletes them only where that was asked for. */
import { apiVersion, kind } from '../../api/sagemaker-private-link.ts';
import type { EventRecord } from '../../kubernetes/events/event-recorder.ts';
import { CloudError } from '../../plan/cloud.ts';
import type { OwnerIdentity } from '../../plan/looks.ts';
import {
  type OrphanLink,
  type OrphanResource,
  specOfOrphan,
} from '../../plan/ownership/orphans.ts';
import type { Patience } from '../../plan/sightings.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { findOrphans, type OrphanPlace, type PlaceOrphans } from './find-orphans.ts';
import { runPass } from '../pass.ts';
import { rememberedFrom } from '../../plan/report/remembered.ts';
import { createSightingTimes, type SightingTimes } from '../sighting-times.ts';

/** Everything that a sweep works with. */
export interface OrphanSweepOptions {
  readonly clusterId: string;
  /** `Delete`: what was an orphan for the whole grace is deleted. */
  readonly orphans: 'Report' | 'Delete';
  readonly graceMs: number;
  readonly periodMs: number;
  readonly patience: Patience;
  /** Every account and region that links are in, or were while this process lived. */
  readonly places: () => readonly OrphanPlace[];
  /** Every link that the cluster has, from the API server itself: a cache may have fallen behind. */
  readonly living: (signal: AbortSignal) => Promise<readonly Pick<OwnerIdentity, 'uid' | 'name'>[]>;
  /** Their UIDs by the cache. */
  readonly presumedLiving: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'orphans'>;
  readonly recordEvent: (event: EventRecord) => void;
}

/** Sweeps until the signal aborts. */
export async function runOrphanSweeps(
  options: OrphanSweepOptions,
  signal: AbortSignal,
): Promise<void> {
  const sweep = createOrphanSweep(options);
  while (!signal.aborted) {
    await options.clock.sleep(options.periodMs, signal).catch(() => undefined);
    if (!signal.aborted) await sweep(signal);
  }
}

/** Since when an orphan has been seen, by the process's own clock, and in how many sweeps. */
interface Sighting {
  readonly since: number;
  readonly times: number;
}

/** One sweep after the other; what was seen is remembered in between. */
export function createOrphanSweep(
  options: OrphanSweepOptions,
): (signal: AbortSignal) => Promise<void> {
  const foreignPolicies = new Set<string>();
  const sightingTimes = createSightingTimes();
  let sightings: ReadonlyMap<string, Sighting> = new Map();

  return async (signal) => {
    const { clusterId, clock, logger, presumedLiving } = options;
    const places = options.places();
    const living = (): ReturnType<typeof options.living> => options.living(signal);
    const maxAgeMs = 0;
    try {
      const onSkipped = ({ account, region }: OrphanPlace, err: CloudError): void =>
        logger.warn({ err, account, region }, 'orphans could not be looked for here');
      const who = { clusterId, living, presumedLiving };
      const search = { ...who, places, maxAgeMs, foreignPolicies, onSkipped, signal };
      const found = await findOrphans(search);
      sightings = seenAgain(sightings, found, clock.now());
      const certain = found.map((one) => onlyCertain(one, sightings));
      count(options.metrics, certain);
      for (const orphan of certain.flatMap(({ orphans }) => orphans)) {
        if (sightings.get(keyOf(orphan))?.times === certainAfter) tell(orphan, options);
      }
      if (options.orphans === 'Delete')
        await deleteOld(certain, sightings, { ...options, sightingTimes }, signal);
    } catch (error) {
      if (signal.aborted) return;
      // The next sweep tries again; nothing depends on this one.
      logger.warn({ err: error }, 'orphans could not be looked for');
    }
  };
}

function keyOf({ owner }: OrphanLink): string {
  return owner.uid;
}

function seenAgain(
  former: ReadonlyMap<string, Sighting>,
  found: readonly PlaceOrphans[],
  now: number,
): ReadonlyMap<string, Sighting> {
  const keys = new Set(found.flatMap(({ orphans }) => orphans.map(keyOf)));
  return new Map(
    [...keys].map((key) => {
      const { since = now, times = 0 } = former.get(key) ?? {};
      return [key, { since, times: times + 1 }];
    }),
  );
}

/**
 * Once is not enough: a link that is being deleted lets go of its object a moment before AWS shows
 * everywhere that nothing is left.
 */
const certainAfter = 2;

function onlyCertain(
  { orphans, ...found }: PlaceOrphans,
  sightings: ReadonlyMap<string, Sighting>,
): PlaceOrphans {
  const isCertain = (one: OrphanLink): boolean =>
    (sightings.get(keyOf(one))?.times ?? 0) >= certainAfter;
  return { ...found, orphans: orphans.filter(isCertain) };
}

const kinds: readonly OrphanResource['kind'][] = ['endpoint', 'security-group', 'policy'];

function count({ orphans: gauge }: Pick<Metrics, 'orphans'>, found: readonly PlaceOrphans[]): void {
  gauge.reset();
  for (const { place, orphans, unread } of found) {
    const resources = orphans.flatMap((one) => one.resources);
    // Of a kind that could not be read there may be some: nothing is said.
    for (const of of kinds.filter((one) => !unread.includes(one))) {
      const value = resources.filter((one) => one.kind === of).length;
      gauge.set({ account: place.account ?? '', region: place.region, kind: of }, value);
    }
  }
}

/** Tells nothing of a place any more: others look there now. */
export function forgetCounts(
  { orphans }: Pick<Metrics, 'orphans'>,
  { account = '', region }: Pick<OrphanPlace, 'region'> & { readonly account?: string | undefined },
): void {
  for (const kind of kinds) orphans.remove({ account, region, kind });
}

function tell(
  orphan: OrphanLink,
  { logger, recordEvent, orphans, graceMs }: OrphanSweepOptions,
): void {
  const { name, uid } = orphan.owner;
  const ids = orphan.resources.map(({ id }) => id);
  const next =
    orphans === 'Delete'
      ? `They are deleted after ${Math.round(graceMs / 1000)} s of this, unless a link takes them back.`
      : 'They stay until they are taken back (a link of this name with spec.adoption: IfUnowned) or pruned (sagemaker-privatelink prune).';
  const note = `${ids.join(', ')} at AWS belong to SageMakerPrivateLink ${name} with UID ${uid}, which this cluster does not have. ${next}`;
  logger.warn({ link: name, uid, resources: ids }, 'orphans found at AWS');
  recordEvent({
    regarding: { apiVersion, kind, name, uid },
    type: 'Warning',
    reason: 'OrphansFound',
    action: 'Look',
    note,
  });
}

interface DeletionOptions extends OrphanSweepOptions {
  readonly sightingTimes: SightingTimes;
}

async function deleteOld(
  found: readonly PlaceOrphans[],
  sightings: ReadonlyMap<string, Sighting>,
  options: DeletionOptions,
  signal: AbortSignal,
): Promise<void> {
  const oldest = options.clock.now() - options.graceMs;
  for (const { place, orphans } of found) {
    for (const orphan of orphans) {
      const since = sightings.get(keyOf(orphan))?.since;
      if (since !== undefined && since <= oldest) await takeAway(orphan, place, options, signal);
    }
  }
}

/** One pass of the deletion that the link itself would have had; the next sweep makes another. */
async function takeAway(
  { owner }: OrphanLink,
  { cloud, region }: OrphanPlace,
  { logger, clock, sightingTimes, patience }: DeletionOptions,
  signal: AbortSignal,
): Promise<void> {
  const now = cloud.now();
  const end = await runPass({
    owner,
    spec: specOfOrphan(region),
    goal: 'absent',
    remembered: rememberedFrom({}, 1, false),
    repair: true,
    absenceIsFinal: true,
    elapsed: { sightings: sightingTimes.of(owner.uid, clock.now()), patience },
    ports: { AWS: cloud },
    freshness: { resourcesSince: now, networkSince: now },
    claim: { link: owner.uid, urgency: 'Resync' },
    signal,
    onAction: (action, outcome) => {
      if (outcome === 'begun') return;
      const fields = { link: owner.name, uid: owner.uid, action: action.kind };
      if (outcome instanceof CloudError)
        logger.warn({ ...fields, err: outcome }, 'an orphan stays');
      else logger.info(fields, 'an orphan is deleted');
    },
  });
  sightingTimes.note(owner.uid, end.plan.seen, clock.now());
}
