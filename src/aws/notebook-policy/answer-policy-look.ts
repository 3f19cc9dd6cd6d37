import type { ManagedPolicy } from '../../plan/facts.ts';
import type { LookAnswers, LookKind, PolicyLook } from '../../plan/looks.ts';
import { createManagedPolicyReader } from './read-managed-policy.ts';
import { createPolicyBoundaryUsesReader } from './read-policy-boundary-uses.ts';
import type { PolicyContext } from './policy-read-context.ts';
import { createPolicyNamesReader } from './read-policy-names.ts';
import { createPolicyVersionsReader } from './read-policy-versions.ts';
import { createPrincipalPoliciesReader } from './read-principal-policies.ts';
import type { PolicyMerges } from './merge-policies.ts';
import type { AskOptions } from '../consistency/shared-read.ts';

/** Answers one question to IAM. Throws `CloudError`. */
export type AnswerPolicyLook = (
  look: PolicyLook,
  options: AskOptions,
) => Promise<LookAnswers[LookKind]>;

/** The readers of one account's IAM. */
export function createAnswerPolicyLook(
  context: PolicyContext,
  merges: PolicyMerges,
): AnswerPolicyLook {
  const policyNames = createPolicyNamesReader(context);
  const managedPolicy = createManagedPolicyReader(context);
  const policyVersions = createPolicyVersionsReader(context);
  const boundaryUses = createPolicyBoundaryUsesReader(context);
  const principalPolicies = createPrincipalPoliciesReader(context);

  const policyByArn = async (arn: string, ask: AskOptions): Promise<ManagedPolicy | undefined> =>
    merges.mergePolicy(arn, await managedPolicy(arn, ask));

  return async (look, ask) => {
    switch (look.kind) {
      case 'PolicyNames':
        return merges.mergeNames(look.path, await policyNames(look.path, ask));
      case 'ManagedPolicy': {
        const policy = await policyByArn(look.arn, ask);
        return policy === undefined ? {} : { policy };
      }
      case 'PoliciesByARN': {
        const policies = await Promise.all(look.arns.map((arn) => policyByArn(arn, ask)));
        return policies.filter((one) => one !== undefined);
      }
      case 'PolicyVersions':
        return merges.mergeVersions(look.arn, await policyVersions(look.arn, ask));
      case 'PolicyBoundaryUses':
        return boundaryUses(look.arn, ask);
      case 'PrincipalPolicies':
        return principalPolicies(look.principals, ask);
      default:
        return look satisfies never;
    }
  };
}
