import type { LocatedOrphans } from './orphan-text.ts';
import type { LinkRun } from './run-report.ts';

/**
 * The one JSON document of `prune`.
 *
 * @param runs how the deletion of each link that is no more ended, by its UID; absent: kept
 */
export function pruneJson(
  clusterId: string,
  found: readonly LocatedOrphans[],
  runs: ReadonlyMap<string, LinkRun>,
): string {
  const orphans = found
    .filter((place) => place.orphans.length > 0)
    .map((place) => ({
      ...place,
      orphans: place.orphans.map((one) => {
        const run = runs.get(one.owner.uid);
        if (run === undefined) return { ...one, outcome: 'kept' };
        const { outcome, cutOff, problems } = run;
        return { ...one, outcome, ...(cutOff === undefined ? {} : { cutOff }), problems };
      }),
    }));
  return `${JSON.stringify({ clusterId, orphans }, undefined, 2)}\n`;
}
