import { expect, test } from '@jest/globals';
import { createCallBudgets } from '../../../../src/aws/accounts/call-budgets.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

const create = 'ec2:CreateVpcEndpoint';
const attach = 'iam:AttachRolePolicy';
const { signal } = new AbortController();

function budgets() {
  const clock = createVirtualClock(0);
  const limit = { burst: 1, perSecond: 0.01 };
  return {
    clock,
    subject: createCallBudgets({ clock, limits: { [create]: limit, [attach]: limit } }),
  };
}

test('the regions of an account have a budget each, and one for IAM', () => {
  const { subject } = budgets();
  expect(subject.of('1', 'a')).toBe(subject.of('1', 'a'));
  expect(subject.of('1', 'a')).not.toBe(subject.of('1', 'b'));
  expect(subject.of('1', 'a')).not.toBe(subject.of(undefined, 'a'));
  expect(subject.iamOf('1')).toBe(subject.iamOf('1'));
});

test('who waits is told with the place, the urgency, the longest wait and the estimate', async () => {
  const { clock, subject } = budgets();
  const enter = (place: string, urgency: 'Deletion' | 'Repair') =>
    subject
      .of('1', 'a')
      .acquire(create, { place, signal, claim: { link: place, urgency } })
      .catch(() => undefined);
  await enter('served', 'Repair');
  await enter('first', 'Repair');
  await clock.advance(7_000);
  await enter('second', 'Repair');
  await enter('third', 'Deletion');
  const iam = subject.iamOf(undefined).budget;
  await iam.acquire(attach, { signal });
  await iam.acquire(attach, { signal, place: 'policy' }).catch(() => undefined);
  expect(subject.waiting()).toEqual([
    {
      account: '1',
      region: 'a',
      action: create,
      urgency: 'Deletion',
      calls: 1,
      longestWaitMs: 0,
      estimateMs: 93_000,
    },
    {
      account: '1',
      region: 'a',
      action: create,
      urgency: 'Repair',
      calls: 2,
      longestWaitMs: 7_000,
      estimateMs: 293_000,
    },
    {
      account: undefined,
      region: undefined,
      action: attach,
      urgency: 'Change',
      calls: 1,
      longestWaitMs: 0,
      estimateMs: 100_000,
    },
  ]);
});
