import {
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { beforeEach, expect, test } from '@jest/globals';
import type { PolicyDocument, Principal } from '../../../src/plan/facts.ts';
import { policyPath } from '../../../src/plan/ownership/ownership.ts';
import { countByAction, region, useMotoCloud } from './moto-cloud.ts';

const arn = `arn:aws:iam::123456789012:policy${policyPath}p`;
const named = { reason: 'r', arn } as const;
const lead: Principal = { kind: 'role', name: 'Lead' };
const principals: readonly Principal[] = [
  lead,
  { kind: 'user', name: 'ann' },
  { kind: 'group', name: 'team' },
];

const aws = useMotoCloud();
const { look, apply } = aws;
let iam: IAMClient;

beforeEach(async () => {
  iam = new IAMClient({ region });
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  await iam.send(new CreateRoleCommand({ RoleName: 'Lead', AssumeRolePolicyDocument }));
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  await iam.send(new CreateGroupCommand({ GroupName: 'team' }));
});

function documentOf(cidr: string): PolicyDocument {
  const Condition = { NotIpAddress: { 'aws:SourceIp': [cidr] } };
  const Action = 'sagemaker:CreatePresignedNotebookInstanceUrl';
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Deny1', Effect: 'Deny', Action, Resource: '*', Condition }],
  };
}

const first = documentOf('203.0.113.0/24');
const second = documentOf('2001:db8::/48');
const creation = {
  kind: 'CreatePolicy',
  reason: 'r',
  name: 'p',
  path: policyPath,
  description: 'of a link',
  document: first,
  tags: { team: 'ml' },
} as const;

test('a policy lives: made, attached, changed, detached, deleted', async () => {
  expect(await look({ kind: 'ManagedPolicy', arn })).toEqual({});
  expect(await apply(creation)).toMatchObject({ existed: false, policy: { arn } });
  expect(await look({ kind: 'PolicyNames', path: policyPath })).toEqual(['p']);
  for (const principal of principals) await apply({ kind: 'AttachPolicy', ...named, principal });
  const { policy } = await look({ kind: 'ManagedPolicy', arn });
  expect(policy).toMatchObject({ tags: { team: 'ml' }, document: first, defaultVersionId: 'v1' });
  expect(new Set(policy?.attachedTo)).toEqual(new Set(principals));
  await apply({ kind: 'CreatePolicyVersion', ...named, document: second });
  expect(await look({ kind: 'PolicyVersions', arn })).toEqual([
    { id: 'v1', isDefault: false, document: first },
    { id: 'v2', isDefault: true, document: second },
  ]);
  await apply({ kind: 'SetDefaultPolicyVersion', ...named, versionId: 'v1', document: first });
  await apply({ kind: 'DeletePolicyVersion', ...named, versionId: 'v2' });
  for (const principal of principals) await apply({ kind: 'DetachPolicy', ...named, principal });
  await apply({ kind: 'TagPolicy', ...named, tags: { stage: 'prod' } });
  await apply({ kind: 'UntagPolicy', ...named, keys: ['team'] });
  expect(await look({ kind: 'ManagedPolicy', arn })).toMatchObject({
    policy: { defaultVersionId: 'v1', attachedTo: [], tags: { stage: 'prod' } },
  });
  await apply({ kind: 'DeletePolicy', ...named });
  expect(await look({ kind: 'ManagedPolicy', arn })).toEqual({});
  expect(await look({ kind: 'PolicyBoundaryUses', arn })).toEqual([]);
});

test('a pass in which nothing changed costs 2 calls of IAM', async () => {
  await apply(creation);
  await apply({ kind: 'AttachPolicy', ...named, principal: lead });
  await look({ kind: 'ManagedPolicy', arn });
  aws.calls.length = 0;
  await look({ kind: 'ManagedPolicy', arn });
  expect(countByAction(aws.calls)).toEqual({ GetPolicy: 1, ListEntitiesForPolicy: 1 });
});

test('refusals are told apart: a taken name, a full list of versions, nobody to attach to', async () => {
  await apply(creation);
  expect(await apply(creation)).toMatchObject({ existed: true, policy: { arn, document: first } });
  for (let host = 1; host <= 4; host += 1) {
    await apply({
      kind: 'CreatePolicyVersion',
      ...named,
      document: documentOf(`192.0.2.${host}/32`),
    });
  }
  await expect(
    apply({ kind: 'CreatePolicyVersion', ...named, document: second }),
  ).rejects.toMatchObject({ kind: 'Quota', code: 'LimitExceeded' });
  const principal = { kind: 'role', name: 'Nobody' } as const;
  await expect(apply({ kind: 'AttachPolicy', ...named, principal })).rejects.toMatchObject({
    kind: 'Invalid',
    code: 'PrincipalNotFound',
  });
  await apply({ kind: 'DetachPolicy', ...named, principal });
});

test("a principal's policies are found, managed and inline ones", async () => {
  await apply(creation);
  const PolicyArn = arn;
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'Lead', PolicyArn }));
  const inline = { PolicyName: 'own', PolicyDocument: JSON.stringify(second) };
  await iam.send(new PutRolePolicyCommand({ RoleName: 'Lead', ...inline }));
  const absent = { kind: 'user', name: 'nobody' } as const;
  const answers = await look({ kind: 'PrincipalPolicies', principals: [lead, absent] });
  expect(answers).toMatchObject([
    {
      principal: lead,
      policies: [
        { name: 'p', arn, through: lead, document: first },
        { name: 'own', through: lead, document: second },
      ],
    },
  ]);
});
