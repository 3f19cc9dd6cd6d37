import { addSubnet } from './subnets.ts';
import { addVpc } from './vpcs.ts';
import type { RegionState } from '../region.ts';

/** AWS's default VPC: 172.31.0.0/16 with DNS on and one /20 subnet in each zone. */
export function addDefaultVpc(region: RegionState): void {
  const vpc = addVpc(region, {
    cidr: '172.31.0.0/16',
    isDefault: true,
    enableDnsHostnames: true,
    tags: {},
  });
  for (const [index, zone] of region.zones.entries()) {
    const cidr = `172.31.${index * 16}.0/20`;
    addSubnet(region, { vpcId: vpc.id, zone: zone.name, cidr, defaultForZone: true, tags: {} });
  }
}
