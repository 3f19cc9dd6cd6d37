/** A plan of `apply` or `delete`, without its execution. */
import { isDeepStrictEqual } from 'node:util';
import type { Cloud } from '../plan/cloud.ts';
import type { Note } from '../plan/findings.ts';
import type { Findings, PassEnd } from '../plan/pass-end.ts';
import type { Patience } from '../plan/sightings.ts';
import type { Remembered } from '../plan/plan-input.ts';
import { runPass } from '../reconcile/pass.ts';
import { type MonthlyCost, monthlyCost, type Prices, usualPrices } from './monthly-cost.ts';
import { rememberedFrom } from '../plan/report/remembered.ts';
import type { StandaloneLink } from './link-files.ts';
import { operatorNotes } from './operator-notes.ts';
import { type PlannedAction, plannedAction } from './planned-action.ts';
import { serviceFindings } from './service-findings.ts';
import { type PlanningCloud, planningCloud } from './planning-cloud.ts';
import { callerIn } from '../plan/network/caller-in.ts';
import { allFound } from '../plan/observation.ts';

/** A plan for people and machines. */
export interface LinkPlan {
  readonly name: string;
  readonly region: string;
  readonly account?: string;
  readonly vpcId?: string;
  readonly actions: readonly PlannedAction[];
  readonly findings: Findings;
  /** Of the link when all is done; absent while its subnets are not known. */
  readonly cost?: MonthlyCost;
  /** Known before anybody applies: warnings, and what the operator would leave as it is. */
  readonly notes: readonly PlanNote[];
}

export interface PlanNote {
  readonly reason:
    | Note['reason']
    | 'Suspended'
    | 'DriftDetected'
    | 'Clients'
    | 'DriftPolicy'
    | 'PendingAcceptance';
  readonly message: string;
}

interface PlanningInput {
  readonly link: StandaloneLink;
  readonly goal: 'present' | 'absent';
  readonly cloud: Cloud;
  readonly signal: AbortSignal;
  /** @default those of us-east-1, without data */
  readonly prices?: Prices;
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
  if (input.goal === 'present' && link.spec.suspend) return suspendedPlan(link);
  const cloud = planningCloud(input.cloud, link.owner);
  const first = await imaginePass(input, cloud);
  const ends = [first];
  // Work that AWS is busy with now holds back the rest; that is part of the plan too.
  let goesOn = first.done.length > 0 || first.findings.waits.length > 0;
  while (goesOn && ends.length < mostPasses) {
    cloud.letTimePass();
    const end = await imaginePass(input, cloud);
    ends.push(end);
    goesOn = end.done.length > 0;
  }
  const plan = planFrom(input, ends, cloud);
  return cloud.worded(input.goal === 'present' ? withServices(plan, link, cloud) : plan);
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
    remembered: rememberedOf(link),
    repair: goal === 'absent' || !isReportOnly(link),
    absenceIsFinal: true,
    elapsed: { sightings: {}, patience: allSettled },
    ports: { AWS: cloud },
    freshness: { resourcesSince: now, networkSince: now },
    signal,
  });
}

function planFrom(
  { link, goal, prices = usualPrices }: PlanningInput,
  ends: readonly PassEnd[],
  cloud: PlanningCloud,
): LinkPlan {
  const [first, last] = [ends[0], ends.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no pass was made');
  const caller = callerIn(last.observation);
  const { problems, waits } = last.findings;
  const isBusy = first.done.length === 0;
  return {
    name: link.name,
    region: link.spec.region,
    ...(caller === undefined ? {} : { account: caller.account }),
    ...(last.plan.vpc === undefined ? {} : { vpcId: last.plan.vpc.id }),
    ...(goal === 'present' ? costOf(last, prices) : {}),
    actions: ends.flatMap(({ done }) => done).map((one) => plannedAction(one, cloud.asIs())),
    findings: {
      problems,
      waits: distinct([...(isBusy ? first.findings.waits : []), ...waits]),
    },
    notes: distinct([...driftNotes(link, first), ...ends.flatMap(({ notes }) => notes)]),
  };
}

/** An estimate of a part would pass for one of the whole. */
function costOf({ plan: { desired } }: PassEnd, prices: Prices): Pick<LinkPlan, 'cost'> {
  const isKnown = desired.length > 0 && desired.every(({ subnets }) => subnets.length > 0);
  if (!isKnown) return {};
  const endpointZones = desired.reduce((sum, { subnets }) => sum + subnets.length, 0);
  return { cost: monthlyCost(endpointZones, prices) };
}

function withServices(plan: LinkPlan, link: StandaloneLink, cloud: PlanningCloud): LinkPlan {
  const { spec } = link;
  const { problems, notes } = serviceFindings(spec, allFound(cloud.asIs(), 'EndpointServices'));
  const { findings } = plan;
  return {
    ...plan,
    findings: { ...findings, problems: distinct([...findings.problems, ...problems]) },
    notes: [...plan.notes, ...notes, ...operatorNotes(link)],
  };
}

function suspendedPlan({ name, spec }: StandaloneLink): LinkPlan {
  const message = 'spec.suspend is true: nothing is looked at or changed until it is false.';
  return {
    name,
    region: spec.region,
    actions: [],
    findings: { problems: [], waits: [] },
    notes: [{ reason: 'Suspended', message }],
  };
}

/** The memory of the operator that runs the link: the status of its object. */
function rememberedOf({ object }: StandaloneLink): Remembered {
  return rememberedFrom(object?.status ?? {}, object?.metadata.generation ?? 1, false);
}

/** True if the operator would only report what differs: nothing new is in the spec. */
function isReportOnly({ spec, object }: StandaloneLink): boolean {
  if (object === undefined || spec.driftPolicy === 'Repair') return false;
  const isApplied = object.status?.appliedGeneration === object.metadata.generation;
  return isApplied && isDeepStrictEqual(object.spec, spec);
}

function driftNotes(link: StandaloneLink, { plan }: PassEnd): readonly PlanNote[] {
  if (!isReportOnly(link) || plan.actions.length === 0) return [];
  const count = plan.differences.length;
  const message = `spec.driftPolicy is Report: ${count} ${count === 1 ? 'difference stays' : 'differences stay'} as ${count === 1 ? 'it is' : 'they are'} (status.drift).`;
  return [{ reason: 'DriftDetected', message }];
}

/** Without those that say the same. */
function distinct<T extends { readonly message: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [one.message, one])).values()];
}
