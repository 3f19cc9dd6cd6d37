/** The kinds of cluster-scoped policies that the API server serves now, by discovery. */
import type { ApiCalls } from '../../kubernetes/api-calls.ts';
import { type ServedResource, servedResources } from '../../kubernetes/client/served-resources.ts';
import {
  flavorKinds,
  flavorOf,
  servedPolicyKinds,
} from '../../plan/clients/cluster-policy/choose-flavor.ts';
import type { Clock } from '../../runtime/clock.ts';

interface GroupList {
  readonly groups?: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
  }[];
}

/**
 * Every kind and version of a flavour that is served. Rejects as `ApiCalls` does: a group whose own
 * API server does not answer is not taken for one that is not there.
 */
export async function discoverPolicyKinds(
  client: ApiCalls,
  signal: AbortSignal,
): Promise<readonly ServedResource[]> {
  const request = { verb: 'get', path: '/apis' } as const;
  const { groups = [] } = await client.request<GroupList>(request, { signal });
  const isServed = ([group, version]: readonly [string, string]): boolean =>
    groups.some((one) => one.name === group && one.versions.some((v) => v.version === version));
  const places = flavorKinds.flatMap(({ versions }) => versions).filter(isServed);
  const found = await Promise.all(
    places.map(([group, version]) => servedResources(client, { group, version }, { signal })),
  );
  return found
    .flat()
    .filter((one) => flavorOf({ ...one, apiVersion: `${one.group}/${one.version}` }) !== undefined);
}

/** The resources to read and write: of each flavour one version, which shows the objects of all. */
export function policyResources(served: readonly ServedResource[]): readonly ServedResource[] {
  return servedPolicyKinds(served).flatMap(({ group, version, kind }) =>
    served.filter((one) => one.group === group && one.version === version && one.kind === kind),
  );
}

/** The last answer of discovery. */
export interface PolicyKinds {
  /** As of a few seconds ago at most. */
  current(signal: AbortSignal): Promise<readonly ServedResource[]>;
  /** Asks anew. */
  refresh(signal: AbortSignal): Promise<readonly ServedResource[]>;
  /** The next reader asks anew: an answer showed that a kind came or went. */
  forget(): void;
  /** Tells of each answer that differs from the one before. Returns how to unsubscribe. */
  subscribe(listener: (served: readonly ServedResource[]) => void): () => void;
}

/** A burst of passes shares one answer for so long. */
const freshMs = 5_000;

/** Creates a memory without an answer. */
export function createPolicyKinds(client: ApiCalls, clock: Pick<Clock, 'now'>): PolicyKinds {
  let last: { readonly served: readonly ServedResource[]; readonly at: number } | undefined;
  let told = '';
  const listeners = new Set<(served: readonly ServedResource[]) => void>();
  const refresh: PolicyKinds['refresh'] = async (signal) => {
    const at = clock.now();
    const served = await discoverPolicyKinds(client, signal);
    last = { served, at };
    const text = JSON.stringify(served);
    if (text !== told) {
      told = text;
      for (const listener of listeners) listener(served);
    }
    return served;
  };
  return {
    refresh,
    async current(signal) {
      const isFresh = last !== undefined && clock.now() - last.at < freshMs;
      return isFresh && last !== undefined ? last.served : refresh(signal);
    },
    forget: () => (last = undefined),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
