/** SimulatePrincipalPolicy, as a client of AWS sees it. */
import { expect, test } from '@jest/globals';
import {
  type IAMClient,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

const account = '111122223333';
const user = `arn:aws:iam::${account}:user/ann`;

function allow(...Action: readonly string[]) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
}

function ann({ simulator }: SimulatedAws, inline: object) {
  const iam = simulator.world.account(account);
  const principal = iam.createPrincipal({ kind: 'user', name: 'ann' });
  iam.changePrincipal(principal, { inlinePolicies: { inline: JSON.stringify(inline) } });
  return { iam, principal };
}

async function decisions(
  client: IAMClient,
  input: Partial<SimulatePrincipalPolicyCommandInput> = {},
): Promise<Readonly<Record<string, string | undefined>>> {
  const { EvaluationResults = [] } = await client.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: user,
      ActionNames: ['iam:CreatePolicy', 'iam:GetPolicy'],
      ...input,
    }),
  );
  return Object.fromEntries(
    EvaluationResults.map(({ EvalActionName = '', EvalDecision }) => [
      EvalActionName,
      EvalDecision,
    ]),
  );
}

test(
  "a user has its own policies, its groups' and those attached to either, within its boundary",
  inAws(async (aws) => {
    const { iam, principal } = ann(aws, allow('iam:GetPolicy'));
    expect(await decisions(aws.iam)).toEqual({
      'iam:CreatePolicy': 'implicitDeny',
      'iam:GetPolicy': 'allowed',
    });
    const { arn } = iam.createPolicy({ name: 'creators', document: allow('iam:CreatePolicy') });
    const group = iam.createPrincipal({ kind: 'group', name: 'team' });
    iam.changePrincipal(group, { attachedPolicyArns: [arn] });
    iam.changePrincipal(principal, { groupNames: ['team'] });
    expect(await decisions(aws.iam)).toMatchObject({ 'iam:CreatePolicy': 'allowed' });
    iam.changePrincipal(principal, { boundaryArn: arn });
    expect(await decisions(aws.iam)).toEqual({
      'iam:CreatePolicy': 'allowed',
      'iam:GetPolicy': 'implicitDeny',
    });
  }),
);

test(
  'each action is judged on each resource, with the keys that are given, in pages',
  inAws(async (aws) => {
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'ml' } };
    const Resource = `arn:aws:iam::${account}:policy/ours/*`;
    ann(aws, { Statement: [{ Effect: 'Allow', Action: 'iam:DeletePolicy', Resource, Condition }] });
    const ask = (more: object) =>
      aws.iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: user,
          ActionNames: ['iam:DeletePolicy'],
          ResourceArns: [Resource.replace('*', 'one'), `arn:aws:iam::${account}:policy/theirs/one`],
          ...more,
        }),
      );
    const ContextEntries = [
      {
        ContextKeyName: 'aws:ResourceTag/team',
        ContextKeyType: 'string' as const,
        ContextKeyValues: ['ml'],
      },
    ];
    expect((await ask({ ContextEntries })).EvaluationResults).toMatchObject([
      { EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'inline' }] },
      { EvalDecision: 'implicitDeny', MatchedStatements: [], MissingContextValues: [] },
    ]);
    const { EvaluationResults, IsTruncated, Marker } = await ask({ MaxItems: 1 });
    expect(IsTruncated).toBe(true);
    expect(EvaluationResults).toMatchObject([
      { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:ResourceTag/team'] },
    ]);
    expect((await ask({ Marker })).EvaluationResults).toHaveLength(1);
  }),
);

test(
  'somebody who is not there, who is in another path or who is nobody of IAM is refused',
  inAws(async (aws) => {
    aws.simulator.world.account(account).createPrincipal({ kind: 'role', name: 'lead' });
    const ask = (PolicySourceArn: string) => refusalOf(decisions(aws.iam, { PolicySourceArn }));
    expect(await ask(user)).toMatchObject({ code: 'NoSuchEntity' });
    const elsewhere = `arn:aws:iam::${account}:role/ml/lead`;
    expect(await ask(elsewhere)).toMatchObject({ code: 'NoSuchEntity' });
    const session = `arn:aws:sts::${account}:assumed-role/lead/session`;
    expect(await ask(session)).toMatchObject({ code: 'ValidationError' });
  }),
);
