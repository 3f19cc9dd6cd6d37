/** Resources of links that are no more, as checks of the places where they are. */
import type { OrphanLink } from '../../plan/ownership/orphans.ts';
import {
  findOrphans,
  type OrphanPlace,
  type OrphanSearch,
} from '../../reconcile/orphans/find-orphans.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { Check } from '../../standalone/reports/doctor-report.ts';
import { resourceWords } from '../../standalone/reports/orphan-text.ts';

const area = 'orphans';

/** The checks of each place. One that gives no answer keeps the others from none. */
export async function checkOrphans(
  search: Pick<OrphanSearch, 'clusterId' | 'places' | 'living' | 'signal'>,
): Promise<ReadonlyMap<OrphanPlace, readonly Check[]>> {
  const unknown = new Map<OrphanPlace, Check>();
  const found = await findOrphans({
    ...search,
    maxAgeMs: 0,
    foreignPolicies: new Set(),
    onSkipped: (place, { message }) =>
      unknown.set(place, { area, subject: 'not looked for', outcome: 'unknown', message }),
  });
  const now = systemClock().wallTime();
  const checksOf = (place: OrphanPlace): readonly Check[] => {
    const orphans = found.filter((one) => one.place === place).flatMap((one) => one.orphans);
    const without = unknown.get(place);
    const seen = orphans.map((one) => warning(one, now));
    if (without !== undefined) return [...seen, without];
    return seen.length > 0 ? seen : [none];
  };
  return new Map(search.places.map((place) => [place, checksOf(place)]));
}

const none: Check = {
  area,
  subject: 'none',
  outcome: 'ok',
  message: 'each resource with the id of this cluster has its link',
};

function warning({ owner, resources }: OrphanLink, now: Date): Check {
  const left = resources.map((one) => resourceWords(one, now)).join('; ');
  return {
    area,
    subject: `SageMakerPrivateLink ${owner.name}`,
    outcome: 'warning',
    message: `UID ${owner.uid} is no more, and left ${left}.`,
    advice: 'prune shows what is left and deletes it on confirmation.',
  };
}
