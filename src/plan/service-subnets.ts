/** In which of the chosen subnets one service can be reached. Pure. */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { SkippedSubnet } from './choose-subnets.ts';
import type { EndpointService, Subnet } from './facts.ts';
import type { Problem } from './findings.ts';
import { stalled } from './result.ts';

/** The chosen subnets that a service can be reached in, and the ones left out. */
export interface ServiceSubnets {
  readonly subnets: readonly Subnet[];
  readonly skipped: readonly SkippedSubnet[];
  readonly problems: readonly Problem[];
}

/**
 * Holds the chosen subnets against the zones of one service. AWS's list of zones shrinks at times;
 * an endpoint that is in a zone already stays there until the spec takes its subnet out.
 *
 * @param inUse subnets that the endpoint for this service is in
 */
export function subnetsForService(
  spec: SageMakerPrivateLinkSpec,
  service: EndpointService,
  chosen: readonly Subnet[],
  inUse: readonly string[],
): ServiceSubnets {
  // No zones in AWS's answer means that it did not say, not that there are none.
  const served = ({ id, zone }: Subnet): boolean =>
    service.zones.length === 0 || service.zones.includes(zone) || inUse.includes(id);
  const subnets = chosen.filter(served);
  const skipped = chosen
    .filter((subnet) => !served(subnet))
    .map(({ id, zone }) => ({ id, zone, reason: `${service.name} is not offered in ${zone}` }));
  const problems = skipped.length === 0 ? [] : zoneProblems(spec, service, { subnets, skipped });
  return { subnets, skipped, problems };
}

function zoneProblems(
  { subnets: { unsupportedZones } }: SageMakerPrivateLinkSpec,
  { name, zones }: EndpointService,
  { subnets, skipped }: Pick<ServiceSubnets, 'subnets' | 'skipped'>,
): readonly Problem[] {
  const where = skipped.map(({ id, zone }) => `${zone} (${id})`).join(', ');
  if (unsupportedZones === 'Fail') {
    return unsupportedZone(
      `${name} is not offered in ${where}. Choose subnets in ${zones.join(', ')}, or set spec.subnets.unsupportedZones: Skip.`,
    );
  }
  if (subnets.length > 0) return [];
  return unsupportedZone(
    `${name} is offered in none of the chosen zones: ${where}. Choose subnets in ${zones.join(', ')}.`,
  );
}

function unsupportedZone(message: string): readonly Problem[] {
  return stalled('NetworkResolved', 'UnsupportedZone', message).problems;
}
