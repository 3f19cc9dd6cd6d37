/**
 * Watches of the kinds that are served now, whichever these are: metadata alone, since a pass reads
 * what there is and a watch only says that something changed.
 */
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import { createMetadataClient } from '../../kubernetes/client/metadata-client.ts';
import type { KubernetesObject } from '../../kubernetes/client/object.ts';
import type { ServedResource } from '../../kubernetes/client/served-resources.ts';
import type { KeyQueue, Source } from '../../kubernetes/controller.ts';
import { createResourceWatch, type ResourceWatch } from '../../kubernetes/watch/resource-watch.ts';
import { linkLabel } from '../../plan/clients/client-object.ts';
import { isPolicyOf } from '../../plan/clients/cluster-policy/policy-names.ts';
import type { WatchParts } from '../watch-parts.ts';
import { type PolicyKinds, policyResources } from './policy-kinds.ts';
import { ownPolicies, typeOf } from './stored-policy.ts';
import { keptMetadata } from '../kept-metadata.ts';

export interface PolicyWatches extends Source {
  /** The objects of a link that the watches show, in words. */
  namesOf(link: string): readonly string[];
  /** An object was deleted: it never comes back with its UID, though a watch may miss the event. */
  noteDeleted(uid: string): void;
}

export interface PolicyWatchesOptions extends WatchParts {
  readonly client: ApiClient;
  readonly kinds: PolicyKinds;
  /** Names of links that have or want a policy; while there are some, discovery is asked again. */
  readonly involved: () => readonly string[];
}

/** A kind that is installed is noticed after so long at most; one that goes ends its watch. */
const discoveryMs = 30_000;

interface Running {
  readonly kind: string;
  readonly watch: ResourceWatch<KubernetesObject>;
  readonly end: AbortController;
}

/** Creates watches that run while a controller is connected. */
export function createPolicyWatches(options: PolicyWatchesOptions): PolicyWatches {
  const running = new Map<string, Running>();
  const deleted = new Set<string>();
  return {
    synced: Promise.resolve(),
    connect(queue) {
      const end = new AbortController();
      const unsubscribe = options.kinds.subscribe((served) => {
        follow(options, running, { served, queue });
        for (const link of options.involved()) queue.add(link, { reason: 'KindsChanged' });
      });
      void askAgain(options, end.signal);
      return () => {
        unsubscribe();
        end.abort(new Error('the controller has ended'));
        for (const one of running.values()) one.end.abort(new Error('the controller has ended'));
        running.clear();
      };
    },
    namesOf: (link) =>
      [...running.values()].flatMap(({ kind, watch }) =>
        watch.cache
          .list()
          .filter(({ metadata: { name, uid = '' } }) => isPolicyOf(name, link) && !deleted.has(uid))
          .map(({ metadata }) => `${kind} ${metadata.name}`),
      ),
    noteDeleted: (uid) => void deleted.add(uid),
  };
}

/** Asks discovery from time to time while somebody wants to know. */
async function askAgain(options: PolicyWatchesOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await options.clock.sleep(discoveryMs, signal).catch(() => undefined);
    if (!signal.aborted && options.involved().length > 0) refresh(options, signal);
  }
}

function refresh({ kinds, logger }: PolicyWatchesOptions, signal: AbortSignal): void {
  kinds.refresh(signal).catch((error: unknown) => {
    // The last answer stays.
    if (!signal.aborted) logger.debug({ err: error }, 'discovery of policies failed');
  });
}

/** Begins and ends watches, so that there is one for each kind that is served. */
function follow(
  options: PolicyWatchesOptions,
  running: Map<string, Running>,
  { served, queue }: { readonly served: readonly ServedResource[]; readonly queue: KeyQueue },
): void {
  const wanted = new Map(policyResources(served).map((one) => [keyOf(one), one]));
  for (const [key, one] of running) {
    if (wanted.has(key)) continue;
    one.end.abort(new Error('the kind is not served any more'));
    running.delete(key);
  }
  for (const [key, resource] of wanted) {
    if (!running.has(key)) running.set(key, begin(options, resource, queue));
  }
}

function keyOf({ group, version, plural }: ServedResource): string {
  return `${group}/${version}/${plural}`;
}

function begin(options: PolicyWatchesOptions, resource: ServedResource, queue: KeyQueue): Running {
  const { client, clock, random, logger, metrics, timing } = options;
  const end = new AbortController();
  const watch = createResourceWatch<KubernetesObject>({
    clock,
    random,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
    ...(timing === undefined ? {} : { timing }),
    resource: createMetadataClient(client, typeOf(resource)),
    labelSelector: ownPolicies,
    keep: keptPolicy,
    onProblem: (problem) => {
      if (problem?.kind === 'NotInstalled') refresh(options, end.signal);
    },
  });
  watch.subscribe((change) => {
    const objects = change.kind === 'updated' ? [change.previous, change.object] : [change.object];
    for (const { metadata } of objects) {
      const link = metadata.labels?.[linkLabel];
      if (link) queue.add(link, { priority: 'high', reason: 'ObjectChanged' });
    }
  });
  void watch.run(end.signal);
  return { kind: resource.kind, watch, end };
}

function keptPolicy({ metadata }: KubernetesObject): KubernetesObject {
  return { metadata: keptMetadata(metadata) };
}
