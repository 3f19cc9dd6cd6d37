/** The report of `status`: for people and for machines. Pure. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { PlaceOrphans } from '../../reconcile/orphans/find-orphans.ts';
import { type LocatedOrphans, orphanLines, resourceCount } from './orphan-text.ts';

/** One link, in the words of its condition Ready. */
export interface LinkState {
  readonly name: string;
  readonly region: string;
  /** A name of the account map. */
  readonly account?: string;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** An account and region that was looked at, and who looked. */
export interface LookedAt {
  readonly region: string;
  readonly account?: string;
  readonly accountId: string;
  readonly caller: string;
}

/** A cluster's links, and what AWS has with its id and no link. */
export interface StatusReport {
  readonly clusterId: string;
  readonly places: readonly LookedAt[];
  readonly links: readonly LinkState[];
  readonly orphans: readonly LocatedOrphans[];
}

/** Puts the report together. */
export function statusReport(
  clusterId: string,
  links: readonly SageMakerPrivateLink[],
  found: readonly PlaceOrphans[],
): StatusReport {
  return {
    clusterId,
    places: found.map(({ place, caller }) => ({
      ...locationOf(place),
      accountId: caller.account,
      caller: caller.arn,
    })),
    links: links.map(linkState),
    orphans: locatedOrphans(found).filter(({ orphans }) => orphans.length > 0),
  };
}

/** Orphans with their places in words of flags and specs. */
export function locatedOrphans(found: readonly PlaceOrphans[]): readonly LocatedOrphans[] {
  return found.map(({ place, orphans }) => ({ ...locationOf(place), orphans }));
}

function locationOf({ region, account }: PlaceOrphans['place']) {
  return { region, ...(account === undefined ? {} : { account }) };
}

function linkState({ metadata: { name }, spec, status }: SageMakerPrivateLink): LinkState {
  const { region, account } = spec;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const { reason = 'NotLookedAtYet', message = 'The operator has not looked at it yet.' } =
    ready ?? {};
  const state = ready?.status ?? 'Unknown';
  const where = { region, ...(account === undefined ? {} : { account }) };
  return { name, ...where, ready: state, reason, message };
}

/** Whether nothing of it needs anybody. */
export function isWell({ links, orphans }: StatusReport): boolean {
  return resourceCount(orphans) === 0 && links.every(({ ready }) => ready === 'True');
}

/** The report for people. */
export function statusLines(report: StatusReport, now: Date): readonly string[] {
  const { links, orphans, places } = report;
  const count = resourceCount(orphans);
  const hint = count > 0 ? ' See sagemaker-privatelink prune.' : '';
  return [
    ...places.map(
      ({ region, account, accountId, caller }) =>
        `AWS ${[account, accountId, region].filter((one) => one !== undefined).join(', ')}: reached as ${caller}`,
    ),
    ...links.map(linkLine),
    ...orphanLines(orphans, now),
    `${links.length} ${links.length === 1 ? 'link' : 'links'}, ${count} ${count === 1 ? 'resource' : 'resources'} without a link.${hint}`,
  ];
}

function linkLine({ name, region, ready, reason, message }: LinkState): string {
  const why = ready === 'True' ? '' : `: ${message}`;
  return `${name} (${region}): Ready=${ready} (${reason})${why}`;
}
