import { expect, test } from '@jest/globals';
import { createAccountIam, withIamBudget } from '../../../../src/aws/accounts/account-iam.ts';
import { createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

const once = { burst: 1, perSecond: 0.001 };
const { signal } = new AbortController();

/** Two regions of one account, in which every call may be made once. */
function twoRegions() {
  const limits = { 'iam:GetPolicy': once, 'ec2:DescribeVpcs': once } as const;
  const options = { clock: createVirtualClock(), limits, maxWaitMs: 0 };
  const iam = createAccountIam(options);
  return ['one', 'two'].map(() => withIamBudget(createCallBudget(options), iam.budget));
}

test('the regions of an account share what IAM allows, and nothing else', async () => {
  const [one, two] = twoRegions();
  await one?.acquire('iam:GetPolicy', { signal });
  await expect(two?.acquire('iam:GetPolicy', { signal })).rejects.toMatchObject({
    code: 'CallBudgetSpent',
  });
  await one?.acquire('ec2:DescribeVpcs', { signal });
  await two?.acquire('ec2:DescribeVpcs', { signal });
});

test('AWS’s word about a call reaches the budget that the call came from', () => {
  const told: string[] = [];
  const budgetOf = (name: string) => ({
    acquire: () => Promise.resolve(),
    stillWaits: () => undefined,
    waiting: () => [],
    throttled: (action: string) => void told.push(`${name} throttled ${action}`),
    accepted: (action: string) => void told.push(`${name} accepted ${action}`),
  });
  const budget = withIamBudget(budgetOf('region'), budgetOf('account'));
  budget.throttled('iam:GetPolicy');
  budget.throttled('ec2:DescribeVpcs');
  budget.accepted('sts:GetCallerIdentity');
  budget.accepted('iam:ListPolicies');
  expect(told).toEqual([
    'account throttled iam:GetPolicy',
    'region throttled ec2:DescribeVpcs',
    'region accepted sts:GetCallerIdentity',
    'account accepted iam:ListPolicies',
  ]);
});
