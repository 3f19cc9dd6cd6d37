import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { withDefaults } from '../api/link-defaults.ts';
import { keptLink } from '../api/link-size.ts';
import { group, type SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { AccountMap } from '../aws/accounts/account-map.ts';
import type { MayWrite } from '../aws/accounts/account-transports.ts';
import { createClientLinks } from '../cluster/client-links.ts';
import { createEventRecorder, type EventRecorder } from '../kubernetes/events/event-recorder.ts';
import { eventType, type KubernetesEvent } from '../kubernetes/events/event.ts';
import type { ResourceClient } from '../kubernetes/client/resource-client.ts';
import { createResourceIndex, type ResourceIndex } from '../kubernetes/watch/resource-index.ts';
import { createResourceWatch, type ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import { createWorkQueue, type WorkQueue } from '../kubernetes/queue/work-queue.ts';
import type { LinkWithAccess } from '../plan/notebook-policy/rivals.ts';
import { isDone } from '../reconcile/link-controller.ts';
import { possibleRival } from '../reconcile/rivals-among.ts';
import type { Random } from '../runtime/clock.ts';
import type { ShardSet } from '../kubernetes/shards/shard-set.ts';
import { followAccountMap } from './account-map-file.ts';
import type { BaseParts } from './base-parts.ts';
import { type ClusterParts, createClusterParts } from './cluster-parts.ts';
import { type LeaseTiming, leaseTimingOf } from './lease-timing.ts';
import { linkClient } from './link-client.ts';
import { createLinkBriefs, type LinkBrief } from './sharing/link-briefs.ts';
import { type NamespacePartsOptions, watchTimingOf } from './namespace-parts.ts';
import { clusterShard, createPlaceIndex, placeId, type PlaceIndex } from './sharing/places.ts';

/** Everything that lives as long as the process. */
export interface Parts extends BaseParts {
  readonly random: Random;
  readonly instance: string;
  readonly leaseTiming: LeaseTiming;
  readonly links: ResourceClient<SageMakerPrivateLink>;
  readonly accounts: () => AccountMap;
  readonly watch: ResourceWatch<SageMakerPrivateLink>;
  /** All links in short. */
  readonly briefs: ResourceIndex<LinkBrief>;
  readonly possibleRivals: ResourceIndex<LinkWithAccess>;
  readonly queue: WorkQueue;
  /** The parts that look after the cluster, made anew for each term. */
  readonly createCluster: () => ClusterParts;
  /** Where all links are. */
  readonly places: PlaceIndex;
  readonly events: EventRecorder;
  /** This process's part in sharing the work, once it takes part. */
  readonly sharing: { current?: ShardSet };
  /** Whether this process may change a place at this very moment. */
  readonly mayAct: MayWrite;
}

const longestBackoffMs = 120_000;

/** Makes the parts. @throws UserError for a configuration that cannot work */
export async function createParts(base: BaseParts, life: AbortSignal): Promise<Parts> {
  const { config, overrides, clock, logger, metrics, client } = base;
  const { random = Math.random } = overrides;
  const { instance = `${hostname()}_${randomUUID().slice(0, 8)}` } = overrides;
  const leaseTiming = leaseTimingOf(config);
  const links = linkClient(client);
  const watch = createLinkWatch(base, links, random);
  const briefs = createLinkBriefs(watch);
  const possibleRivals = createResourceIndex(watch, possibleRival);
  const queue = createWorkQueue({
    name: 'sagemakerprivatelink',
    clock,
    random,
    backoff: { firstMs: 1_000, longestMs: longestBackoffMs },
    metrics: metrics.workQueue,
  });
  const sharing: Parts['sharing'] = {};
  const accounts = await followAccountMap(config.accountMap, {
    clock,
    logger,
    signal: life,
    onChange() {
      sharing.current?.wake();
      lookAtNamedAccounts(briefs, queue);
    },
  });
  const events = createEventRecorder({
    events: client.resource<KubernetesEvent>(eventType),
    clock,
    random,
    logger,
    controller: `${group}/operator`,
    instance,
    signal: life,
    onDropped: () => metrics.eventsDropped.inc(),
    onJoined: () => metrics.eventsJoined.inc(),
  });
  const mayActOn = (shard: string): boolean => sharing.current?.mayAct(shard) ?? false;
  const mayAct: MayWrite = (place) => mayActOn(placeId(place));
  const ofCluster = { linkQueue: queue, mayAct: () => mayActOn(clusterShard) };
  const clientLinks = createClientLinks(watch);
  const createCluster = ofTerms({ ...base, random, watch, clientLinks, ...ofCluster });
  const places = createPlaceIndex();
  watch.subscribe((change) => {
    if (places.note(change)) sharing.current?.wake();
  });
  const ofLinks = { links, watch, briefs, possibleRivals };
  const made = { ...ofLinks, queue, accounts, events, createCluster, places, sharing };
  return { ...base, random, instance, leaseTiming, ...made, mayAct };
}

/** How to make the parts of each term. The first ones are made now: flags that cannot work end the start. */
function ofTerms(options: NamespacePartsOptions): () => ClusterParts {
  let first: ClusterParts | undefined = createClusterParts(options);
  return () => {
    const parts = first ?? createClusterParts(options);
    first = undefined;
    return parts;
  };
}

function createLinkWatch(
  { config, clock, logger, metrics }: BaseParts,
  links: ResourceClient<SageMakerPrivateLink>,
  random: Random,
): ResourceWatch<SageMakerPrivateLink> {
  return createResourceWatch<SageMakerPrivateLink>({
    resource: links,
    clock,
    random,
    logger,
    metrics: metrics.watch,
    keep: (link) => keptLink(withDefaults(link)),
    isAtRest: isDone,
    timing: watchTimingOf(config),
  });
}

/** After a change of the account map nothing waits for the slow look at stalled links. */
function lookAtNamedAccounts(briefs: ResourceIndex<LinkBrief>, queue: WorkQueue): void {
  for (const [name, { network }] of briefs.entries()) {
    if (network.account !== undefined) queue.add(name, { reason: 'AccountMap' });
  }
}
