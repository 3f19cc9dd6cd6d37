import { expect, test } from '@jest/globals';
import { type Authorization, isAllowed } from './authorize.ts';
import { ireland, policyFor, shippedText } from './iam-documents.ts';
import { narrower, stillAllowingAll, stillDenyingAll, wider } from './minimal-policy.ts';
import { clusterTag, requestedCluster, resourceCluster, uidTag } from './operator-calls.ts';

const file = 'operator-notebook-access-policy.json';
const policy = policyFor(file, ireland);
const own = ireland.CLUSTER_ID;
const foreign = 'another-cluster';

const account = `arn:aws:iam::${ireland.ACCOUNT_ID}`;
const ours = `${account}:policy/sagemaker-privatelink/ml-prod`;
const role = `${account}:role/DataScience-Lead`;
const user = `${account}:user/DataScience-Ann`;
const group = `${account}:group/DataScience`;

function ask(
  action: string,
  resource: string,
  context: Authorization['context'] = {},
): Authorization {
  return { action: `iam:${action}`, resource, context };
}

function attachment(verb: 'Attach' | 'Detach', policyArn = ours): Authorization[] {
  const context = { 'iam:PolicyARN': policyArn };
  return [
    ask(`${verb}RolePolicy`, role, context),
    ask(`${verb}UserPolicy`, user, context),
    ask(`${verb}GroupPolicy`, group, context),
  ];
}

const versionChanges = [
  'CreatePolicyVersion',
  'DeletePolicy',
  'DeletePolicyVersion',
  'SetDefaultPolicyVersion',
];

function withTags(cluster: string, keys: readonly string[]): Authorization['context'] {
  return { [requestedCluster]: cluster, 'aws:TagKeys': keys };
}

function onOwned(keys: readonly string[]): Authorization['context'] {
  return { [resourceCluster]: own, 'aws:TagKeys': keys };
}

const needed: Readonly<Record<string, readonly Authorization[]>> = {
  'create a policy with its tags': [
    ask('CreatePolicy', ours, withTags(own, [clusterTag, uidTag])),
    ask('TagPolicy', ours, withTags(own, [clusterTag, uidTag])),
  ],
  'change and delete a policy of its own': versionChanges.map((action) =>
    ask(action, ours, { [resourceCluster]: own }),
  ),
  'repair the tags of a policy of its own': [
    ask('TagPolicy', ours, onOwned(['team'])),
    ask('UntagPolicy', ours, onOwned(['team'])),
  ],
  'attach and detach its policies': [...attachment('Attach'), ...attachment('Detach')],
  'read its policies, and those of the principals for the impact check': [
    ...['GetPolicy', 'GetPolicyVersion', 'ListEntitiesForPolicy', 'ListPolicyVersions'].map(
      (action) => ask(action, ours),
    ),
    ask('GetPolicyVersion', 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess'),
  ],
  'read the principals': [
    ...['GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'].map((action) =>
      ask(action, role),
    ),
    ...[
      'GetUser',
      'GetUserPolicy',
      'ListAttachedUserPolicies',
      'ListUserPolicies',
      'ListGroupsForUser',
    ].map((action) => ask(action, user)),
    ...['GetGroupPolicy', 'ListAttachedGroupPolicies', 'ListGroupPolicies'].map((action) =>
      ask(action, group),
    ),
  ],
};

function attachTo(path: string): Authorization {
  return ask('AttachRolePolicy', `${account}:role/${path}`, { 'iam:PolicyARN': ours });
}

const forbidden: Readonly<Record<string, readonly Authorization[]>> = {
  'attach or detach any other policy': [
    ...attachment('Attach', 'arn:aws:iam::aws:policy/AdministratorAccess'),
    ...attachment('Detach', `${account}:policy/guard-rails`),
  ],
  'attach to principals that the administrator did not name': [attachTo('Billing')],
  'create a policy elsewhere, without an owner or for another cluster': [
    ask('CreatePolicy', `${account}:policy/ml-prod`, withTags(own, [clusterTag])),
    ask('CreatePolicy', ours),
    ask('CreatePolicy', ours, withTags(foreign, [clusterTag])),
  ],
  'change what belongs to nobody or to another cluster': versionChanges.flatMap((action) => [
    ask(action, ours),
    ask(action, ours, { [resourceCluster]: foreign }),
  ]),
  'take a policy over from another cluster': [
    ask('TagPolicy', ours, { ...withTags(own, [clusterTag]), [resourceCluster]: foreign }),
  ],
  'change the tags of what belongs to another cluster': [
    ask('TagPolicy', ours, { 'aws:TagKeys': ['team'], [resourceCluster]: foreign }),
    ask('UntagPolicy', ours, { 'aws:TagKeys': ['team'], [resourceCluster]: foreign }),
  ],
  'change tags without naming them': [ask('UntagPolicy', ours, { [resourceCluster]: own })],
  'change the owner of what is its own': [
    ask('UntagPolicy', ours, onOwned([clusterTag])),
    ask('TagPolicy', ours, onOwned([uidTag])),
  ],
  'make or change roles': [
    ask('CreateRole', role),
    ask('PutRolePolicy', role),
    ask('UpdateAssumeRolePolicy', role),
    ask('PassRole', role),
  ],
};

/** Allowed by no pattern that an administrator may choose: here the widest there is. */
const neverAttached = [
  attachTo(ireland.OPERATOR_ROLE),
  attachTo('aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_DataScience_0123'),
  attachTo('aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForSageMaker'),
];

const widest = policyFor(file, { ...ireland, NOTEBOOK_PRINCIPALS: '*' });

test.each(Object.entries(needed))('the operator may %s', async (_, questions) => {
  for (const question of questions) {
    const allowed = await isAllowed([policy], question);
    expect({ question, allowed }).toEqual({ question, allowed: true });
  }
});

test.each(Object.entries(forbidden))('the operator may not %s', async (_, questions) => {
  for (const question of questions) {
    const allowed = await isAllowed([policy], question);
    expect({ question, allowed }).toEqual({ question, allowed: false });
  }
});

test.each(neverAttached)('not even with all roles named: $resource', async (question) => {
  expect(await isAllowed([widest], question)).toBe(false);
});

test('nothing that is allowed is spare', async () => {
  const allows = { ...policy, Statement: policy.Statement.filter((s) => s.Effect === 'Allow') };
  const calls = Object.values(needed).flat();
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
