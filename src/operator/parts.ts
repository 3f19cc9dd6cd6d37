import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { withDefaults } from '../api/link-defaults.ts';
import { keptLink } from '../api/link-size.ts';
import { group, type SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { AccountMap } from '../aws/accounts/account-map.ts';
import type { MayWrite } from '../aws/accounts/account-transports.ts';
import { createEventRecorder, type EventRecorder } from '../kubernetes/events/event-recorder.ts';
import { eventType, type KubernetesEvent } from '../kubernetes/events/event.ts';
import type { ResourceClient } from '../kubernetes/client/resource-client.ts';
import { createResourceWatch, type ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import { createWorkQueue, type WorkQueue } from '../kubernetes/queue/work-queue.ts';
import type { Random } from '../runtime/clock.ts';
import type { ClusterClients } from '../cluster/cluster-clients.ts';
import type { ClusterVerification } from '../cluster/verification/cluster-verification.ts';
import { followAccountMap } from './account-map-file.ts';
import { joinedQueues, type WorkQueues } from './joined-queues.ts';
import type { BaseParts } from './base-parts.ts';
import type { Leadership } from './leadership.ts';
import { type LeaseTiming, leaseTimingOf } from './lease-timing.ts';
import { linkClient } from './link-client.ts';
import {
  createNamespaceParts,
  type NamespacePartsOptions,
  watchTimingOf,
} from './namespace-parts.ts';
import { createVerificationParts, createVerificationQueue } from './verification-parts.ts';

/** Everything that lives as long as the process. */
export interface Parts extends BaseParts {
  readonly random: Random;
  readonly instance: string;
  readonly leaseTiming: LeaseTiming;
  readonly links: ResourceClient<SageMakerPrivateLink>;
  readonly accounts: () => AccountMap;
  readonly watch: ResourceWatch<SageMakerPrivateLink>;
  readonly queue: WorkQueue;
  /** Every queue of the process, to be ended together. */
  readonly queues: WorkQueues;
  /** The namespaces of the cluster; undefined if they are not looked after. */
  readonly clients: ClusterClients | undefined;
  /** The findings of pods about links; undefined if none are started. */
  readonly verification: ClusterVerification | undefined;
  readonly events: EventRecorder;
  /** This process's part in the election, once it stands for it. */
  readonly lease: { current?: Leadership };
  /** Whether this process may change a place at this very moment. One lease covers all of them. */
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
  const queue = createWorkQueue({
    name: 'sagemakerprivatelink',
    clock,
    random,
    backoff: { firstMs: 1_000, longestMs: longestBackoffMs },
    metrics: metrics.workQueue,
  });
  const accounts = await followAccountMap(config.accountMap, {
    clock,
    logger,
    signal: life,
    onChange: () => lookAtNamedAccounts(watch, queue),
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
  const lease: Parts['lease'] = {};
  const mayAct = (): boolean => lease.current?.mayAct() ?? !config.leaderElect;
  const cluster = createClusterParts({ ...base, random, watch, linkQueue: queue, mayAct });
  const queues = joinedQueues([queue, ...cluster.queues]);
  const { clients, verification } = cluster;
  const made = { links, watch, queue, queues, clients, verification, accounts, events, lease };
  return { ...base, random, instance, leaseTiming, ...made, mayAct };
}

/** The parts that look after the cluster's namespaces, as far as the flags say so. */
function createClusterParts(options: NamespacePartsOptions): {
  readonly queues: readonly WorkQueue[];
  readonly clients: ClusterClients | undefined;
  readonly verification: ClusterVerification | undefined;
} {
  const queue = createVerificationQueue(options);
  const onChange = (link: string): void => queue?.add(link, { reason: 'Namespaces' });
  const namespaces = createNamespaceParts({ ...options, onChange });
  if (namespaces === undefined) return { queues: [], clients: undefined, verification: undefined };
  const { clients } = namespaces;
  if (queue === undefined) return { queues: namespaces.queues, clients, verification: undefined };
  const verification = createVerificationParts(options, { queue, clients });
  return { queues: [...namespaces.queues, queue], clients, verification };
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
    timing: watchTimingOf(config),
  });
}

/** After a change of the account map nothing waits for the slow look at stalled links. */
function lookAtNamedAccounts(watch: ResourceWatch<SageMakerPrivateLink>, queue: WorkQueue): void {
  for (const { metadata, spec } of watch.cache.list()) {
    if (spec.account !== undefined) queue.add(metadata.name, { reason: 'AccountMap' });
  }
}
