import { createGroup } from './security-groups.ts';
import { addSubnet } from './subnets.ts';
import { addVpc } from './vpcs.ts';
import type { RegionState } from './region.ts';

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

/** The group that every VPC has: members may talk to each other. */
export function addDefaultGroup(region: RegionState, vpcId: string): void {
  const name = 'default';
  const description = 'default VPC security group';
  const group = createGroup(region, { name, description, vpcId, tags: {} });
  const id = region.ids.resource('sgr');
  const peer = { kind: 'group', groupId: group.id } as const;
  const everything = { protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
  region.rules.put(id, { id, groupId: group.id, isEgress: false, peer, ...everything });
}
