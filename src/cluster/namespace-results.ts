/** How the namespaces of each link are, kept in memory: every pass of a namespace makes it anew. */
import type { Metrics } from '../telemetry/metrics.ts';
import type { NamespaceResult } from '../plan/clients/status/clients-view.ts';

/** Results by link of one namespace. */
export type ResultsOfNamespace = ReadonlyMap<string, NamespaceResult>;

export interface NamespaceResults {
  /** Takes the place of all that was known of the namespace. */
  note(namespace: string, results: ResultsOfNamespace): void;
  of(namespace: string, link: string): NamespaceResult | undefined;
}

/**
 * Creates an empty memory.
 * @param onChange told of each link for which something changed
 * @param metrics counts the namespaces by state
 */
export function createNamespaceResults(
  onChange: (link: string) => void,
  { namespaces }: Pick<Metrics, 'namespaces'>,
): NamespaceResults {
  for (const state of ['Ready', 'Waiting', 'Failing'] as const) namespaces.set({ state }, 0);
  const known = new Map<string, ResultsOfNamespace>();
  return {
    note(namespace, results) {
      const before = known.get(namespace) ?? new Map<string, NamespaceResult>();
      if (results.size === 0) known.delete(namespace);
      else known.set(namespace, results);
      for (const { state } of before.values()) namespaces.dec({ state });
      for (const { state } of results.values()) namespaces.inc({ state });
      for (const link of new Set([...before.keys(), ...results.keys()])) {
        if (!isSame(before.get(link), results.get(link))) onChange(link);
      }
    },
    of: (namespace, link) => known.get(namespace)?.get(link),
  };
}

function isSame(one: NamespaceResult | undefined, other: NamespaceResult | undefined): boolean {
  return (
    one?.basis === other?.basis && one?.state === other?.state && one?.message === other?.message
  );
}
