import type { Caller } from '../../plan/facts.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import type { LinkPlan } from '../../standalone/link-plan.ts';

/** Resources of a kind that are to be made, and by how many links. */
export interface PlannedUse {
  readonly count: number;
  readonly links: number;
}

/** The parts of a planned link that its quotas depend on. */
export interface Planned {
  readonly link: { readonly spec: Pick<StandaloneLink['spec'], 'region'> };
  readonly plan: {
    readonly vpcId?: string | undefined;
    readonly actions: readonly Pick<LinkPlan['actions'][number], 'kind'>[];
  };
  readonly caller: Pick<Caller, 'account'>;
}

/**
 * The use of quotas that the link shares with the others: endpoints of its VPC, security groups of
 * its account and region. Pure.
 *
 * @param all with the link itself
 */
export function plannedUse(
  one: Planned,
  all: readonly Planned[],
): { readonly endpoints: PlannedUse; readonly securityGroups: PlannedUse } {
  const inPlace = all.filter(
    ({ link, caller }) =>
      caller.account === one.caller.account && link.spec.region === one.link.spec.region,
  );
  const inVpc = inPlace.filter(({ plan }) => plan.vpcId === one.plan.vpcId);
  return {
    endpoints: useOf(inVpc, 'CreateVpcEndpoint'),
    securityGroups: useOf(inPlace, 'CreateSecurityGroup'),
  };
}

function useOf(all: readonly Planned[], kind: string): PlannedUse {
  const counts = all
    .map(({ plan }) => plan.actions.filter((action) => action.kind === kind).length)
    .filter((count) => count > 0);
  return { count: counts.reduce((sum, count) => sum + count, 0), links: counts.length };
}
