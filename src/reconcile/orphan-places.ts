import { type Cloud, CloudError } from '../plan/cloud.ts';
import type { OrphanPlace } from './find-orphans.ts';

/** Where a link is, as its spec says it. */
interface Place {
  readonly account?: string;
  readonly region: string;
}

/**
 * Where orphans are looked for: every account and region that links are in, or were in as long as
 * the process lives. A name that the account map does not have (any more) is left out.
 */
export function orphanPlaces(
  cloudFor: (location: Place) => Cloud,
): (specs: readonly Place[]) => readonly OrphanPlace[] {
  const known = new Map<string, Place>();
  return (specs) => {
    for (const { account, region } of specs) {
      const place = { region, ...(account === undefined ? {} : { account }) };
      known.set(JSON.stringify([account, region]), place);
    }
    return [...known.values()].flatMap((place) => {
      try {
        return [{ ...place, cloud: cloudFor(place) }];
      } catch (error) {
        if (error instanceof CloudError) return [];
        throw error;
      }
    });
  };
}
