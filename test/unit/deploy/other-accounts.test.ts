/** Who gets into another account by the documents that are shipped for it. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { expect, test } from '@jest/globals';
import { externalIdOf } from '../../../src/aws/accounts/account-map.ts';
import { ireland, policyFor } from './iam-documents.ts';

const { ACCOUNT_ID, ACCOUNT_NAME, CLUSTER_ID, OPERATOR_ROLE, TARGET_ACCOUNT_ID, TARGET_ROLE } =
  ireland;
const operator = `arn:aws:iam::${ACCOUNT_ID}:role/${OPERATOR_ROLE}`;
const target = `arn:aws:iam::${TARGET_ACCOUNT_ID}:role/${TARGET_ROLE}`;

interface Attempt {
  readonly principal: string;
  readonly role: string;
  readonly externalId: string | undefined;
  readonly session: string;
}

const entry = { roleArn: target, accountId: TARGET_ACCOUNT_ID };
const asShipped: Attempt = {
  principal: operator,
  role: target,
  // What the operator sends when the map says nothing else.
  externalId: externalIdOf(entry, ACCOUNT_NAME, CLUSTER_ID),
  session: 'sagemaker-privatelink-0d6e3b1a-7c55-4c3a-9d0f-2f4f0f9e6a4b',
};

/** By the operator's own policy and by the trust of the role: both have to agree. */
async function mayAssume(
  { principal, role, externalId, session }: Attempt,
  action = 'sts:AssumeRole',
): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource: role, accountId: TARGET_ACCOUNT_ID },
        contextVariables: {
          'sts:RoleSessionName': session,
          ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
        },
      },
      identityPolicies: [
        { name: 'accounts', policy: policyFor('operator-assume-role-policy.json', ireland) },
      ],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyFor('trust-policy-target-account.json', ireland),
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === 'Allowed';
}

test('the operator gets in with what it sends by default, for reads and for changes', async () => {
  expect(await mayAssume(asShipped)).toBe(true);
  expect(await mayAssume({ ...asShipped, session: 'sagemaker-privatelink' })).toBe(true);
});

test('the tags that Pod Identity gives come along: they are transitive, and need a right', async () => {
  expect(await mayAssume(asShipped, 'sts:TagSession')).toBe(true);
  const other = `arn:aws:iam::${ACCOUNT_ID}:role/other`;
  expect(await mayAssume({ ...asShipped, principal: other }, 'sts:TagSession')).toBe(false);
  const admin = `arn:aws:iam::${TARGET_ACCOUNT_ID}:role/admin`;
  expect(await mayAssume({ ...asShipped, role: admin }, 'sts:TagSession')).toBe(false);
});

test.each<[string, Partial<Attempt>]>([
  ['without an external id', { externalId: undefined }],
  ['for another cluster', { externalId: `another-cluster/${ACCOUNT_NAME}` }],
  ['for another name', { externalId: `${CLUSTER_ID}/other` }],
  ['as another role of its account', { principal: `arn:aws:iam::${ACCOUNT_ID}:role/other` }],
  ['from another account', { principal: `arn:aws:iam::999988887777:role/${OPERATOR_ROLE}` }],
  ['under a session name of its own', { session: 'somebody' }],
  ['into another role', { role: `arn:aws:iam::${TARGET_ACCOUNT_ID}:role/admin` }],
])('nobody gets in %s', async (_, change) => {
  expect(await mayAssume({ ...asShipped, ...change })).toBe(false);
});
