import { AwsError } from '../../protocol/error.ts';
import { type Form, invalidValue, missingParameter, textOf } from '../../protocol/form.ts';
import { existing, idKinds } from '../errors.ts';
import { activePeering } from '../network/peerings.ts';
import type { RulePeer, SecurityGroup } from '../records.ts';
import type { RegionState } from '../region.ts';

/**
 * The group that `Groups.N` of a permission names, in the VPC of the rule or in a peered one. A
 * group of another account is found by its `UserId` only: with reports both ways, the stricter one.
 */
export function groupPeer(region: RegionState, vpcId: string, form: Form): RulePeer {
  const owner = ownerIn(region, textOf(form, 'UserId'));
  const group = groupNamed(region, owner, form);
  checkNetworks(region, vpcId, owner, group);
  const userId = owner === region ? undefined : owner.accountId;
  return { kind: 'group', groupId: group.id, userId };
}

function ownerIn(region: RegionState, userId: string | undefined): RegionState {
  if (userId === undefined || userId === '' || userId === region.accountId) return region;
  if (/^\d{12}$/.test(userId)) return region.inAccount(userId);
  throw invalidValue('UserId', userId, 'Invalid user id.');
}

/** By its id, or by its name in the default VPC. */
function groupNamed(region: RegionState, owner: RegionState, form: Form): SecurityGroup {
  const id = textOf(form, 'GroupId');
  if (id !== undefined) return existing(idKinds.group, id, owner.groups.get(id));
  const name = textOf(form, 'GroupName');
  if (name === undefined || owner !== region) throw missingParameter('GroupId');
  return defaultVpcGroup(region, name);
}

/** Groups are known by their name in the default VPC only. */
export function defaultVpcGroup(region: RegionState, name: string): SecurityGroup {
  const vpc = region.vpcs.list().find(({ isDefault }) => isDefault);
  const group = region.groups.list().find((g) => g.name === name && g.vpcId === vpc?.id);
  if (group !== undefined) return group;
  throw new AwsError(
    'InvalidGroup.NotFound',
    `The security group '${name}' does not exist in default VPC '${vpc?.id ?? 'none'}'`,
  );
}

function checkNetworks(
  region: RegionState,
  vpcId: string,
  owner: RegionState,
  group: SecurityGroup,
): void {
  if (group.vpcId === vpcId || activePeering(region, vpcId, group.vpcId, owner) !== undefined)
    return;
  throw differentNetworks();
}

function differentNetworks(): AwsError {
  return new AwsError(
    'InvalidGroup.NotFound',
    'You have specified two resources that belong to different networks.',
  );
}
