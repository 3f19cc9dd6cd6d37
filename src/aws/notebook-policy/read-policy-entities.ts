import type { PolicyUsageType } from '@aws-sdk/client-iam';
import type { Principal } from '../../plan/facts.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { iamPage } from '../client/iam-pages.ts';
import { collectPages } from '../client/paginate.ts';

/** The principals that use a policy in one of its two ways. Throws `NotFound` if there is none. */
export async function findEntities(
  arn: string,
  usage: PolicyUsageType,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<readonly Principal[]> {
  return collectPages('iam:ListEntitiesForPolicy', async (Marker) => {
    const input = { PolicyArn: arn, PolicyUsageFilter: usage, Marker };
    const page = await calls.call('iam:ListEntitiesForPolicy', input, { signal });
    const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } = page;
    const principals = [
      ...principalsOf('role', PolicyRoles, ({ RoleName }) => RoleName),
      ...principalsOf('user', PolicyUsers, ({ UserName }) => UserName),
      ...principalsOf('group', PolicyGroups, ({ GroupName }) => GroupName),
    ];
    return iamPage(principals, page);
  });
}

function principalsOf<Entity>(
  kind: Principal['kind'],
  entities: readonly Entity[],
  nameOf: (entity: Entity) => string | undefined,
): readonly Principal[] {
  return entities.flatMap((entity) => {
    const name = nameOf(entity);
    return name === undefined ? [] : [{ kind, name }];
  });
}
