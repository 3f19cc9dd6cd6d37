/**
 * `deploy/iam/operator-notebook-access-policy.json` as it is shipped, in force in ministack, around
 * the operator's own passes over the real AWS SDK: enough for all of a notebook policy's life, and
 * nothing in it that the life does not need.
 *
 * What this can't show: EC2's permissions, because ministack asks for one resource of each call,
 * where AWS asks for several (`test/unit/deploy` asks them all); and that AWS asks for what
 * ministack_as_aws_asks.py makes ministack ask for, which is taken from AWS's documentation.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { type Ministack, startMinistack } from '../../environment/ministack.ts';
import { ireland, listOf, type Policy, policyFor } from '../../unit/deploy/iam-documents.ts';
import { IamAccount } from './iam-account.ts';
import { leftBehind, type LifeEnd, liveNotebookAccess } from './notebook-access-life.ts';

const policy = policyFor('operator-notebook-access-policy.json', ireland);
let ministack: Ministack;
let account: IamAccount;
let simulator: Simulator;

beforeAll(async () => {
  ministack = await startMinistack({ enforcement: 'as at AWS' });
  account = new IamAccount(ministack.url);
  simulator = await startSimulator({
    pendingMs: 5,
    deletingMs: 5,
    tombstoneMs: 5,
    throttling: false,
  });
}, 300_000);

afterAll(async () => {
  account?.close();
  await simulator?.close();
  await ministack?.stop();
});

/** A whole life under a policy, or what there was of it. */
async function lifeUnder(granted: Policy | undefined): Promise<LifeEnd> {
  return liveNotebookAccess({
    keys: await account.createUser(granted),
    attachTo: await account.createNotebookPrincipals(),
    iamUrl: ministack.url,
    ec2Url: simulator.url,
    network: simulator.world.region(ireland.REGION),
    policyNames: () => account.policyNames(),
  });
}

/** One action that one statement allows, and the policy without it. */
interface Lack {
  readonly sid: string;
  readonly action: string;
  readonly rest: Policy;
}

const lacks = policy.Statement.flatMap((statement, index): readonly Lack[] => {
  const { Sid: sid, Effect, Action } = statement;
  if (Effect === 'Deny') return [];
  return listOf(Action).map((action) => {
    const others = listOf(Action).filter((other) => other !== action);
    const narrower = others.length === 0 ? [] : [{ ...statement, Action: others }];
    const rest = { ...policy, Statement: policy.Statement.toSpliced(index, 1, ...narrower) };
    return { sid, action, rest };
  });
});

test('without any policy nothing is allowed', async () => {
  const { fulfilled, complaint } = await lifeUnder(undefined);
  expect(fulfilled).toBe(0);
  expect(complaint).toMatch(/^iam:\w+ is denied/);
});

test('the shipped policy is enough for the whole life of notebook access', async () => {
  const { fulfilled, of, complaint } = await lifeUnder(policy);
  expect({ fulfilled, complaint }).toEqual({ fulfilled: of, complaint: undefined });
});

/**
 * Who may not even list policies is taken for somebody who never made one, so that an operator
 * without notebook access needs no permission for it: there is no condition, but a policy stays.
 */
const inSilence: Readonly<Record<string, string>> = { 'iam:ListPolicies': leftBehind };

test.each(lacks)('without $action of $sid a condition names the action', async (lack) => {
  const { complaint } = await lifeUnder(lack.rest);
  const wanted = inSilence[lack.action] ?? `${lack.action} is denied`;
  expect({ complaint }).toEqual({ complaint: expect.stringContaining(wanted) });
});
