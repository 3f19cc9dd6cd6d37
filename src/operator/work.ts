/** The work of a process: passes over links, and sweeps for orphans, in the places that it has. */
import type { AwsPlace } from '../aws/accounts/account-transports.ts';
import { type CloudDirectory, createCloudDirectory } from '../aws/accounts/cloud-directory.ts';
import { getOrMake } from '../aws/get-or-make.ts';
import type { Cloud } from '../plan/cloud.ts';
import type { Patience } from '../plan/sightings.ts';
import { fencedCloud } from '../reconcile/fenced-cloud.ts';
import { createLinkController } from '../reconcile/link-controller.ts';
import { countLinks } from '../reconcile/link-counts.ts';
import { createLinkReconciler, type LinkReconciler } from '../reconcile/link-reconciler.ts';
import { orphanPlaces } from '../reconcile/orphans/orphan-places.ts';
import {
  forgetCounts,
  type OrphanSweepOptions,
  runOrphanSweeps,
} from '../reconcile/orphans/orphan-sweep.ts';
import { createQuietTime } from '../reconcile/waits/quiet-time.ts';
import { createSightingTimes } from '../reconcile/sighting-times.ts';
import type { SweepGauge } from '../reconcile/waits/sweep-times.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
import { untilAborted } from '../runtime/on-abort.ts';
import { awsCallsFromZero } from './aws-calls-from-zero.ts';
import { findClusterId, livingOwners } from './cluster.ts';
import { createOwnRequests, type OwnRequests, readDriftEvents } from './drift-events.ts';
import type { OperatorConfig } from './operator-config.ts';
import { createOutdatedKind, type OutdatedKind } from './outdated-kind.ts';
import type { Parts } from './parts.ts';
import { proxyFromEnvironment } from './proxy-settings.ts';
import { startClusterTerm } from './sharing/cluster-term.ts';
import { PlaceTerm } from './sharing/place-term.ts';
import { placeId } from './sharing/places.ts';
import { Terms } from './sharing/terms.ts';

/** Everything that is worked with, once the cluster is known. */
export interface Work {
  readonly terms: Terms;
  /** Works on what the terms have until the signal aborts, or the queue is shut down. */
  run(signal: AbortSignal): Promise<void>;
}

/** How the work is watched from outside. */
export interface WorkOptions {
  /** Ends the preparation. */
  readonly signal: AbortSignal;
  /** Told of a failure that nothing here can repair. */
  readonly fail: (error: unknown) => void;
}

/** Prepares to work; undefined when the signal aborts first. */
export async function prepareWork(
  parts: Parts,
  { signal, fail }: WorkOptions,
): Promise<Work | undefined> {
  const clusterId = await prepared(parts, signal);
  if (clusterId === undefined) return undefined;
  const { client, clock, logger, events, metrics } = parts;
  const ownRequests = createOwnRequests(parts.config);
  const clouds = createClouds(parts, clusterId, ownRequests);
  const { crdMissingFields: missingFields } = metrics;
  const recordEvent = (event: EventRecord): void => events.record(event);
  const outdatedKind = createOutdatedKind({ client, clock, logger, recordEvent, missingFields });
  const terms = createTerms(parts, { clusterId, clouds, fail });
  countOwnLinks(parts, terms);
  const sweep = orphanSweepOptions(parts, { clusterId, clouds, terms });
  return {
    terms,
    async run(life) {
      const end = new AbortController();
      const beside = AbortSignal.any([life, end.signal]);
      const others = [
        runOrphanSweeps(sweep, beside),
        outdatedKind.follow(beside),
        readDriftEvents(parts, { clouds, ownRequests }, beside),
      ];
      try {
        const reconciler = toldOf(terms.reconciler(), parts, outdatedKind);
        await runPasses(parts, { terms, reconciler }, life);
      } finally {
        end.abort(new Error('the work has ended'));
        await Promise.all(others);
        clouds.close();
      }
    },
  };
}

/** The cluster's id, once the links are listed too; undefined when the signal aborts first. */
async function prepared(
  { config, client, logger, clock, watch }: Parts,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const clusterId = config.clusterId ?? (await findClusterId(client, logger, clock, signal));
    await untilAborted(watch.synced, signal);
    return clusterId;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** The links of others are counted by them. */
function countOwnLinks({ metrics, briefs, config }: Parts, terms: Terms): void {
  metrics.countLinksBy(() => {
    const own = [...briefs.entries()].filter(([, { network }]) => terms.has(placeId(network)));
    const counted = own.map(([name, { conditions }]) => ({ name, conditions }));
    countLinks(metrics, counted, config.linkMetrics);
  });
}

/** Everything that terms are made with. */
interface TermParts {
  readonly clusterId: string;
  readonly clouds: CloudDirectory;
  readonly fail: (error: unknown) => void;
}

function createTerms(parts: Parts, given: TermParts): Terms {
  const { config, clock, metrics, queue, watch, briefs } = parts;
  return new Terms({
    queue,
    link: (name) => watch.cache.get(name),
    briefs: () => briefs.entries(),
    startCluster: () =>
      startClusterTerm({
        parts: parts.createCluster(),
        namespaceWorkers: config.namespaceWorkers,
        clock,
        metrics,
        onFailure: given.fail,
      }),
    startPlace: (place, terms) =>
      new PlaceTerm({
        place,
        clock,
        lastSweep: metrics.lastSweep,
        createReconciler: (lastSweep) => createReconciler(parts, { ...given, terms, lastSweep }),
      }),
    onLeft(place) {
      given.clouds.forget(place);
      forgetCounts(metrics, place);
    },
    drainMs: config.drainMs,
    metrics,
    leaseName: config.leaseName,
  });
}

/** AWS takes about a minute for an endpoint: two seconds more are no pain. */
const pendingPollMs = 2_000;

function createClouds(
  { config, overrides, environment, accounts, mayAct, metrics, clock }: Parts,
  clusterId: string,
  ownRequests: OwnRequests,
): CloudDirectory {
  const { createTransports } = overrides;
  awsCallsFromZero(metrics.aws);
  const clouds = createCloudDirectory({
    clusterId,
    clock,
    limits: config.awsCallRate,
    callShare: config.awsCallShare,
    pendingPollMs: Math.min(config.pollMs, pendingPollMs),
    accounts,
    mayWrite: mayAct,
    ...(createTransports === undefined
      ? { proxyFor: proxyFromEnvironment(environment) }
      : { createTransports }),
    onCall: ({ service, action, result, durationMs, requestId }) => {
      ownRequests.note(requestId);
      metrics.aws.calls.inc({ service, action, result });
      metrics.aws.seconds.observe({ service, action }, durationMs / 1000);
    },
  });
  metrics.waitingCalls.observe(() => clouds.waiting());
  // Links of the operator's own account ask for the same cloud by the thousand.
  const fenced = new WeakMap<Cloud, Cloud>();
  return {
    ...clouds,
    cloudFor(location) {
      const { account, region } = location;
      const cloud = clouds.cloudFor(location);
      return getOrMake(fenced, cloud, () => fencedCloud(cloud, () => mayAct({ account, region })));
    },
  };
}

function createReconciler(
  parts: Parts,
  given: TermParts & { readonly terms: Terms; readonly lastSweep: SweepGauge },
): LinkReconciler {
  const { config, links, watch, possibleRivals, queue, clock, logger, events } = parts;
  const { clusterId, clouds, terms, lastSweep } = given;
  return createLinkReconciler({
    clusterId,
    resource: links,
    watch,
    queue,
    cloudFor: (place) => clouds.cloudFor(place),
    possibleRivals: () => possibleRivals.values(),
    clientsOf: (link) => terms.clientsOf(link),
    verificationOf: (link) => terms.verificationOf(link),
    quietTime: createQuietTime(config.consistencyMs),
    sightingTimes: createSightingTimes(),
    patience: patienceOf(config),
    paces: { pollMs: config.pollMs, stalledMs: config.stalledMs },
    clock,
    logger,
    recordEvent: (event) => events.record(event),
    lastSweep,
    onPass: parts.overrides.onPass,
  });
}

/** The same reconciler, which tells of an outdated kind after each pass. */
function toldOf(
  reconciler: LinkReconciler,
  { watch }: Parts,
  outdatedKind: OutdatedKind,
): LinkReconciler {
  return {
    ...reconciler,
    reconcile: (item, signal) =>
      reconciler.reconcile(item, signal).finally(() => {
        outdatedKind.tell(() => watch.cache.get(item.key));
      }),
  };
}

function runPasses(
  { config, queue, clock, logger, metrics, watch }: Parts,
  how: { readonly terms: Terms; readonly reconciler: LinkReconciler },
  signal: AbortSignal,
): Promise<void> {
  const { terms, reconciler } = how;
  const links = createLinkController({
    watch,
    queue,
    reconciler,
    workers: config.workers,
    mayBegin: (link) => terms.mayBegin(link),
    clock,
    logger,
    metrics,
  });
  return links.run(signal);
}

function patienceOf(config: OperatorConfig): Patience {
  return {
    dnsSettleMs: config.dnsSettleMs,
    iamSettleMs: config.iamSettleMs,
    wayDeadlineMs: config.wayDeadlineMs,
  };
}

function orphanSweepOptions(
  { config, clock, logger, metrics, client, places, events, watch }: Parts,
  { clusterId, clouds, terms }: Pick<TermParts, 'clusterId' | 'clouds'> & { readonly terms: Terms },
): OrphanSweepOptions {
  const policiesElsewhere = ({ account }: AwsPlace): boolean => {
    const first = places.firstOf(account);
    return first !== undefined && !terms.has(first);
  };
  const cloud = (term: PlaceTerm): Cloud => term.counted(clouds.cloudFor(term.place));
  return {
    clusterId,
    orphans: config.orphans,
    graceMs: config.orphanGraceMs,
    periodMs: config.orphanSweepMs,
    patience: patienceOf(config),
    places: () => orphanPlaces(terms.open(), { cloud, policiesElsewhere }),
    living: (signal) => livingOwners(client, signal),
    presumedLiving: () => watch.cache.list().flatMap(({ metadata: { uid } }) => uid ?? []),
    clock,
    logger,
    metrics,
    recordEvent: (event) => events.record(event),
  };
}
