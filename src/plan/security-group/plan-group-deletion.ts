/** Deleting groups of a link, and what keeps AWS from it. */
import type { Action } from '../actions.ts';
import type { GroupInterface, Holdings, SecurityGroupUses } from '../facts.ts';
import type { Problem } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import { allFound, answersOf, type Observation } from '../observation.ts';
import { isOwnedBy } from '../ownership/ownership.ts';
import { isGoing } from '../endpoint/plan-endpoint.ts';
import { type Stage, settled, stage } from '../stage.ts';

/** Everything that the plan depends on. */
export interface GroupDeletionInput {
  readonly owner: OwnerIdentity;
  readonly observation: Observation;
  /** All that the link has, of which the groups to delete are a part. */
  readonly holdings: Holdings;
  readonly groupIds: readonly string[];
  /** Why the groups go. */
  readonly reason: string;
}

/** AWS's words for "something uses the group". */
const inUseCodes: readonly (string | undefined)[] = ['DependencyViolation', 'InvalidGroup.InUse'];

/**
 * Deletes groups. When AWS refuses because something uses one, it is asked what that is: its own
 * clean-up of the link's endpoints takes a while and ends by itself, anybody else's use does not.
 */
export function planGroupDeletion(input: GroupDeletionInput): Stage {
  const { groupIds, reason, observation } = input;
  if (groupIds.length === 0) return settled;
  const actions = groupIds.map(
    (groupId): Action => ({ kind: 'DeleteSecurityGroup', groupId, reason }),
  );
  if (!inUseCodes.includes(observation.refusals['DeleteSecurityGroup'])) return stage({ actions });
  const known = new Set(
    answersOf(observation, 'SecurityGroupUses').flatMap(({ look }) => look.groupIds),
  );
  if (!groupIds.every((id) => known.has(id))) {
    return stage({ actions, looks: [{ kind: 'SecurityGroupUses', groupIds }] });
  }
  const problems = allFound(observation, 'SecurityGroupUses')
    .filter(({ groupId }) => groupIds.includes(groupId))
    .flatMap((use) => heldByOthers(use, input) ?? []);
  return stage({ actions, problems });
}

/**
 * The problem of a group that only others use. Undefined while something of the link explains it,
 * and while AWS shows no use at all: it lets go of a group some time after it showed the last one.
 */
function heldByOthers(use: SecurityGroupUses, input: GroupDeletionInput): Problem | undefined {
  const ours = input.holdings.securityGroups.filter(({ tags }) => isOwnedBy(tags, input.owner));
  const own = new Set(ours.map(({ id }) => id));
  const isOurs = (one: GroupInterface): boolean => endsByItself(one, input);
  if (use.interfaces.some(isOurs) || use.referringGroupIds.some((id) => own.has(id))) {
    return undefined;
  }
  const holders = [
    ...listed(
      'endpoint',
      'endpoints',
      use.interfaces.flatMap(({ endpoint }) => endpoint?.id ?? []),
    ),
    ...listed(
      'network interface',
      'network interfaces',
      use.interfaces.filter(({ endpoint }) => endpoint === undefined).map(({ id }) => id),
    ),
    ...listed('rules of group', 'rules of groups', use.referringGroupIds),
  ];
  if (holders.length === 0) return undefined;
  const { groupId } = use;
  return {
    subject: 'SecurityGroupReady',
    reason: 'SecurityGroupInUse',
    severity: 'stalled',
    message: `Security group ${groupId} can't be deleted while others use it: ${holders.join(', ')}. Take the group off them, or delete them; then it goes by itself.`,
    heldBack: groupId,
  };
}

/** True for an interface that AWS takes away with its endpoint, or that we have to. */
function endsByItself(
  { id, endpoint }: GroupInterface,
  { holdings, owner }: GroupDeletionInput,
): boolean {
  if (endpoint !== undefined) return isGoing(endpoint) || isOwnedBy(endpoint.tags, owner);
  return holdings.endpoints.some(
    ({ tags, networkInterfaceIds }) => isOwnedBy(tags, owner) && networkInterfaceIds.includes(id),
  );
}

/** So many of each kind are named: a condition is no inventory. */
const mostNamed = 5;

/** The ids in words, in an order that stays; nothing when there are none. */
function listed(one: string, many: string, ids: readonly string[]): readonly string[] {
  const sorted = [...new Set(ids)].sort();
  if (sorted.length === 0) return [];
  const named = sorted.slice(0, mostNamed).join(', ');
  const rest = sorted.length - mostNamed;
  return [`${sorted.length === 1 ? one : many} ${named}${rest > 0 ? ` and ${rest} more` : ''}`];
}
