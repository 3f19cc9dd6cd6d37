/** Everything about the namespaces of the cluster, joined: watches, the controller, and what links see. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { ApiClient } from '../kubernetes/client/api-client.ts';
import type { Controller } from '../kubernetes/controller.ts';
import type { KubernetesObject } from '../kubernetes/client/object.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { WatchProblemKind } from '../kubernetes/watch/watch-problem.ts';
import type { WorkQueue } from '../kubernetes/queue/work-queue.ts';
import type { ClientsView } from '../plan/clients/status/clients-view.ts';
import { basisOf } from '../plan/clients/status/basis.ts';
import { selects } from '../plan/clients/label-selector.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type ClientLinks, isSelecting } from './client-links.ts';
import { type ClusterFactsWatch, createClusterFacts } from './cluster-facts.ts';
import { type ClusterPolicies, createClusterPolicies } from './cluster-policy/cluster-policies.ts';
import { createNamespaceController } from './namespace-controller.ts';
import { createNamespaceReconciler, type ReconcileNamespace } from './namespace-reconciler.ts';
import { createNamespaceResults, type NamespaceResults } from './namespace-results.ts';
import { clientNamespace, createNamespaceWatch } from './namespaces.ts';
import { createOwnObjects, type OwnObjects } from './own-objects.ts';
import { clientTypes } from './resource-types.ts';
import { createRewritePace } from './rewrite-pace.ts';
import type { StoredObject } from './stored-object.ts';
import type { WatchParts } from './watch-parts.ts';
import { createObjectWriter } from './write-objects.ts';

export interface ClusterClientsOptions extends Omit<WatchParts, 'metrics'> {
  readonly client: ApiClient;
  readonly links: ResourceWatch<SageMakerPrivateLink>;
  readonly clientLinks: ClientLinks;
  readonly queue: WorkQueue;
  readonly metrics: Metrics;
  /** Asked right before each write. */
  readonly mayAct: () => boolean;
  /** The namespace that the operator runs in. */
  readonly operatorNamespace: string | undefined;
  /** The queue of cluster-scoped policies, by the name of their link. */
  readonly policyQueue: WorkQueue;
  /** Told of links whose namespaces are otherwise than they were; often, and in bursts. */
  readonly onChange: (link: string) => void;
}

/** The clients of links in the cluster. */
export interface ClusterClients {
  /** Every namespace with its labels. */
  readonly namespaces: Pick<ResourceWatch<KubernetesObject>, 'cache' | 'synced' | 'subscribe'>;
  /** Runs the watches until the signal aborts. */
  watch(signal: AbortSignal): Promise<void>;
  /** Of namespaces, and of cluster-scoped policies. */
  controllers(options: { readonly workers: number }): readonly Controller[];
  /** How the namespaces of a link are now. */
  viewOf(link: SageMakerPrivateLink): ClientsView;
}

/** Creates the parts. Nothing is read before `watch`. */
export function createClusterClients(options: ClusterClientsOptions): ClusterClients {
  const { client, clientLinks, metrics } = options;
  const watchParts = { ...options, metrics: metrics.watch };
  const namespaces = createNamespaceWatch(client, watchParts);
  const objects = createOwnObjects(client, watchParts, options.onChange);
  const facts = createClusterFacts(client, watchParts);
  const results = createNamespaceResults((link) => {
    policies.noteNamespaces(link);
    options.onChange(link);
  }, metrics);
  const watches = [namespaces, ...objects.watches, ...facts.watches];
  const policies = createClusterPolicies({
    ...options,
    facts,
    queue: options.policyQueue,
    areNamespacesHeld: (link) => areHeld(known, link),
    onChange(link, isForceChanged) {
      if (isForceChanged) wakeNamespaces(options, namespaces, link);
      options.onChange(link);
    },
  });
  for (const watch of facts.watches) {
    // The status of a link has the rules in words.
    watch.subscribe(() => {
      for (const name of clientLinks.names((link) => link.reachesApiServer)) options.onChange(name);
    });
  }
  const known: Known = { namespaces, objects, facts, results, policies };
  const reconcile = createReconciler(options, known);
  return {
    namespaces,
    watch: (signal) => Promise.all(watches.map((watch) => watch.run(signal))).then(() => undefined),
    controllers: ({ workers }) => [
      createNamespaceController({ ...options, ...known, reconcile, workers }),
      policies.controller({ workers: policyWorkers }),
    ],
    viewOf(link) {
      const message = problemOf(watches);
      return message === undefined ? viewOf(known, link) : { kind: 'Unknown', message };
    },
  };
}

/** Everything that is known of the cluster's namespaces. */
interface Known {
  readonly namespaces: ResourceWatch<KubernetesObject>;
  readonly objects: OwnObjects;
  readonly facts: ClusterFactsWatch;
  readonly results: NamespaceResults;
  readonly policies: ClusterPolicies;
}

/** A cluster has few links, and each policy few objects. */
const policyWorkers = 2;

function createReconciler(
  { client, links, clientLinks, queue, clock, logger, mayAct, ...options }: ClusterClientsOptions,
  { namespaces, objects, facts, results, policies }: Known,
): ReconcileNamespace {
  const { operatorNamespace } = options;
  const resources = {
    ConfigMap: client.resource<StoredObject>(clientTypes.ConfigMap),
    NetworkPolicy: client.resource<StoredObject>(clientTypes.NetworkPolicy),
  };
  return createNamespaceReconciler({
    namespace: (name) => {
      const namespace = namespaces.cache.get(name);
      return namespace === undefined ? undefined : clientNamespace(namespace);
    },
    links: ({ labels }) =>
      clientLinks
        .names((link) => link.isSuspended || isSelecting(link, labels))
        .flatMap((name) => links.cache.get(name) ?? []),
    existing: (namespace) => objects.in(namespace),
    cluster: () => facts.current(),
    clusterPolicies: () => policies.inForce(),
    ...(operatorNamespace === undefined ? {} : { operatorNamespace }),
    write: createObjectWriter({ resources, mayAct, writes: objects.writes }),
    pace: createRewritePace(clock),
    results,
    queue,
    logger,
  });
}

function viewOf(
  { namespaces, objects, facts, results, policies }: Known,
  link: SageMakerPrivateLink,
): ClientsView {
  const { name } = link.metadata;
  const clusterPolicy = policies.resultOf(link);
  return {
    kind: 'Known',
    cluster: facts.current(),
    ...(clusterPolicy === undefined ? {} : { clusterPolicy }),
    namespaces: selectedBy(namespaces, link).map(({ metadata }) => {
      const result = results.of(metadata.name, name);
      return { name: metadata.name, ...(result === undefined ? {} : { result }) };
    }),
    holding: objects
      .namespacesOf(name)
      .filter((namespace) => !isGoing(namespaces.cache.get(namespace))),
  };
}

function selectedBy(
  { cache }: Known['namespaces'],
  { spec: { clients } }: SageMakerPrivateLink,
): readonly KubernetesObject[] {
  return cache.list().filter(({ metadata: { labels = {} } }) => {
    return clients !== undefined && selects(clients.namespaceSelector, labels);
  });
}

/** Whether every namespace has what the link says now, so that nothing hangs on another policy. */
function areHeld({ namespaces, results }: Known, link: SageMakerPrivateLink): boolean {
  const basis = basisOf(link);
  return selectedBy(namespaces, link).every((namespace) => {
    const result = results.of(namespace.metadata.name, link.metadata.name);
    // The cluster's own namespaces get no policy of either kind.
    const isHeld = result?.state === 'Ready' || result?.reason === 'ProtectedNamespace';
    return isGoing(namespace) || (isHeld && result.basis === basis);
  });
}

/** With a cluster-scoped policy in force, or in force no more, namespaces may want something else. */
function wakeNamespaces(
  { links, queue }: Pick<ClusterClientsOptions, 'links' | 'queue'>,
  namespaces: Known['namespaces'],
  name: string,
): void {
  const link = links.cache.get(name);
  if (link === undefined) return;
  for (const { metadata } of selectedBy(namespaces, link)) {
    queue.add(metadata.name, { reason: 'ClusterPolicyChanged' });
  }
}

/** A namespace that goes away takes everything in it along. */
function isGoing(namespace: KubernetesObject | undefined): boolean {
  return namespace === undefined || namespace.metadata.deletionTimestamp !== undefined;
}

/** Nothing is said of a watch that is away for a moment: what it showed last is good enough. */
export const lastingProblems: ReadonlySet<WatchProblemKind> = new Set([
  'Forbidden',
  'NotInstalled',
  'Unauthorized',
]);

function problemOf(watches: readonly Pick<ResourceWatch<never>, 'health'>[]): string | undefined {
  const all = watches.map((watch) => watch.health());
  const lasting = all.find(({ problem }) => problem && lastingProblems.has(problem.kind));
  if (lasting?.problem !== undefined)
    return `The cluster cannot be read: ${lasting.problem.message}.`;
  return all.every(({ synced }) => synced)
    ? undefined
    : 'The namespaces of the cluster have not been listed yet.';
}
