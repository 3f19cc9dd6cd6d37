/**
 * What `deploy/iam/operator-notebook-access-policy.json` holds back, in force in ministack. Each
 * attempt is made by the account's root too, whom IAM lets do it: what refuses is the policy.
 */
import {
  CreateGroupCommand,
  CreateUserCommand,
  type IAMClient,
  IAMServiceException,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Ministack, startMinistack } from '../../environment/ministack.ts';
import { ireland, type Policy, policyFor } from '../../unit/deploy/iam-documents.ts';
import { wider } from '../../unit/deploy/minimal-policy.ts';
import { type Attempt, forbidden, neverAttached } from './forbidden-requests.ts';
import { IamAccount } from './iam-account.ts';

const file = 'operator-notebook-access-policy.json';
const policy = policyFor(file, ireland);
const widest = policyFor(file, { ...ireland, NOTEBOOK_PRINCIPALS: '*' });
let ministack: Ministack;
let account: IamAccount;
let operator: IAMClient;
let operatorForAll: IAMClient;

beforeAll(async () => {
  ministack = await startMinistack({ enforcement: 'as at AWS' });
  account = new IamAccount(ministack.url);
  for (const name of ['DataScience', 'Billing']) {
    await account.createRole(name);
    await account.root.send(new CreateUserCommand({ UserName: name }));
    await account.root.send(new CreateGroupCommand({ GroupName: name }));
  }
  await account.createRole(ireland.OPERATOR_ROLE);
  await account.createRole(
    'AWSReservedSSO_DataScience_0123',
    '/aws-reserved/sso.amazonaws.com/eu-west-1/',
  );
  await account.createRole(
    'AWSServiceRoleForSageMaker',
    '/aws-service-role/sagemaker.amazonaws.com/',
  );
  operator = await clientUnder(policy);
  operatorForAll = await clientUnder(widest);
}, 300_000);

afterAll(async () => {
  account?.close();
  await ministack?.stop();
});

async function clientUnder(granted: Policy): Promise<IAMClient> {
  return account.clientOf(await account.createUser(granted));
}

/** The words of IAM's refusal, or `not refused` when it answers or complains of something else. */
async function refusalOf({ send }: Attempt, client: IAMClient): Promise<string> {
  try {
    await send(client, account);
    return 'not refused';
  } catch (error) {
    if (!(error instanceof IAMServiceException)) throw error;
    return error.name === 'AccessDenied' ? error.message : 'not refused';
  }
}

async function mustBeRefused(attempt: Attempt, client: IAMClient): Promise<void> {
  expect(await refusalOf(attempt, account.root)).toBe('not refused');
  expect(await refusalOf(attempt, client)).toContain(
    `is not authorized to perform: ${attempt.action}`,
  );
}

test.each(forbidden)('the operator may not $what', async (attempt) => {
  await mustBeRefused(attempt, operator);
});

test.each(neverAttached)('not even with all roles named: $what', async (attempt) => {
  await mustBeRefused(attempt, operatorForAll);
});

/** The policy without one of its conditions: something has to become possible. */
const mutants = wider(policy);

test.each(mutants)('without $without more would be possible', async (mutant) => {
  const client = await clientUnder(mutant.policy);
  const possible: string[] = [];
  for (const attempt of forbidden.filter(({ action }) => mutant.actions.includes(action))) {
    if ((await refusalOf(attempt, client)) === 'not refused') possible.push(attempt.what);
  }
  expect(possible).not.toEqual([]);
});

test('without the statement that denies, roles that are never attached could be', async () => {
  const Statement = widest.Statement.filter(({ Effect }) => Effect === 'Allow');
  const client = await clientUnder({ ...widest, Statement });
  for (const attempt of neverAttached) {
    expect({ attempt, refusal: await refusalOf(attempt, client) }).toEqual({
      attempt,
      refusal: 'not refused',
    });
  }
});
