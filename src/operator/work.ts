/** The work of the one process that may act: passes over links, and sweeps for orphans. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type CloudDirectory, createCloudDirectory } from '../aws/accounts/cloud-directory.ts';
import { withoutClients } from '../plan/clients/status/clients-view.ts';
import type { Cloud } from '../plan/cloud.ts';
import type { Patience } from '../plan/sightings.ts';
import { fencedCloud } from '../reconcile/fenced-cloud.ts';
import { createLinkController } from '../reconcile/link-controller.ts';
import { createLinkReconciler, type LinkReconciler } from '../reconcile/link-reconciler.ts';
import { orphanPlaces } from '../reconcile/orphan-places.ts';
import { type OrphanSweepOptions, runOrphanSweeps } from '../reconcile/orphan-sweep.ts';
import { createQuietTime } from '../reconcile/quiet-time.ts';
import { createSightingTimes } from '../reconcile/sighting-times.ts';
import type { Controller } from '../kubernetes/controller.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
import { untilAborted } from '../runtime/on-abort.ts';
import { awsCallsFromZero } from './aws-calls-from-zero.ts';
import { findClusterId, livingOwners } from './cluster.ts';
import { drainedWork } from './drained-work.ts';
import { createOwnRequests, type OwnRequests, readDriftEvents } from './drift-events.ts';
import type { OperatorConfig } from './operator-config.ts';
import { createOutdatedKind, type OutdatedKind } from './outdated-kind.ts';
import type { Parts } from './parts.ts';
import { proxyFromEnvironment } from './proxy-settings.ts';

/** Works until leadership ends, or drains when the shutdown begins. */
export async function workOn(
  parts: Parts,
  leadership: AbortSignal,
  shutdown: AbortSignal,
): Promise<void> {
  // Before the first pass there is nothing to drain: a shutdown ends the preparation at once.
  const preparation = AbortSignal.any([leadership, shutdown]);
  const clusterId = await prepared(parts, preparation);
  if (clusterId === undefined) return;
  const ownRequests = createOwnRequests(parts.config);
  const clouds = createClouds(parts, clusterId, ownRequests);
  const { client, clock, logger, events, metrics } = parts;
  const recordEvent = (event: EventRecord): void => events.record(event);
  const { crdMissingFields: missingFields } = metrics;
  const outdatedKind = createOutdatedKind({ client, clock, logger, recordEvent, missingFields });
  const end = new AbortController();
  const beside = AbortSignal.any([preparation, end.signal]);
  const sweeps = runOrphanSweeps(orphanSweepOptions(parts, clusterId, clouds), beside);
  const looks = outdatedKind.follow(beside);
  const hints = readDriftEvents(parts, { clouds, ownRequests }, beside);
  const told = toldOf(createReconciler(parts, clusterId, clouds), parts, outdatedKind);
  try {
    await runPasses(parts, told, { leadership, shutdown });
  } finally {
    end.abort(new Error('the work has ended'));
    await Promise.all([sweeps, looks, hints]);
    clouds.close();
  }
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
  const fenced: CloudDirectory['cloudFor'] = (location): Cloud =>
    fencedCloud(clouds.cloudFor(location), () => mayAct(location));
  return { ...clouds, cloudFor: fenced };
}

function createReconciler(parts: Parts, clusterId: string, clouds: CloudDirectory): LinkReconciler {
  const { config, links, watch, queue, clients, verification, clock, logger, metrics, events } =
    parts;
  return createLinkReconciler({
    clusterId,
    resource: links,
    watch,
    queue,
    cloudFor: ({ spec: { region, account }, metadata: { uid }, status }: SageMakerPrivateLink) =>
      clouds.cloudFor({ region, account, uid, boundTo: status?.account }),
    clientsOf: (link) => clients?.viewOf(link) ?? withoutClients(link),
    verificationOf: (link) => verification?.viewOf(link) ?? { kind: 'Disabled' },
    quietTime: createQuietTime(config.consistencyMs),
    sightingTimes: createSightingTimes(),
    patience: patienceOf(config),
    paces: { pollMs: config.pollMs, stalledMs: config.stalledMs },
    clock,
    logger,
    recordEvent: (event) => events.record(event),
    metrics,
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
    noteGone: (link) => reconciler.noteGone(link),
    noteAdded: (link) => reconciler.noteAdded(link),
    reconcile: (item, signal) =>
      reconciler.reconcile(item, signal).finally(() => {
        const link = watch.cache.get(item.key);
        if (link !== undefined) outdatedKind.tell(link);
      }),
  };
}

function runPasses(
  { config, queue, queues, clock, logger, metrics, watch, clients, verification }: Parts,
  reconciler: LinkReconciler,
  ends: { readonly leadership: AbortSignal; readonly shutdown: AbortSignal },
): Promise<void> {
  const { workers, namespaceWorkers, linkMetrics, drainMs } = config;
  const links = createLinkController({
    watch,
    queue,
    reconciler,
    workers,
    linkMetrics,
    clock,
    logger,
    metrics,
  });
  const ofClients = clients?.controllers({ workers: namespaceWorkers }) ?? [];
  return drainedWork({ queue: queues, clock, logger, drainMs, ...ends }, async (signal) => {
    const beside = AbortSignal.any([signal, ends.shutdown]);
    const others = [
      ...ofClients,
      ...(verification === undefined ? [] : [verification.controller()]),
    ];
    await Promise.all([links.run(signal), ...others.map((one) => runUntil(beside, one))]);
  });
}

/** A controller whose watches never got to work, for want of a right, is no reason to end in an error. */
async function runUntil(signal: AbortSignal, controller: Controller): Promise<void> {
  try {
    await controller.run(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function patienceOf(config: OperatorConfig): Patience {
  return {
    dnsSettleMs: config.dnsSettleMs,
    iamSettleMs: config.iamSettleMs,
    wayDeadlineMs: config.wayDeadlineMs,
  };
}

function orphanSweepOptions(
  { config, clock, logger, metrics, client, watch, events }: Parts,
  clusterId: string,
  clouds: CloudDirectory,
): OrphanSweepOptions {
  const placesOf = orphanPlaces((location) => clouds.cloudFor(location));
  return {
    clusterId,
    orphans: config.orphans,
    graceMs: config.orphanGraceMs,
    periodMs: config.orphanSweepMs,
    patience: patienceOf(config),
    places: () => placesOf(watch.cache.list().map(({ spec }) => spec)),
    living: (signal) => livingOwners(client, signal),
    clock,
    logger,
    metrics,
    recordEvent: (event) => events.record(event),
  };
}
