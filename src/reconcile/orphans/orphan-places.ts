import { type Cloud, CloudError } from '../../plan/cloud.ts';
import type { OrphanPlace } from './find-orphans.ts';

/** An account, a name of the account map or none, and a region. */
export interface Place {
  readonly account?: string | undefined;
  readonly region: string;
}

/**
 * The clouds of the places where orphans are looked for. A name that the account map does not have
 * (any more) is left out.
 */
export function orphanPlaces<P extends { readonly place: Place }>(
  all: readonly P[],
  of: { readonly cloud: (one: P) => Cloud; readonly policiesElsewhere: (place: Place) => boolean },
): readonly OrphanPlace[] {
  return all.flatMap((one) => {
    const { account, region } = one.place;
    const named = { region, ...(account === undefined ? {} : { account }) };
    try {
      const policiesElsewhere = of.policiesElsewhere(one.place);
      return [{ ...named, cloud: of.cloud(one), policiesElsewhere }];
    } catch (error) {
      if (error instanceof CloudError) return [];
      throw error;
    }
  });
}
