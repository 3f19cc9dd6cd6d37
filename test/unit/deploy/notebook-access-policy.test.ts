import { describe, expect, test } from '@jest/globals';
import type { AwsAction } from '../../../src/aws/client/operations.ts';
import { iamCommands } from '../../../src/aws/client/iam-commands.ts';
import { allAllowed, type Authorization, isAllowed } from './authorize.ts';
import { beijing, ireland, listOf, policyFor, shippedText } from './iam-documents.ts';
import { narrower, stillAllowingAll, stillDenyingAll, wider } from './minimal-policy.ts';
import { IamQuestions, notebookAccessCalls } from './notebook-access-calls.ts';
import { clusterTag, resourceCluster, uidTag } from './operator-calls.ts';

const file = 'operator-notebook-access-policy.json';
const policy = policyFor(file, ireland);
const iam = new IamQuestions(ireland);
const { account, ours } = iam;
const own = ireland.CLUSTER_ID;
const foreign = 'another-cluster';
const role = `${account}:role/DataScience-Lead`;

describe.each([ireland, beijing])('with the policy filled in for $REGION', (values) => {
  test.each(Object.entries(notebookAccessCalls(values)))(
    'the operator may do %s',
    async (_, calls) => {
      const filled = policyFor(file, values);
      for (const call of calls) {
        const allowed = await allAllowed([filled], call);
        expect({ call, allowed }).toEqual({ call, allowed: true });
      }
    },
  );
});

const versionChanges = [
  'CreatePolicyVersion',
  'DeletePolicy',
  'DeletePolicyVersion',
  'SetDefaultPolicyVersion',
];

function attachTo(path: string): Authorization {
  return iam.ask('AttachRolePolicy', `${account}:role/${path}`, { 'iam:PolicyARN': ours });
}

const forbidden: Readonly<Record<string, readonly Authorization[]>> = {
  'attach or detach any other policy': [
    ...iam.attachment('Attach', 'arn:aws:iam::aws:policy/AdministratorAccess'),
    ...iam.attachment('Detach', `${account}:policy/guard-rails`),
  ],
  'attach to principals that the administrator did not name': [attachTo('Billing')],
  'create a policy elsewhere, without an owner or for another cluster': [
    iam.ask('CreatePolicy', `${account}:policy/ml-prod`, iam.withTags(own, [clusterTag])),
    iam.ask('CreatePolicy', ours),
    iam.ask('CreatePolicy', ours, iam.withTags(foreign, [clusterTag])),
  ],
  'change what belongs to nobody or to another cluster': versionChanges.flatMap((action) => [
    iam.ask(action, ours),
    iam.ask(action, ours, { [resourceCluster]: foreign }),
  ]),
  'take a policy over from another cluster': [
    iam.ask('TagPolicy', ours, { ...iam.withTags(own, [clusterTag]), [resourceCluster]: foreign }),
  ],
  'change the tags of what belongs to another cluster': [
    iam.ask('TagPolicy', ours, { 'aws:TagKeys': ['team'], [resourceCluster]: foreign }),
    iam.ask('UntagPolicy', ours, { 'aws:TagKeys': ['team'], [resourceCluster]: foreign }),
  ],
  'change tags without naming them': [iam.change('TagPolicy')],
  'change the owner of what is its own': [
    iam.change('TagPolicy', [uidTag]),
    iam.change('TagPolicy', ['team', clusterTag]),
    iam.change('TagPolicy', [uidTag.toUpperCase()]),
  ],
  'remove the owner of what belongs to somebody else': [
    iam.ask('UntagPolicy', ours, { 'aws:TagKeys': [clusterTag], [resourceCluster]: foreign }),
    iam.ask('UntagPolicy', ours, { 'aws:TagKeys': [clusterTag] }),
  ],
  'make or change roles': [
    iam.ask('CreateRole', role),
    iam.ask('PutRolePolicy', role),
    iam.ask('UpdateAssumeRolePolicy', role),
    iam.ask('PassRole', role),
  ],
};

/** Allowed by no pattern that an administrator may choose: here the widest there is. */
const neverAttached = [
  attachTo(ireland.OPERATOR_ROLE),
  attachTo('aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_DataScience_0123'),
  attachTo('aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForSageMaker'),
];

const widest = policyFor(file, { ...ireland, NOTEBOOK_PRINCIPALS: '*' });

test.each(Object.entries(forbidden))('the operator may not %s', async (_, questions) => {
  for (const question of questions) {
    const allowed = await isAllowed([policy], question);
    expect({ question, allowed }).toEqual({ question, allowed: false });
  }
});

test.each(neverAttached)('not even with all roles named: $resource', async (question) => {
  expect(await isAllowed([widest], question)).toBe(false);
});

test('names that are this cluster’s alone keep it from making and attaching the policies of others', async () => {
  const narrow = policyFor(file, { ...ireland, NOTEBOOK_POLICIES: 'prod-*' });
  const [mine, theirs] = ['prod-office', 'test-office'].map(
    (name) => `${account}:policy/sagemaker-privatelink/${name}`,
  ) as [string, string];
  const tags = iam.withTags(own, [clusterTag]);
  for (const verb of ['Attach', 'Detach'] as const) {
    expect(await allAllowed([narrow], iam.attachment(verb, mine))).toBe(true);
    for (const question of iam.attachment(verb, theirs)) {
      expect(await isAllowed([narrow], question)).toBe(false);
    }
  }
  expect(await isAllowed([narrow], iam.ask('CreatePolicy', mine, tags))).toBe(true);
  expect(await isAllowed([narrow], iam.ask('CreatePolicy', theirs, tags))).toBe(false);
  // A policy that was made under another name is still the cluster's own by its tag.
  const changing = { [resourceCluster]: own };
  expect(await isAllowed([narrow], iam.ask('CreatePolicyVersion', theirs, changing))).toBe(true);
});

test('nothing that is allowed is spare', async () => {
  const allows = { ...policy, Statement: policy.Statement.filter((s) => s.Effect === 'Allow') };
  const calls = Object.values(notebookAccessCalls(ireland)).flat(2);
  expect(await stillAllowingAll(narrower(allows), calls)).toEqual([]);
});

test('no condition is idle', async () => {
  expect(await stillDenyingAll(wider(policy), Object.values(forbidden).flat())).toEqual([]);
});

test('each role that is denied by name would be attachable otherwise', async () => {
  const deny = widest.Statement.findIndex((statement) => statement.Effect === 'Deny');
  const mutants = narrower(widest).filter(({ without }) =>
    without.startsWith(`${widest.Statement[deny]?.Sid}: arn:`),
  );
  expect(mutants).toHaveLength(neverAttached.length);
  // AWS itself keeps everybody from changing the roles of Identity Center, and so does the simulator.
  expect(await stillDenyingAll(mutants, neverAttached)).toEqual([
    'NeverOwnNorManagedRoles: arn:aws:iam::111122223333:role/aws-reserved/*',
  ]);
});

test('the policy fits into a managed policy, whose limit is 6,144 characters', () => {
  expect(shippedText(file).replaceAll(/\s/g, '').length).toBeLessThan(6144 - 400);
});

test('the policy names every operation that the IAM client is used for, and no other', () => {
  const used: readonly AwsAction[] = Object.keys(iamCommands) as (keyof typeof iamCommands)[];
  const granted = new Set(policy.Statement.flatMap(({ Action }) => listOf(Action)));
  expect([...granted].toSorted()).toEqual(used.toSorted());
});
