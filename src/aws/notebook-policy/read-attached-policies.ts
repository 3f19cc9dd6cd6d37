import type { AttachedPolicy } from '@aws-sdk/client-iam';
import type { Principal } from '../../plan/facts.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { iamPage } from '../client/iam-pages.ts';
import { collectPages, type Page } from '../client/paginate.ts';

const actions = {
  role: 'iam:ListAttachedRolePolicies',
  user: 'iam:ListAttachedUserPolicies',
  group: 'iam:ListAttachedGroupPolicies',
} as const;

/** The managed policies that a principal has as permissions policies, AWS's own included. */
export async function attachedPolicies(
  { kind, name }: Principal,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<readonly AttachedPolicy[]> {
  const options = { signal };
  return collectPages(actions[kind], async (Marker): Promise<Page<AttachedPolicy>> => {
    switch (kind) {
      case 'role': {
        const input = { RoleName: name, Marker };
        const page = await calls.call('iam:ListAttachedRolePolicies', input, options);
        return iamPage(page.AttachedPolicies ?? [], page);
      }
      case 'user': {
        const input = { UserName: name, Marker };
        const page = await calls.call('iam:ListAttachedUserPolicies', input, options);
        return iamPage(page.AttachedPolicies ?? [], page);
      }
      case 'group': {
        const input = { GroupName: name, Marker };
        const page = await calls.call('iam:ListAttachedGroupPolicies', input, options);
        return iamPage(page.AttachedPolicies ?? [], page);
      }
      default:
        return kind satisfies never;
    }
  });
}

/** The groups that a user is a member of. */
export async function groupsOfUser(
  userName: string,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<readonly Principal[]> {
  return collectPages('iam:ListGroupsForUser', async (Marker) => {
    const input = { UserName: userName, Marker };
    const page = await calls.call('iam:ListGroupsForUser', input, { signal });
    const names = (page.Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []);
    return iamPage(
      names.map((name) => ({ kind: 'group' as const, name })),
      page,
    );
  });
}
