import { keyOf } from '../iam/context.ts';
import { newPolicy } from '../iam/policies/policy-actions.ts';
import { type NewPrincipal, newPrincipal } from '../iam/principals/principals.ts';
import type { Policy, Principal } from '../iam/records.ts';
import type { IamState } from '../iam/state.ts';

/** IAM of one account, without protocol, lag or call log. */
export interface AccountControl {
  /** A role's trust policy lets its own account in unless another one is given. */
  createPrincipal(wanted: NewPrincipal): Principal;
  createPolicy(wanted: {
    readonly name: string;
    readonly path?: string;
    readonly document: unknown;
    readonly tags?: Policy['tags'];
  }): Policy;
  policies(): Policy[];
  principals(): Principal[];
  changePolicy(arn: string, fields: Partial<Policy>): void;
  changePrincipal(principal: Principal, fields: Partial<Principal>): void;
  deletePolicy(arn: string): void;
  deletePrincipal(principal: Principal): void;
}

export function createAccountControl(iam: IamState): AccountControl {
  const settled = <T>(change: () => T): T => iam.ledger.settled(change);
  return {
    createPrincipal: (wanted) =>
      settled(() => newPrincipal(iam, { trustPolicy: defaultTrust(iam, wanted), ...wanted })),
    createPolicy: ({ document, path, ...wanted }) =>
      settled(() =>
        newPolicy(iam, {
          tags: {},
          description: undefined,
          ...wanted,
          path,
          document: JSON.stringify(document),
        }),
      ),
    policies: () => iam.policies.list(),
    principals: () => iam.principals.list(),
    changePolicy: (arn, fields) => void settled(() => iam.policies.change(arn, fields)),
    changePrincipal: (principal, fields) =>
      void settled(() => iam.principals.change(keyOf(principal), fields)),
    deletePolicy: (arn) => settled(() => iam.policies.delete(arn)),
    deletePrincipal: (principal) => settled(() => iam.principals.delete(keyOf(principal))),
  };
}

function defaultTrust(iam: IamState, { kind }: NewPrincipal): string | undefined {
  if (kind !== 'role') return undefined;
  const AWS = `arn:${iam.partition}:iam::${iam.accountId}:root`;
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
