/** In which of the chosen subnets one service can be reached. Pure. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { SkippedSubnet, SubnetSelection } from './choose-subnets.ts';
import type { EndpointService, Subnet } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { stalled } from '../findings.ts';

/** The chosen subnets that a service can be reached in, and the ones left out. */
export interface ServiceSubnets {
  readonly subnets: readonly Subnet[];
  readonly skipped: readonly SkippedSubnet[];
  readonly problems: readonly Problem[];
}

/** Ids of subnets as one endpoint has them. */
export interface EndpointSubnets {
  /** Those that it is in. */
  readonly inUse: readonly string[];
  /** The zones of those, as far as they are known. */
  readonly zonesInUse: readonly string[];
  /** Those that the spec gives it a fixed address in. */
  readonly fixed: readonly string[];
}

/**
 * Holds the chosen subnets against the zones of one service. AWS's list of zones shrinks at times;
 * an endpoint that is in a zone already stays there until the spec takes the zone out: another subnet
 * of it could not take over.
 *
 * Where several subnets of a zone can be used, the endpoint is in the one that has a fixed address
 * of it, else it stays in the one it is in: that others of the link are in another one, or that it
 * has more free addresses by now, is no reason to move.
 */
export function subnetsForService(
  spec: SageMakerPrivateLinkSpec,
  service: EndpointService,
  selection: Pick<SubnetSelection, 'subnets' | 'usable' | 'problems'>,
  { inUse, zonesInUse, fixed }: EndpointSubnets,
): ServiceSubnets {
  const inZone = ({ zone }: Subnet, ids: readonly string[]): Subnet | undefined =>
    selection.usable.find((one) => one.zone === zone && ids.includes(one.id));
  const chosen = selection.subnets.map((one) => inZone(one, fixed) ?? inZone(one, inUse) ?? one);
  // No zones in AWS's answer means that it did not say, not that there are none.
  const served = ({ id, zone }: Subnet): boolean =>
    service.zones.length === 0 || service.zones.includes(zone) || inUse.includes(id);
  const subnets = chosen.filter(served);
  const skipped = chosen
    .filter((subnet) => !served(subnet))
    .map(({ id, zone }) => ({ id, zone, reason: `${service.name} is not offered in ${zone}` }));
  const isCertain = selection.problems.length === 0;
  const held = skipped.filter(({ zone }) => zonesInUse.includes(zone));
  const problems =
    skipped.length === 0 ? [] : zoneProblems(spec, service, { subnets, skipped, held, isCertain });
  return { subnets, skipped, problems };
}

function zoneProblems(
  { subnets: { unsupportedZones } }: SageMakerPrivateLinkSpec,
  { name, zones }: EndpointService,
  {
    subnets,
    skipped,
    held,
    isCertain,
  }: Pick<ServiceSubnets, 'subnets' | 'skipped'> & {
    /** Those in whose zones the endpoint is. */
    readonly held: readonly SkippedSubnet[];
    readonly isCertain: boolean;
  },
): readonly Problem[] {
  const where = placeWords(skipped);
  if (unsupportedZones === 'Fail') {
    return unsupportedZone(
      `${name} is not offered in ${where}. Choose subnets in ${zones.join(', ')}, or set spec.subnets.unsupportedZones: Skip.`,
    );
  }
  if (held.length > 0) {
    return unsupportedZone(
      `${name} is not offered in ${placeWords(held)} any more, so the endpoint keeps the subnets that it has. List the ones that it is in there, or take the zone out of spec.subnets.`,
    );
  }
  // A subnet that is kept out for another reason may be in a zone that is served.
  if (subnets.length > 0 || !isCertain) return [];
  return unsupportedZone(
    `${name} is offered in none of the chosen zones: ${where}. Choose subnets in ${zones.join(', ')}.`,
  );
}

function placeWords(subnets: readonly SkippedSubnet[]): string {
  return subnets.map(({ id, zone }) => `${zone} (${id})`).join(', ');
}

function unsupportedZone(message: string): readonly Problem[] {
  return [stalled('NetworkResolved', 'UnsupportedZone', message)];
}
