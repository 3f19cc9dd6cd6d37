/** Everything about the cluster-scoped policies of links, joined: discovery, watches, the controller. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import { type Controller, createController, handledBy } from '../../kubernetes/controller.ts';
import type { ResourceChange } from '../../kubernetes/watch/resource-cache.ts';
import type { ResourceWatch } from '../../kubernetes/watch/resource-watch.ts';
import type { WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import { basisOf } from '../../plan/clients/status/basis.ts';
import type { ClusterPolicyResult } from '../../plan/clients/status/clients-view.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ClusterFactsWatch } from '../cluster-facts.ts';
import { type ClientLinks, involvesClusterPolicy } from '../client-links.ts';
import { createRewritePace } from '../rewrite-pace.ts';
import type { WatchParts } from '../watch-parts.ts';
import { createPolicyKinds, policyResources } from './policy-kinds.ts';
import { createPolicyReconciler } from './policy-reconciler.ts';
import { createPolicyResults, type PolicyResults } from './policy-results.ts';
import { createPolicyWatches } from './policy-watches.ts';
import { listPolicies } from './stored-policy.ts';
import { createPolicyWriter } from './write-policy.ts';

export interface ClusterPoliciesOptions extends Omit<WatchParts, 'metrics'> {
  readonly client: ApiClient;
  readonly links: ResourceWatch<SageMakerPrivateLink>;
  readonly clientLinks: ClientLinks;
  readonly facts: ClusterFactsWatch;
  readonly queue: WorkQueue;
  readonly metrics: Metrics;
  /** Asked right before each write. */
  readonly mayAct: () => boolean;
  readonly operatorNamespace: string | undefined;
  /** Whether the NetworkPolicies of the link's namespaces hold its pods without the cluster's. */
  readonly areNamespacesHeld: (link: SageMakerPrivateLink) => boolean;
  /** Told of links whose policy is otherwise than it was, and whether its force is. */
  readonly onChange: (link: string, isForceChanged: boolean) => void;
}

/** The cluster-scoped policies of links. */
export interface ClusterPolicies {
  controller(options: { readonly workers: number }): Controller;
  /** How the policy of a link is; undefined for one that has nothing to do with policies. */
  resultOf(link: SageMakerPrivateLink): ClusterPolicyResult | undefined;
  /** Names of links whose policy holds their pods. */
  inForce(): ReadonlySet<string>;
  /** The namespaces of a link are otherwise than they were: a policy may have waited for them. */
  noteNamespaces(link: string): void;
}

/** Name of the controller in metrics. */
export const policyController = 'clusterpolicy';

/** Creates the parts. Nothing is read before the controller runs. */
export function createClusterPolicies(options: ClusterPoliciesOptions): ClusterPolicies {
  const { client, links, facts, queue, clock, logger, metrics } = options;
  const { operatorNamespace } = options;
  const results = createPolicyResults(options.onChange);
  const kinds = createPolicyKinds(client, clock);
  const isInvolved = (link: SageMakerPrivateLink): boolean =>
    involvesClusterPolicy(link) || results.of(link.metadata.name) !== undefined;
  const involved = (): readonly string[] => involvedLinks(options, results);
  const watches = createPolicyWatches({ ...options, metrics: metrics.watch, kinds, involved });
  const reconcile = createPolicyReconciler({
    link: (name) => links.cache.get(name),
    resources: async (signal) => policyResources(await kinds.current(signal)),
    onKindGone: () => kinds.forget(),
    list: (resource, signal) => listPolicies(client, resource, signal),
    shown: (link) => watches.namesOf(link),
    onDeleted: (uid) => watches.noteDeleted(uid),
    cluster: () => facts.current(),
    areNamespacesHeld: options.areNamespacesHeld,
    ...(operatorNamespace === undefined ? {} : { operatorNamespace }),
    write: createPolicyWriter(client, options.mayAct),
    pace: createRewritePace(clock),
    results,
    queue,
    logger,
  });
  return {
    controller: ({ workers }) =>
      createController({
        name: policyController,
        watches: [
          watches,
          handledBy(links, (change, keys) => {
            const { name } = change.object.metadata;
            if (isInvolved(change.object) && isOfInterest(change)) {
              keys.forget(name);
              keys.add(name, { priority: 'high', reason: 'LinkChanged' });
            }
          }),
          facts.source(involved),
        ],
        queue,
        reconcile,
        workers,
        clock,
        logger,
        metrics: metrics.reconcile,
      }),
    resultOf: (link) =>
      results.of(link.metadata.name) ?? (involvesClusterPolicy(link) ? notYet : undefined),
    inForce: () => results.inForce(),
    noteNamespaces(link) {
      if (results.of(link)?.reason === 'ConfiguringNamespaces') {
        queue.add(link, { reason: 'NamespacesChanged' });
      }
    },
  };
}

/** Names of the links that want a policy, have one by their status, or had one. */
function involvedLinks(
  { links, clientLinks }: ClusterPoliciesOptions,
  results: PolicyResults,
): readonly string[] {
  const wanted = clientLinks.names(({ hasClusterPolicy }) => hasClusterPolicy);
  const left = results.names().filter((name) => links.cache.get(name) !== undefined);
  return [...new Set([...wanted, ...left])];
}

/** Of a link that no pass has ended for. */
const notYet: ClusterPolicyResult = {
  basis: '',
  state: 'Waiting',
  reason: 'ConfiguringClusterPolicy',
  message: 'The cluster-scoped policies have not been looked at yet.',
  objects: [],
  hash: '',
  inForce: false,
};

function isOfInterest(change: ResourceChange<SageMakerPrivateLink>): boolean {
  if (change.kind !== 'updated') return true;
  const { previous, object } = change;
  return (
    previous.metadata.uid !== object.metadata.uid ||
    previous.metadata.deletionTimestamp !== object.metadata.deletionTimestamp ||
    basisOf(previous) !== basisOf(object)
  );
}
