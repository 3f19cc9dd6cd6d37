import { dnsEntriesOf } from '../ec2/vpc-endpoint/endpoint-dns.ts';
import { takesTraffic } from '../ec2/vpc-endpoint/resolver.ts';
import type { World } from '../world.ts';

/** The place behind the name that a client dialled. */
export type Dialled =
  /** A name of the service itself, or of this machine: it says nothing of an endpoint. */
  | { readonly kind: 'service' }
  /** The own name of an endpoint that takes traffic. */
  | { readonly kind: 'endpoint'; readonly endpointId: string }
  /** The own name of an endpoint that is not there or takes no traffic: no address answers. */
  | { readonly kind: 'nobody' };

/** @param host lower-cased, without a port */
export function dialled(world: World, host: string): Dialled {
  if (!/^vpce-[^.]+\..*\bvpce\./.test(host)) return { kind: 'service' };
  for (const region of world.knownRegions()) {
    const endpoint = region.endpoints
      .list()
      .find((one) => dnsEntriesOf(region, one, undefined).some(({ dnsName }) => dnsName === host));
    if (endpoint === undefined) continue;
    if (!takesTraffic(region, endpoint)) return { kind: 'nobody' };
    return { kind: 'endpoint', endpointId: endpoint.id };
  }
  return { kind: 'nobody' };
}
