import type { View } from '../../ledger.ts';
import { AwsError } from '../../protocol/error.ts';
import { invalidValue } from '../../protocol/form.ts';
import { existing, idKinds } from '../errors.ts';
import { interfacesOf } from '../network/interfaces.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule, Tags } from '../records.ts';
import type { RegionState } from '../region.ts';

export interface NewGroup {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

const allowedText = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** Makes a group with AWS's egress rules: everything, in each IP version that the VPC has. */
export function createGroup(region: RegionState, wanted: NewGroup): SecurityGroup {
  checkName(region, wanted);
  return newGroup(region, wanted);
}

function newGroup(region: RegionState, wanted: NewGroup): SecurityGroup {
  const vpc = existing(idKinds.vpc, wanted.vpcId, region.vpcs.get(wanted.vpcId));
  if (!allowedText.test(wanted.description)) {
    throw invalidValue(
      'GroupDescription',
      wanted.description,
      'Character sets beyond ASCII are not supported.',
    );
  }
  const group = { id: region.ids.resource('sg'), ...wanted };
  region.groups.put(group.id, group);
  const peers: RulePeer[] = [{ kind: 'ipv4', cidr: '0.0.0.0/0' }];
  if (vpc.ipv6Cidrs.length > 0) peers.push({ kind: 'ipv6', cidr: '::/0' });
  for (const peer of peers) {
    const id = region.ids.resource('sgr');
    const everything = { protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
    region.rules.put(id, { id, groupId: group.id, isEgress: true, peer, ...everything });
  }
  return group;
}

/** The group that every VPC has: members may talk to each other. */
export function addDefaultGroup(region: RegionState, vpcId: string): void {
  const name = 'default';
  const description = 'default VPC security group';
  const group = newGroup(region, { name, description, vpcId, tags: {} });
  const id = region.ids.resource('sgr');
  const peer = { kind: 'group', groupId: group.id } as const;
  const everything = { protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
  region.rules.put(id, { id, groupId: group.id, isEgress: false, peer, ...everything });
}

/** Names are unique in a VPC, whatever their case. */
function checkName(region: RegionState, { name, vpcId }: NewGroup): void {
  if (name.toLowerCase() === 'default') {
    throw new AwsError('InvalidGroup.Reserved', `Cannot use reserved security group name: ${name}`);
  }
  if (name.toLowerCase().startsWith('sg-')) {
    throw invalidValue('GroupName', name, 'Group names may not be in the format sg-*.');
  }
  if (!allowedText.test(name)) {
    throw invalidValue('GroupName', name, 'Character sets beyond ASCII are not supported.');
  }
  const taken = region.groups
    .listBy(vpcId)
    .some((group) => group.name.toLowerCase() === name.toLowerCase());
  if (!taken) return;
  throw new AwsError(
    'InvalidGroup.Duplicate',
    `The security group '${name}' already exists for VPC '${vpcId}'`,
  );
}

/** Deletes a group that nothing uses: no interface, and no rule of another group. */
export function deleteGroup(region: RegionState, group: SecurityGroup): void {
  if (group.name === 'default') {
    throw new AwsError(
      'CannotDelete',
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  }
  const used =
    interfacesOf(region).some(({ groupIds }) => groupIds.includes(group.id)) ||
    region.groupVpcs.list().some(({ groupId }) => groupId === group.id) ||
    region.rules.list().some((rule) => holds(region, rule, group));
  if (used) {
    throw new AwsError('DependencyViolation', `resource ${group.id} has a dependent object`);
  }
  for (const rule of rulesOf(region, group.id)) region.rules.delete(rule.id);
  region.groups.delete(group.id);
}

/** A rule of a peered VPC does not hold the group: it becomes stale (VPC peering guide). */
function holds(region: RegionState, rule: SecurityGroupRule, group: SecurityGroup): boolean {
  if (rule.groupId === group.id || rule.peer.kind !== 'group') return false;
  return rule.peer.groupId === group.id && region.groups.get(rule.groupId)?.vpcId === group.vpcId;
}

export function rulesOf(region: RegionState, groupId: string, view?: View): SecurityGroupRule[] {
  return region.rules.listBy(groupId, view);
}
