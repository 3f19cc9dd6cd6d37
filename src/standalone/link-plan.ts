/** What `apply` or `delete` would do, without doing it. */
import type { Action } from '../plan/actions.ts';
import type { Cloud } from '../plan/cloud.ts';
import { type Findings, findingsOf } from '../plan/pass-end.ts';
import { runPass } from '../reconcile/pass.ts';
import { rememberedFrom } from '../reconcile/remembered.ts';
import type { StandaloneLink } from './link-files.ts';
import { planningCloud } from './planning-cloud.ts';

/** A plan for people and machines. */
export interface LinkPlan {
  readonly name: string;
  readonly region: string;
  readonly account?: string;
  readonly vpcId?: string;
  readonly actions: readonly Action[];
  readonly findings: Findings;
}

/**
 * Plans one link against what is at AWS now.
 *
 * @throws the signal's reason when it aborts
 */
export async function planLinkChanges(input: {
  readonly link: StandaloneLink;
  readonly clusterId: string;
  readonly goal: 'present' | 'absent';
  readonly cloud: Cloud;
  readonly signal: AbortSignal;
}): Promise<LinkPlan> {
  const { link, clusterId, goal, signal } = input;
  const cloud = planningCloud(input.cloud);
  const now = cloud.now();
  const end = await runPass({
    owner: { clusterId, uid: link.uid, name: link.name },
    spec: link.spec,
    goal,
    remembered: rememberedFrom({}, 1, false),
    mend: true,
    absenceIsFinal: true,
    cloud,
    freshness: { resourcesSince: now, networkSince: now },
    signal,
  });
  const { Caller: caller } = end.observation.answers;
  return {
    name: link.name,
    region: link.spec.region,
    ...(caller === undefined ? {} : { account: caller.account }),
    ...(end.plan.vpc === undefined ? {} : { vpcId: end.plan.vpc.id }),
    actions: end.done,
    findings: findingsOf(end),
  };
}
