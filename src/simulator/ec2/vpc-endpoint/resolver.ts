import { serviceOf } from './endpoint-dns.ts';
import { endpointState } from './endpoint-state.ts';
import type { VpcEndpoint } from '../records.ts';
import type { RegionState } from '../region.ts';

/** The answer of a VPC's resolver for a private name of a service. */
export interface Resolution {
  readonly endpointId: string;
  /** Whether the endpoint takes traffic. A name answers before its endpoint does. */
  readonly isServing: boolean;
}

/**
 * The endpoint that a name leads to inside of a VPC; undefined: the name is that of the internet.
 * Names answer while their endpoint is still pending (an outage for those who used the service over
 * the internet), and come and go for resolvers after the lag of DNS.
 */
export function resolve(region: RegionState, vpcId: string, name: string): Resolution | undefined {
  const endpoint = region.endpoints
    .list()
    .find((e) => e.vpcId === vpcId && hasName(region, e, name) && answers(region, e));
  if (endpoint === undefined) return undefined;
  return { endpointId: endpoint.id, isServing: takesTraffic(region, endpoint) };
}

function hasName(region: RegionState, endpoint: VpcEndpoint, name: string): boolean {
  const names = serviceOf(region, endpoint)?.privateDnsNames ?? [];
  return names.some((own) => (own.startsWith('*.') ? name.endsWith(own.slice(1)) : name === own));
}

function answers({ ledger, settings }: RegionState, endpoint: VpcEndpoint): boolean {
  const seenAtMs = ledger.now() - settings.dnsLagMs;
  const { privateDnsEnabled, privateDnsChangedAtMs: changedAtMs, deletion } = endpoint;
  if (deletion !== undefined && seenAtMs >= deletion.deletedAtMs) return false;
  const isKnown = changedAtMs === undefined || seenAtMs >= changedAtMs;
  return isKnown ? privateDnsEnabled : !privateDnsEnabled;
}

/** A change keeps an endpoint pending that goes on serving; a new one does not serve yet. */
export function takesTraffic({ ledger }: RegionState, endpoint: VpcEndpoint): boolean {
  const state = endpointState(endpoint, ledger.now());
  return state === 'available' || (state === 'pending' && endpoint.pendingFor === 'modify');
}
