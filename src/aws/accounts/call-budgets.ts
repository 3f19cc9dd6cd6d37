import { getOrMake } from '../get-or-make.ts';
import {
  type CallBudget,
  type CallBudgetOptions,
  createCallBudget,
} from '../rate-limit/call-budget.ts';
import type { Waiting } from '../rate-limit/gate.ts';
import { type AccountIam, createAccountIam } from './account-iam.ts';
import { keyOf } from './account-transports.ts';

/** Calls that wait, with the account and region whose budget they wait for. */
export interface LocatedWaiting extends Waiting {
  /** The account's number; undefined for the operator's own account. */
  readonly account: string | undefined;
  /** Undefined for IAM, which is one for all regions. */
  readonly region: string | undefined;
}

/** The budgets of a process: AWS counts calls by account, however many names stand for one. */
export interface CallBudgets {
  /** The budget of an account and region. @param account its number; undefined: the own one */
  of(account: string | undefined, region: string): CallBudget;
  iamOf(account: string | undefined): AccountIam;
  waiting(): readonly LocatedWaiting[];
}

/** Creates budgets as they are asked for. */
export function createCallBudgets(options: CallBudgetOptions): CallBudgets {
  const perAccount = new Map<string, AccountIam>();
  const perPlace = new Map<string, CallBudget>();
  const all: (Pick<LocatedWaiting, 'account' | 'region'> & { readonly budget: CallBudget })[] = [];

  return {
    of: (account, region) =>
      getOrMake(perPlace, keyOf(account, region), () => {
        const budget = createCallBudget(options);
        all.push({ account, region, budget });
        return budget;
      }),
    iamOf: (account) =>
      getOrMake(perAccount, keyOf(account), () => {
        const iam = createAccountIam(options);
        all.push({ account, region: undefined, budget: iam.budget });
        return iam;
      }),
    waiting: () =>
      all.flatMap(({ account, region, budget }) =>
        budget.waiting().map((one) => ({ ...one, account, region })),
      ),
  };
}
