import type { ActionResults } from '../../plan/actions.ts';
import type {
  CreateSecurityGroup,
  DeleteSecurityGroup,
} from '../../plan/security-group/actions.ts';
import { CloudError } from '../../plan/cloud.ts';
import type { SecurityGroup } from '../../plan/facts.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { findSecurityGroups, nameFilters } from './read-security-groups.ts';
import { tagOnCreate } from '../client/tags.ts';
import { ignoreErrors } from '../client/ignore-errors.ts';
import type { WriteContext } from '../write-context.ts';

const createAction = 'ec2:CreateSecurityGroup';

/**
 * Creates a group. AWS has no client token for this call, but a name is taken once per VPC: the
 * group that has it already is returned with its own tags, and whether it is ours is not said here.
 */
export async function createSecurityGroup(
  action: CreateSecurityGroup,
  context: WriteContext,
): Promise<ActionResults['CreateSecurityGroup']> {
  const { calls, options } = context;
  const { name, description, vpcId, tags } = action;
  const input = {
    GroupName: name,
    Description: description,
    VpcId: vpcId,
    ...tagOnCreate('security-group', tags),
  };
  try {
    const { GroupId: id } = await calls.call(createAction, input, options);
    if (!id) throw incompleteAnswer(createAction, 'without the id of the group');
    // The answer has no owner; the group of a call is the caller's, and its owner is never asked.
    return { group: { id, name, vpcId, ownerId: '', tags }, existed: false };
  } catch (error) {
    if (!isNameTaken(error)) throw error;
    return { group: await namesake(action, context, error), existed: true };
  }
}

/** The group that has the name; the first error again if it can't be found (any more). */
async function namesake(
  { name, vpcId }: CreateSecurityGroup,
  { calls, options }: WriteContext,
  nameTaken: unknown,
): Promise<SecurityGroup> {
  const [group] = await findSecurityGroups(calls, nameFilters(vpcId, name), options.signal);
  if (group === undefined) throw nameTaken;
  return group;
}

/** Deletes a group; one that is gone counts as deleted. */
export async function deleteSecurityGroup(
  { groupId }: DeleteSecurityGroup,
  { calls, options }: WriteContext,
): Promise<void> {
  await ignoreErrors('NotFound', () =>
    calls.call('ec2:DeleteSecurityGroup', { GroupId: groupId }, options),
  );
}

function isNameTaken(error: unknown): boolean {
  return error instanceof CloudError && error.code === 'InvalidGroup.Duplicate';
}
