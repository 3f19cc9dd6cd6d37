import { expect, test } from '@jest/globals';
import { askBySimulation } from '../../../../src/aws/permissions/simulated-permissions.ts';
import type { AwsTransport } from '../../../../src/aws/client/operations.ts';

const subjects = {
  policyArn: 'arn:aws:iam::111122223333:policy/sagemaker-privatelink/ml',
  principalArns: ['arn:aws:iam::111122223333:role/DataScientist'],
  tags: { 'sagemaker.privatelink.dev/cluster': 'c' },
};
const role = {
  account: '111122223333',
  partition: 'aws',
  arn: 'arn:aws:sts::111122223333:assumed-role/operator/session',
};

type Result = {
  readonly EvalDecision: 'allowed' | 'implicitDeny' | 'explicitDeny';
  readonly MissingContextValues?: string[];
};

function iamThatSays(resultOf: (action: string) => Result) {
  const asked: Record<string, unknown>[] = [];
  const transport = {
    send: async (_: string, input: { ActionNames: readonly string[] }) => {
      asked.push({ ...input });
      const EvaluationResults = input.ActionNames.map((action) => ({
        EvalActionName: action,
        ...resultOf(action),
      }));
      return { EvaluationResults };
    },
  } as unknown as AwsTransport;
  return { transport, asked };
}

const { signal } = new AbortController();

test('a session is asked about by its role, with the tags and the policy that grants are bound to', async () => {
  const { transport, asked } = iamThatSays(() => ({ EvalDecision: 'allowed' }));
  const answers = await askBySimulation(transport, role, subjects, signal);
  expect(answers.map(({ action }) => action)).toEqual([
    'iam:CreatePolicy',
    'iam:TagPolicy',
    'iam:CreatePolicyVersion',
    'iam:SetDefaultPolicyVersion',
    'iam:DeletePolicyVersion',
    'iam:DeletePolicy',
    'iam:UntagPolicy',
    'iam:AttachRolePolicy',
    'iam:DetachRolePolicy',
  ]);
  expect(new Set(answers.map(({ answer }) => answer))).toEqual(new Set(['allowed']));
  expect(asked[0]).toMatchObject({
    PolicySourceArn: 'arn:aws:iam::111122223333:role/operator',
    ContextEntries: [
      {
        ContextKeyName: 'aws:RequestTag/sagemaker.privatelink.dev/cluster',
        ContextKeyValues: ['c'],
      },
    ],
  });
  expect(asked[2]).toMatchObject({
    ContextEntries: [{ ContextKeyName: 'iam:PolicyARN', ContextKeyValues: [subjects.policyArn] }],
  });
});

test('a denial says which sort it is, and one that hangs on what nobody knows is none', async () => {
  const { transport } = iamThatSays((action) =>
    action === 'iam:CreatePolicy'
      ? { EvalDecision: 'implicitDeny' }
      : action.startsWith('iam:Attach')
        ? { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:PrincipalTag/team'] }
        : { EvalDecision: 'explicitDeny' },
  );
  const answers = await askBySimulation(transport, role, subjects, signal);
  const of = (wanted: string) => answers.find(({ action }) => action === wanted);
  expect(of('iam:CreatePolicy')).toMatchObject({
    answer: 'denied',
    message: `no policy of the caller allows it for ${subjects.policyArn}`,
  });
  expect(of('iam:DeletePolicy')).toMatchObject({
    answer: 'denied',
    message: `a policy denies it for ${subjects.policyArn}`,
  });
  expect(of('iam:AttachRolePolicy')).toMatchObject({
    answer: 'unknown',
    message: 'it depends on aws:PrincipalTag/team, which a simulation does not know',
  });
});

test('the root user is not simulated', async () => {
  const { transport, asked } = iamThatSays(() => ({ EvalDecision: 'allowed' }));
  const root = { ...role, arn: 'arn:aws:iam::111122223333:root' };
  const answers = await askBySimulation(transport, root, subjects, signal);
  expect(asked).toEqual([]);
  expect(new Set(answers.map(({ answer }) => answer))).toEqual(new Set(['unknown']));
});
