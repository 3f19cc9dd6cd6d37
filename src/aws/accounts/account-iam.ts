import {
  type CallBudget,
  type CallBudgetOptions,
  createCallBudget,
} from '../rate-limit/call-budget.ts';
import type { AwsAction } from '../client/operations.ts';
import {
  createPolicyDocuments,
  type PolicyDocuments,
} from '../notebook-policy/read-policy-documents.ts';

/** Everything that the regions of one account share, because IAM is one for all of them. */
export interface AccountIam {
  readonly budget: CallBudget;
  readonly documents: PolicyDocuments;
}

export function createAccountIam(options: CallBudgetOptions): AccountIam {
  return { budget: createCallBudget(options), documents: createPolicyDocuments() };
}

/** The budget of a region, with that of the account for IAM's calls. */
export function withIamBudget(region: CallBudget, iam: CallBudget): CallBudget {
  const budgetOf = (action: AwsAction): CallBudget => (action.startsWith('iam:') ? iam : region);
  return {
    acquire: (action, options) => budgetOf(action).acquire(action, options),
    stillWaits: (action, place, urgency) => budgetOf(action).stillWaits(action, place, urgency),
    waiting: () => [...region.waiting(), ...iam.waiting()],
    throttled: (action) => budgetOf(action).throttled(action),
    accepted: (action) => budgetOf(action).accepted(action),
  };
}
