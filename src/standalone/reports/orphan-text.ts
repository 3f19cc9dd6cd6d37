/** Orphans for people. Pure. */
import type { OrphanLink, OrphanResource } from '../../plan/ownership/orphans.ts';

/** The orphans of one account and region. */
export interface LocatedOrphans {
  readonly region: string;
  /** A name of the account map. */
  readonly account?: string;
  readonly orphans: readonly OrphanLink[];
}

/** One line for each link that is no more, and one for each of its resources. */
export function orphanLines(found: readonly LocatedOrphans[], now: Date): readonly string[] {
  return found.flatMap(({ region, account, orphans }) =>
    orphans.flatMap(({ owner, resources }) => [
      `SageMakerPrivateLink ${owner.name}, UID ${owner.uid}, is no more (${[region, account].filter((one) => one !== undefined).join(', ')}):`,
      ...resources.map((one) => `  ${resourceWords(one, now)}`),
    ]),
  );
}

/** How many resources there are. */
export function resourceCount(found: readonly LocatedOrphans[]): number {
  return found.flatMap(({ orphans }) => orphans.flatMap(({ resources }) => resources)).length;
}

/** One resource in one line, with its age. */
export function resourceWords(
  { kind, id, what, vpcId, createdAt }: OrphanResource,
  now: Date,
): string {
  const place = vpcId === undefined ? [] : [`in ${vpcId}`];
  const age = createdAt === undefined ? [] : [`made ${ageWords(createdAt, now)} ago`];
  return [`${kind} ${id}`, what, ...place, ...age].join(', ');
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function ageWords(createdAt: string, now: Date): string {
  const ageMs = Math.max(0, now.getTime() - Date.parse(createdAt));
  if (ageMs >= 2 * dayMs) return `${Math.floor(ageMs / dayMs)} days`;
  if (ageMs >= 2 * hourMs) return `${Math.floor(ageMs / hourMs)} hours`;
  return `${Math.floor(ageMs / minuteMs)} minutes`;
}
