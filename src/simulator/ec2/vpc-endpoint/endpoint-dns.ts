import { type CatalogueService, serviceKey } from '../../catalogue.ts';
import { stableNumber } from '../../ids.ts';
import { unsupported } from '../../unsupported.ts';
import { invalidParameter } from './endpoint-errors.ts';
import { holdsResources } from './endpoint-state.ts';
import type { Vpc, VpcEndpoint } from '../records.ts';
import type { RegionState } from '../region.ts';

/** The service of an endpoint; undefined when AWS does not offer it any more. */
export function serviceOf(
  region: RegionState,
  { serviceName: name, type }: Pick<VpcEndpoint, 'serviceName' | 'type'>,
): CatalogueService | undefined {
  return region.services.get(serviceKey({ name, type }));
}

export interface DnsEntry {
  readonly dnsName: string;
  readonly hostedZoneId: string;
}

/**
 * The names of an endpoint in AWS's order: the regional one, one for each zone, and the private
 * names last. The private zone has no id while the endpoint is pending.
 */
export function dnsEntriesOf(
  region: RegionState,
  endpoint: VpcEndpoint,
  state: string | undefined,
): DnsEntry[] {
  const service = serviceOf(region, endpoint);
  if (service === undefined || endpoint.type === 'Gateway') return [];
  const hostedZoneId = hostedZoneIdOf(`${region.name}/vpce`);
  const label = `${endpoint.id}-${endpoint.dnsHash}`;
  const zones = endpoint.interfaces.flatMap(
    ({ subnetId }) => region.subnets.get(subnetId)?.zone ?? [],
  );
  const own = [label, ...zones.map((zone) => `${label}-${zone}`)];
  const privateZoneId = state === 'pending' ? 'ZONEIDPENDING' : hostedZoneIdOf(endpoint.id);
  return [
    ...own.map((name) => ({ dnsName: `${name}.${service.baseDnsName}`, hostedZoneId })),
    ...(endpoint.privateDnsEnabled ? service.privateDnsNames : []).map((dnsName) => ({
      dnsName,
      hostedZoneId: privateZoneId,
    })),
  ];
}

function hostedZoneIdOf(text: string): string {
  return `Z${stableNumber(text, 2 ** 48)
    .toString(36)
    .toUpperCase()
    .padStart(12, '0')}`;
}

/** The needs of private DNS: the VPC's attributes, names of the service, and nobody else with them. */
export function checkPrivateDns(region: RegionState, vpc: Vpc, service: CatalogueService): void {
  if (/\.(s3|dynamodb)$/.test(service.name)) throw unsupported(`Private DNS of ${service.name}`);
  if (service.privateDnsNames.length === 0) {
    throw invalidParameter(
      `Private DNS can't be enabled because the service ${service.name} does not provide a private DNS name.`,
    );
  }
  if (!vpc.enableDnsSupport || !vpc.enableDnsHostnames) {
    throw invalidParameter(
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.id}`,
    );
  }
  const taken = takenNames(region, vpc.id);
  const conflict = service.privateDnsNames.find((name) => taken.has(domainOf(name)));
  if (conflict === undefined) return;
  throw invalidParameter(
    `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${conflict} in the VPC ${vpc.id}`,
  );
}

/** Domains that other endpoints (also those still deleting) and hosted zones have in the VPC. */
function takenNames(region: RegionState, vpcId: string): ReadonlySet<string> {
  const nowMs = region.ledger.now();
  const ofEndpoints = region.endpoints
    .listBy(vpcId)
    .filter((e) => e.privateDnsEnabled)
    .filter((endpoint) => holdsResources(endpoint, nowMs))
    .flatMap((e) => serviceOf(region, e)?.privateDnsNames ?? []);
  const ofHostedZones = region.hostedZones.get(vpcId) ?? [];
  return new Set([...ofEndpoints, ...ofHostedZones].map(domainOf));
}

/** A wildcard name lives in the zone of its parent. */
function domainOf(name: string): string {
  return name.replace(/^\*\./, '').toLowerCase();
}
