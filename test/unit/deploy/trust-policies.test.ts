import { readFileSync } from 'node:fs';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ireland, policyFor } from './iam-documents.ts';

interface Assumption {
  readonly principal: string;
  readonly action: string;
  readonly context: Readonly<Record<string, string>>;
}

const role = `arn:aws:iam::${ireland.ACCOUNT_ID}:role/${ireland.OPERATOR_ROLE}`;

async function mayAssume(file: string, { principal, action, context }: Assumption) {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource: role, accountId: ireland.ACCOUNT_ID },
        contextVariables: { ...context },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyFor(file, ireland),
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === 'Allowed';
}

const account = parse(
  readFileSync(new URL('../../../deploy/base/service-account.yaml', import.meta.url), 'utf8'),
) as { metadata: { name: string; namespace: string } };
const { name, namespace } = account.metadata;

const podIdentity: Assumption = {
  principal: 'pods.eks.amazonaws.com',
  action: 'sts:AssumeRole',
  context: {
    'aws:SourceAccount': ireland.ACCOUNT_ID,
    'aws:SourceArn': `arn:aws:eks:${ireland.REGION}:${ireland.ACCOUNT_ID}:cluster/prod`,
    'aws:RequestTag/kubernetes-namespace': namespace,
    'aws:RequestTag/kubernetes-service-account': name,
  },
};

test('Pod Identity: the shipped service account of this cluster gets the role', async () => {
  const file = 'trust-policy-pod-identity.json';
  expect(await mayAssume(file, podIdentity)).toBe(true);
  expect(await mayAssume(file, { ...podIdentity, action: 'sts:TagSession' })).toBe(true);
});

test.each([
  ['aws:SourceAccount', '999988887777'],
  ['aws:SourceArn', `arn:aws:eks:${ireland.REGION}:${ireland.ACCOUNT_ID}:cluster/dev`],
  ['aws:RequestTag/kubernetes-namespace', 'default'],
  ['aws:RequestTag/kubernetes-service-account', 'default'],
])('Pod Identity: nobody else does, as with %s %s', async (key, value) => {
  const other = { ...podIdentity, context: { ...podIdentity.context, [key]: value } };
  expect(await mayAssume('trust-policy-pod-identity.json', other)).toBe(false);
});

test('IRSA: the role is for the shipped service account and the audience of STS alone', () => {
  // Not simulated: the simulator has no condition keys of EKS's OIDC providers.
  const { Statement } = policyFor('trust-policy-irsa.json', ireland);
  expect(Statement).toMatchObject([
    {
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: {
        Federated: `arn:aws:iam::${ireland.ACCOUNT_ID}:oidc-provider/${ireland.OIDC_PROVIDER}`,
      },
      Condition: {
        StringEquals: {
          [`${ireland.OIDC_PROVIDER}:aud`]: 'sts.amazonaws.com',
          [`${ireland.OIDC_PROVIDER}:sub`]: `system:serviceaccount:${namespace}:${name}`,
        },
      },
    },
  ]);
});
