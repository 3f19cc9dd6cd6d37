import type { Principal } from '../../plan/facts.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { iamPage } from '../client/iam-pages.ts';
import { collectPages, type Page } from '../client/paginate.ts';

const actions = {
  role: 'iam:ListRolePolicies',
  user: 'iam:ListUserPolicies',
  group: 'iam:ListGroupPolicies',
} as const;

/** Names of the policies that are part of a principal itself. */
export async function inlinePolicyNames(
  principal: Principal,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { kind, name } = principal;
  return collectPages(actions[kind], async (Marker): Promise<Page<string>> => {
    const options = { signal };
    switch (kind) {
      case 'role': {
        const page = await calls.call('iam:ListRolePolicies', { RoleName: name, Marker }, options);
        return iamPage(page.PolicyNames ?? [], page);
      }
      case 'user': {
        const page = await calls.call('iam:ListUserPolicies', { UserName: name, Marker }, options);
        return iamPage(page.PolicyNames ?? [], page);
      }
      case 'group': {
        const input = { GroupName: name, Marker };
        const page = await calls.call('iam:ListGroupPolicies', input, options);
        return iamPage(page.PolicyNames ?? [], page);
      }
      default:
        return kind satisfies never;
    }
  });
}

/** The text of a principal's inline policy, as IAM sends it. */
export async function inlinePolicyText(
  { kind, name }: Principal,
  PolicyName: string,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<string | undefined> {
  const options = { signal };
  switch (kind) {
    case 'role': {
      const input = { RoleName: name, PolicyName };
      return (await calls.call('iam:GetRolePolicy', input, options)).PolicyDocument;
    }
    case 'user': {
      const input = { UserName: name, PolicyName };
      return (await calls.call('iam:GetUserPolicy', input, options)).PolicyDocument;
    }
    case 'group': {
      const input = { GroupName: name, PolicyName };
      return (await calls.call('iam:GetGroupPolicy', input, options)).PolicyDocument;
    }
    default:
      return kind satisfies never;
  }
}
