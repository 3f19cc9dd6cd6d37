/** What `apply` or `delete` would do, without doing it. */
import type { Action } from '../plan/actions.ts';
import type { Cloud } from '../plan/cloud.ts';
import type { Note } from '../plan/findings.ts';
import { type Findings, findingsOf, type PassEnd } from '../plan/pass-end.ts';
import type { Patience } from '../plan/sightings.ts';
import { runPass } from '../reconcile/pass.ts';
import { rememberedFrom } from '../reconcile/remembered.ts';
import type { StandaloneLink } from './link-files.ts';
import { type PlanningCloud, planningCloud } from './planning-cloud.ts';

/** A plan for people and machines. */
export interface LinkPlan {
  readonly name: string;
  readonly region: string;
  readonly account?: string;
  readonly vpcId?: string;
  readonly actions: readonly Action[];
  readonly findings: Findings;
  /** What people should know before they apply. */
  readonly notes: readonly Note[];
}

interface PlanningInput {
  readonly link: StandaloneLink;
  readonly goal: 'present' | 'absent';
  readonly cloud: Cloud;
  readonly signal: AbortSignal;
}

/** A plan that takes more passes than this has a fault; what it found so far is shown. */
const mostPasses = 30;

/**
 * Plans one link against what is at AWS now, to the end: also what can only be done when AWS has
 * finished something else, such as private DNS of an endpoint that does not exist yet.
 *
 * @throws the signal's reason when it aborts
 */
export async function planLinkChanges(input: PlanningInput): Promise<LinkPlan> {
  const { link } = input;
  const cloud = planningCloud(input.cloud, link.owner);
  const first = await imaginePass(input, cloud);
  const ends = [first];
  // What AWS is busy with now holds back the rest; that is part of the plan too.
  let goesOn = first.done.length > 0 || findingsOf(first).waits.length > 0;
  while (goesOn && ends.length < mostPasses) {
    cloud.letTimePass();
    const end = await imaginePass(input, cloud);
    ends.push(end);
    goesOn = end.done.length > 0;
  }
  return cloud.worded(planFrom(link, ends));
}

/** In a plan everything has taken the time that it takes. */
const allSettled: Patience = {
  dnsSettleMs: 0,
  iamSettleMs: 0,
  wayDeadlineMs: Number.POSITIVE_INFINITY,
};

function imaginePass(
  { link, goal, signal }: PlanningInput,
  cloud: PlanningCloud,
): Promise<PassEnd> {
  const now = cloud.now();
  return runPass({
    owner: link.owner,
    spec: link.spec,
    goal,
    remembered: rememberedFrom({}, 1, false),
    mend: true,
    absenceIsFinal: true,
    elapsed: { sightings: {}, patience: allSettled },
    cloud,
    freshness: { resourcesSince: now, networkSince: now },
    signal,
  });
}

function planFrom(link: StandaloneLink, ends: readonly PassEnd[]): LinkPlan {
  const [first, last] = [ends[0], ends.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no pass was made');
  const { Caller: caller } = last.observation.answers;
  const { problems, waits } = findingsOf(last);
  const isBusy = first.done.length === 0;
  return {
    name: link.name,
    region: link.spec.region,
    ...(caller === undefined ? {} : { account: caller.account }),
    ...(last.plan.vpc === undefined ? {} : { vpcId: last.plan.vpc.id }),
    actions: ends.flatMap(({ done }) => done),
    findings: {
      problems,
      waits: distinct([...(isBusy ? findingsOf(first).waits : []), ...waits]),
    },
    notes: distinct(ends.flatMap(({ notes }) => notes)),
  };
}

/** Without those that say the same. */
function distinct<T extends { readonly message: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [one.message, one])).values()];
}
