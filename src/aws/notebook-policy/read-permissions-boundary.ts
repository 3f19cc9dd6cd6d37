import type { Principal } from '../../plan/facts.ts';
import type { AwsCalls } from '../client/aws-calls.ts';

/**
 * The ARN of a principal's permissions boundary; undefined if it has none. Groups can have none.
 *
 * @throws CloudError of kind `NotFound` for a principal that is not there
 */
export async function permissionsBoundary(
  { kind, name }: Principal,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (kind) {
    case 'role': {
      const { Role } = await calls.call('iam:GetRole', { RoleName: name }, { signal });
      return Role?.PermissionsBoundary?.PermissionsBoundaryArn;
    }
    case 'user': {
      const { User } = await calls.call('iam:GetUser', { UserName: name }, { signal });
      return User?.PermissionsBoundary?.PermissionsBoundaryArn;
    }
    case 'group':
      return undefined;
    default:
      return kind satisfies never;
  }
}
