import type { LookOf } from '../observation.ts';

/** Asks for all endpoints of a VPC for these services, whoever owns them. */
export function vpcEndpointsLook(
  vpcId: string,
  serviceNames: readonly string[],
): LookOf<'VpcEndpoints'> {
  return { kind: 'VpcEndpoints', vpcId, serviceNames };
}

/** Asks how many addresses are free in the subnets of a VPC now. */
export function freeAddressesLook(vpcId: string): LookOf<'FreeAddresses'> {
  return { kind: 'FreeAddresses', vpcId };
}
