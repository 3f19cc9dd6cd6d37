import { describe, expect, test } from '@jest/globals';
import type { AwsAction } from '../../../src/aws/client/operations.ts';
import { allAllowed, isAllowed, type Authorization } from './authorize.ts';
import { beijing, ireland, listOf, policyFor, shippedText } from './iam-documents.ts';
import { narrower, stillAllowingAll, stillDenyingAll, wider } from './minimal-policy.ts';
import {
  type Call,
  clusterTag,
  Ec2Questions,
  operatorCalls,
  requestedCluster,
  resourceCluster,
  uidTag,
} from './operator-calls.ts';

const file = 'operator-policy.json';
const api = 'com.amazonaws.eu-west-1.sagemaker.api';
const policy = policyFor(file, ireland);
const ec2 = new Ec2Questions(ireland);
const own = ireland.CLUSTER_ID;
const foreign = 'another-cluster';

describe.each([ireland, beijing])('with the policy filled in for $REGION', (values) => {
  test.each(Object.entries(operatorCalls(values)))('the operator may do %s', async (_, calls) => {
    const filled = policyFor(file, values);
    for (const call of calls) {
      expect({ call, allowed: await allAllowed([filled], call) }).toEqual({ call, allowed: true });
    }
  });
});

/** The first question of a call: the one that says what is created. */
function first(call: Call): Authorization {
  const [question] = call;
  if (question === undefined) throw new Error('a call asks at least one question');
  return question;
}

const changes = [
  ['DeleteVpcEndpoints', 'vpc-endpoint/vpce-1'],
  ['ModifyVpcEndpoint', 'vpc-endpoint/vpce-1'],
  ['AuthorizeSecurityGroupIngress', 'security-group/sg-1'],
  ['DeleteSecurityGroup', 'security-group/sg-1'],
  ['RevokeSecurityGroupEgress', 'security-group/sg-1'],
  ['RevokeSecurityGroupIngress', 'security-group/sg-1'],
  ['UpdateSecurityGroupRuleDescriptionsIngress', 'security-group/sg-1'],
] as const;

/** What a stolen token must not be able to do, by what it would mean. */
const forbidden: Readonly<Record<string, readonly Authorization[]>> = {
  'create an endpoint without an owner': [
    ec2.ask('CreateVpcEndpoint', 'vpc-endpoint/*', { 'ec2:VpceServiceName': api }),
  ],
  'create an endpoint in the name of another cluster': [first(ec2.createVpcEndpoint(api, foreign))],
  'create an endpoint of another service': [
    first(ec2.createVpcEndpoint('com.amazonaws.eu-west-1.s3', own)),
    first(ec2.createVpcEndpoint('com.amazonaws.vpce.eu-west-1.vpce-svc-0123', own)),
    first(ec2.createVpcEndpoint('com.amazonaws.us-east-1.sagemaker.api', own)),
  ],
  'create a security group without an owner or for another cluster': [
    ec2.ask('CreateSecurityGroup', 'security-group/*'),
    first(ec2.createSecurityGroup(foreign)),
  ],
  'change or delete what belongs to nobody': changes.map(([action, resource]) =>
    ec2.ask(action, resource),
  ),
  'change or delete what belongs to another cluster': changes.map(([action, resource]) =>
    ec2.change(action, resource, foreign),
  ),
  'tag something that is there already, saying that it is being created': [
    ec2.ask('CreateTags', 'vpc-endpoint/vpce-1', {
      [requestedCluster]: own,
      'aws:TagKeys': [clusterTag],
    }),
    ec2.ask('CreateTags', 'security-group/sg-1', {
      [requestedCluster]: own,
      [resourceCluster]: foreign,
      'aws:TagKeys': [clusterTag],
    }),
    ec2.ask('CreateTags', 'security-group-rule/sgr-1', { 'aws:TagKeys': ['team'] }),
  ],
  'tag a new thing in the name of another cluster': [
    ec2.tagsAtCreation('CreateVpcEndpoint', 'vpc-endpoint/*', foreign),
    ec2.tagsAtCreation('CreateSecurityGroup', 'security-group/*'),
  ],
  'tag a machine that somebody else starts': [
    ec2.ask('CreateTags', 'instance/*', {
      'ec2:CreateAction': 'RunInstances',
      'aws:TagKeys': ['team'],
    }),
  ],
  'change the tags of what belongs to somebody else': [
    ...ec2.changeTags('CreateTags', ['team'], foreign),
    ...ec2.changeTags('DeleteTags', ['team'], foreign),
    ...ec2.changeTags('CreateTags', ['team']),
    ...ec2.changeTags('DeleteTags', ['team']),
  ],
  'change the owner of what is its own': [
    ...ec2.changeTags('CreateTags', [clusterTag], own),
    ...ec2.changeTags('CreateTags', ['team', uidTag], own),
    ...ec2.changeTags('CreateTags', [uidTag.toUpperCase()], own),
  ],
  'remove the owner of what belongs to somebody else': [
    ...ec2.changeTags('DeleteTags', [clusterTag, uidTag], foreign),
    ...ec2.changeTags('DeleteTags', [clusterTag, uidTag]),
  ],
  'change tags without naming them, which deletes all': [
    ...ec2.changeTags('CreateTags', [], own),
    ...ec2.changeTags('DeleteTags', [], own),
  ],
  'work in another region': [
    {
      action: 'ec2:DeleteSecurityGroup',
      resource: 'arn:aws:ec2:us-east-1:111122223333:security-group/sg-1',
      context: { [resourceCluster]: own },
    },
  ],
  'open outgoing traffic, pass a role or make an endpoint service': [
    ec2.change('AuthorizeSecurityGroupEgress', 'security-group/sg-1', own),
    ec2.change('DeleteVpcEndpointServiceConfigurations', 'vpc-endpoint-service/vpce-svc-1', own),
    { action: 'iam:PassRole', resource: 'arn:aws:iam::111122223333:role/x', context: {} },
  ],
};

test.each(Object.entries(forbidden))('the operator may not %s', async (_, questions) => {
  for (const question of questions) {
    expect({ question, allowed: await isAllowed([policy], question) }).toEqual({
      question,
      allowed: false,
    });
  }
});

test('nothing in the policy is spare: without any part of it some call is denied', async () => {
  const calls = Object.values(operatorCalls(ireland)).flat(2);
  expect(await stillAllowingAll(narrower(policy), calls)).toEqual([]);
});

test('no condition is idle: without any of them something forbidden is allowed', async () => {
  expect(await stillDenyingAll(wider(policy), Object.values(forbidden).flat())).toEqual([]);
});

test('each pattern of service names is needed', async () => {
  const index = policy.Statement.findIndex(({ Sid }) => Sid === 'CreateEndpointsForThisCluster');
  const statement = policy.Statement[index];
  const patterns = statement?.Condition?.['StringLike']?.['ec2:VpceServiceName'];
  if (statement === undefined || !Array.isArray(patterns)) throw new Error('no service patterns');
  const mutants = patterns.map((pattern: string) => ({
    without: pattern,
    actions: listOf(statement.Action),
    policy: {
      ...policy,
      Statement: policy.Statement.with(index, {
        ...statement,
        Condition: {
          ...statement.Condition,
          StringLike: { 'ec2:VpceServiceName': patterns.filter((other) => other !== pattern) },
        },
      }),
    },
  }));
  const calls = operatorCalls(ireland).CreateVpcEndpoint.flat();
  expect(await stillAllowingAll(mutants, calls)).toEqual([]);
});

/** Operations that a policy of its own grants to who wants them. */
type Optional = Extract<AwsAction, `iam:${string}` | `sqs:${string}`> | 'sts:AssumeRole';

/** The compiler keeps this list complete: a new operation is an error here. */
const operations: Readonly<Record<Exclude<AwsAction, Optional>, true>> = {
  'sts:GetCallerIdentity': true,
  'ec2:DescribeVpcs': true,
  'ec2:DescribeVpcAttribute': true,
  'ec2:DescribeSubnets': true,
  'ec2:DescribeVpcEndpointServices': true,
  'ec2:DescribeVpcEndpoints': true,
  'ec2:DescribeSecurityGroups': true,
  'ec2:DescribeSecurityGroupRules': true,
  'ec2:DescribeManagedPrefixLists': true,
  'ec2:GetManagedPrefixListEntries': true,
  'ec2:DescribeNetworkInterfaces': true,
  'ec2:CreateSecurityGroup': true,
  'ec2:DeleteSecurityGroup': true,
  'ec2:AuthorizeSecurityGroupIngress': true,
  'ec2:RevokeSecurityGroupIngress': true,
  'ec2:RevokeSecurityGroupEgress': true,
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress': true,
  'ec2:CreateVpcEndpoint': true,
  'ec2:ModifyVpcEndpoint': true,
  'ec2:DeleteVpcEndpoints': true,
  'ec2:CreateTags': true,
  'ec2:DeleteTags': true,
};

test('the policy names every operation that the SDK client is used for, and no other', () => {
  const granted = new Set(policy.Statement.flatMap(({ Action }) => listOf(Action)));
  // Needs no permission.
  granted.add('sts:GetCallerIdentity');
  expect([...granted].toSorted()).toEqual(Object.keys(operations).toSorted());
});

test('the policy fits into a managed policy, whose limit is 6,144 characters', () => {
  expect(shippedText(file).replaceAll(/\s/g, '').length).toBeLessThan(6144 - 400);
});
