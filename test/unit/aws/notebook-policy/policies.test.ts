import { expect, test } from '@jest/globals';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import { arn, documentOf } from './policy-values.ts';
import { scriptedCloud } from '../scripted-cloud.ts';
import { ec2Error } from '../scripted-transport.ts';

/** An error as the SDK throws it for an answer of IAM's: its name has a suffix. */
function iamError(code: string, message = '', httpStatusCode = 400): Error {
  const name = `${code}Exception`;
  return Object.assign(ec2Error(code, message, httpStatusCode), { name });
}

/** As IAM sends a document: encoded for URLs, where a plus sign is a plus sign. */
function encoded(sid: string): { PolicyVersion: { Document: string } } {
  return { PolicyVersion: { Document: encodeURIComponent(JSON.stringify(documentOf(sid))) } };
}

const policy = { PolicyName: 'p', PolicyId: 'ANPA1', DefaultVersionId: 'v1', AttachmentCount: 1 };
const managed = { kind: 'ManagedPolicy', arn } as const;

test('an unchanged policy costs 2 reads; its document, as IAM encodes it, is read once', async () => {
  const { look, transport } = scriptedCloud({
    'iam:GetPolicy': () => ({ Policy: policy }),
    'iam:GetPolicyVersion': () => encoded('a+b %41'),
    'iam:ListEntitiesForPolicy': () => ({ PolicyRoles: [{ RoleName: 'Lead' }] }),
  });
  const wanted = { policy: { document: documentOf('a+b %41'), attachedTo: [{ name: 'Lead' }] } };
  expect(await look(managed)).toMatchObject(wanted);
  const before = transport.sent.length;
  expect(await look(managed)).toMatchObject(wanted);
  const sent = transport.sent.slice(before).map(({ action }) => action);
  expect(sent.toSorted()).toEqual(['iam:GetPolicy', 'iam:ListEntitiesForPolicy']);
});

test('the attachments of a policy may be on a later page than the first one, which is empty', async () => {
  const { look } = scriptedCloud({
    'iam:GetPolicy': () => ({ Policy: policy }),
    'iam:GetPolicyVersion': () => encoded('a'),
    'iam:ListEntitiesForPolicy': ({ Marker }) =>
      Marker === undefined
        ? { IsTruncated: true, Marker: 'more' }
        : { IsTruncated: false, PolicyUsers: [{ UserName: 'ann' }] },
  });
  expect((await look(managed)).policy?.attachedTo).toEqual([{ kind: 'user', name: 'ann' }]);
});

test('of policies that are asked for at once, one that fails fails alone', async () => {
  const { look } = scriptedCloud({
    'iam:GetPolicy': ({ PolicyArn }) => {
      if (PolicyArn?.endsWith('denied') === true) throw iamError('AccessDenied', '', 403);
      throw iamError('NoSuchEntity', '', 404);
    },
  });
  const denied = { ...managed, arn: `${arn}-denied` };
  const [one, other] = await Promise.allSettled([look(managed), look(denied)]);
  expect(one).toEqual({ status: 'fulfilled', value: {} });
  expect(other).toMatchObject({ status: 'rejected', reason: { kind: 'Denied' } });
});

test('a policy of which IAM shows only a part is waited for, not misread', async () => {
  const { look } = scriptedCloud({
    'iam:GetPolicy': () => ({ Policy: policy }),
    'iam:GetPolicyVersion': () => {
      throw iamError('NoSuchEntity', 'Policy version v1 does not exist', 404);
    },
    'iam:ListEntitiesForPolicy': () => ({}),
  });
  await expect(look(managed)).rejects.toMatchObject({ kind: 'InTransition' });
});

test('a document that was no JSON once is read again', async () => {
  const answers = [{ PolicyVersion: { Document: '%' } }, encoded('a')];
  const { look } = scriptedCloud({
    'iam:GetPolicy': () => ({ Policy: { ...policy, AttachmentCount: 0 } }),
    'iam:GetPolicyVersion': () => answers.shift() ?? {},
  });
  expect((await look(managed)).policy?.document).toBeUndefined();
  expect((await look(managed)).policy?.document).toEqual(documentOf('a'));
});

test('versions come in the order of their numbers, not of their texts', async () => {
  const { look } = scriptedCloud({
    'iam:GetPolicy': () => ({ Policy: policy }),
    'iam:ListPolicyVersions': () => ({
      Versions: [
        { VersionId: 'v10', IsDefaultVersion: true },
        { VersionId: 'v9', IsDefaultVersion: false },
      ],
    }),
    'iam:GetPolicyVersion': ({ VersionId = '' }) => encoded(VersionId),
  });
  expect(await look({ kind: 'PolicyVersions', arn })).toEqual([
    { id: 'v9', isDefault: false, document: documentOf('v9') },
    { id: 'v10', isDefault: true, document: documentOf('v10') },
  ]);
});

test('a policy of AWS is among those of a role', async () => {
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess';
  const PolicyName = 'AmazonSageMakerFullAccess';
  const { look } = scriptedCloud({
    'iam:ListAttachedRolePolicies': () => ({ AttachedPolicies: [{ PolicyName, PolicyArn }] }),
    'iam:ListRolePolicies': () => ({}),
    'iam:GetRole': () => ({}) as never,
    'iam:GetPolicy': () => ({ Policy: { ...policy, DefaultVersionId: 'v27' } }),
    'iam:GetPolicyVersion': ({ VersionId = '' }) => encoded(VersionId),
  });
  const lead = { kind: 'role', name: 'Lead' } as const;
  expect(await look({ kind: 'PrincipalPolicies', principals: [lead] })).toEqual([
    {
      principal: lead,
      policies: [{ name: PolicyName, arn: PolicyArn, through: lead, document: documentOf('v27') }],
    },
  ]);
});

test('a group that goes while it is read does not take its member with it', async () => {
  const { look } = scriptedCloud({
    'iam:ListGroupsForUser': () => ({ Groups: [{ GroupName: 'gone' } as never] }),
    'iam:ListAttachedUserPolicies': () => ({}),
    'iam:ListUserPolicies': () => ({ PolicyNames: ['own'] }),
    'iam:GetUser': () => ({}) as never,
    'iam:GetUserPolicy': () => ({ PolicyDocument: JSON.stringify(documentOf('own')) }),
    'iam:ListAttachedGroupPolicies': () => {
      throw iamError('NoSuchEntity', 'The group with name gone cannot be found.', 404);
    },
  });
  const ann = { kind: 'user', name: 'ann' } as const;
  expect(await look({ kind: 'PrincipalPolicies', principals: [ann] })).toMatchObject([
    { principal: ann, policies: [{ name: 'own', through: ann }] },
  ]);
});

test('a quota error is not taken for throttling: the call is made once', async () => {
  const { apply, transport } = scriptedCloud({
    'iam:CreatePolicyVersion': () => {
      throw iamError('LimitExceeded', 'A managed policy can have up to 5 versions.', 409);
    },
  });
  const change = {
    kind: 'CreatePolicyVersion',
    reason: 'r',
    arn,
    document: documentOf('a'),
  } as const;
  await expect(apply(change)).rejects.toMatchObject({ kind: 'Quota', code: 'LimitExceeded' });
  expect(transport.sent).toHaveLength(1);
});

test.each([
  ['NoSuchEntityException', 'NoSuchEntity', 'NotFound'],
  ['LimitExceededException', 'LimitExceeded', 'Quota'],
  ['EntityAlreadyExistsException', 'EntityAlreadyExists', 'Conflict'],
  ['DeleteConflictException', 'DeleteConflict', 'InUse'],
  ['ConcurrentModificationException', 'ConcurrentModification', 'InTransition'],
  ['UnmodifiableEntityException', 'UnmodifiableEntity', 'Invalid'],
  ['PolicyNotAttachableException', 'PolicyNotAttachable', 'Invalid'],
  ['MalformedPolicyDocumentException', 'MalformedPolicyDocument', 'Invalid'],
  ['ThrottlingException', 'ThrottlingException', 'Throttled'],
  ['SurpriseException', 'SurpriseException', 'Unknown'],
])('without a code on the wire %s is %s, %s', (name, code, kind) => {
  const error = { name, message: '', $fault: 'client', $metadata: { httpStatusCode: 400 } };
  expect(toCloudError('iam:AttachRolePolicy', error)).toMatchObject({ code, kind });
});

test('principals are read four at a time, are given in their order, and one failure ends the rest', async () => {
  let working = 0;
  let most = 0;
  const begun: (string | undefined)[] = [];
  const { look } = scriptedCloud({
    'iam:ListAttachedRolePolicies': async ({ RoleName }) => {
      begun.push(RoleName);
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setImmediate(resolve));
      working -= 1;
      if (RoleName === 'broken') throw iamError('InternalFailure', '', 400);
      return {};
    },
    'iam:ListRolePolicies': () => ({}),
    'iam:GetRole': () => ({}) as never,
  });
  const read = (names: readonly string[]) =>
    look({
      kind: 'PrincipalPolicies',
      principals: names.map((name) => ({ kind: 'role', name }) as const),
    });
  const names = ['f', 'e', 'd', 'c', 'b', 'a'];
  expect((await read(names)).map(({ principal }) => principal.name)).toEqual(names);
  expect(most).toBe(4);
  begun.length = 0;
  await expect(read(['broken', 'a', 'b', 'c', 'd', 'e'])).rejects.toMatchObject({
    code: 'InternalFailure',
  });
  expect(begun).toEqual(['broken', 'a', 'b', 'c']);
});

test('IAM is asked gently: twenty reads at once, and ten a second from there on', async () => {
  const times: number[] = [];
  const { lookAtOnce, clock } = scriptedCloud({
    'iam:GetPolicy': () => {
      times.push(clock.now());
      throw iamError('NoSuchEntity', '', 404);
    },
  });
  await lookAtOnce(Array.from({ length: 100 }, (_, n) => ({ ...managed, arn: `${arn}-${n}` })));
  const [begin = 0] = times;
  const after = (ms: number) => times.filter((time) => time <= begin + ms).length;
  expect([after(0), after(1000), after(7900), after(8000)]).toEqual([20, 30, 99, 100]);
});
