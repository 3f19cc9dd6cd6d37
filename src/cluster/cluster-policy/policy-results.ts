/** How the cluster-scoped policy of each link is, kept in memory: every pass makes it anew. */
import type { ClusterPolicyResult } from '../../plan/clients/status/clients-view.ts';

export interface PolicyResults {
  /** Takes the place of all that was known; undefined for a link of which nothing is left. */
  note(link: string, result: ClusterPolicyResult | undefined): void;
  of(link: string): ClusterPolicyResult | undefined;
  /** Names of links that have a result. */
  names(): readonly string[];
  /** Names of links whose policy holds their pods. */
  inForce(): ReadonlySet<string>;
}

/**
 * Creates an empty memory.
 * @param onChange told of each link for which something changed, and whether that is its force
 */
export function createPolicyResults(
  onChange: (link: string, isForceChanged: boolean) => void,
): PolicyResults {
  const known = new Map<string, ClusterPolicyResult>();
  return {
    note(link, result) {
      const before = known.get(link);
      if (result === undefined) known.delete(link);
      else known.set(link, result);
      if (JSON.stringify(before) === JSON.stringify(result)) return;
      onChange(link, (before?.inForce ?? false) !== (result?.inForce ?? false));
    },
    of: (link) => known.get(link),
    names: () => [...known.keys()],
    inForce: () => new Set([...known].flatMap(([link, { inForce }]) => (inForce ? [link] : []))),
  };
}
