/** Links of one input that want one private name in one VPC, which AWS gives to one endpoint only. */
import type { Problem } from '../plan/findings.ts';
import { partitionOfRegion } from '../plan/network/partitions.ts';
import { serviceNameOf } from '../plan/endpoint/service-catalogue.ts';
import type { StandaloneLink } from './link-files.ts';
import type { LinkPlan } from './link-plan.ts';

/**
 * The plans, each with a problem for every private name that a link before it takes. Each plan alone
 * would say that it works; whichever is applied second does not.
 *
 * @param links those of the plans, in the same order
 */
export function withRivals(
  plans: readonly LinkPlan[],
  links: readonly StandaloneLink[],
): readonly LinkPlan[] {
  const holders = new Map<string, string>();
  return plans.map((plan, index) => {
    const link = links[index];
    if (link === undefined || plan.vpcId === undefined) return plan;
    const problems: Problem[] = [];
    for (const service of privateServices(link)) {
      const key = [plan.account, plan.region, plan.vpcId, service].join(' ');
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, link.name);
      else problems.push(rivalry(service, plan.vpcId, holder));
    }
    if (problems.length === 0) return plan;
    const { findings } = plan;
    return { ...plan, findings: { ...findings, problems: [...findings.problems, ...problems] } };
  });
}

function privateServices({ spec }: StandaloneLink): readonly string[] {
  if (spec.suspend) return [];
  const partition = partitionOfRegion(spec.region);
  return spec.endpoints
    .filter(({ privateDNS }) => privateDNS)
    .map((entry) => serviceNameOf(entry, spec.region, partition));
}

function rivalry(service: string, vpcId: string, holder: string): Problem {
  return {
    subject: 'EndpointsAvailable',
    reason: 'PrivateDNSConflict',
    severity: 'stalled',
    message: `SageMakerPrivateLink ${holder} of this input wants the private name of ${service} in ${vpcId}, too, and AWS gives it to one endpoint only: take the service out of one of them, or set privateDNS: false there.`,
  };
}
