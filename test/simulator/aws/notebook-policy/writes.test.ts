/** The writers of policies, their versions and attachments, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  attachPolicy,
  detachPolicy,
} from '../../../../src/aws/notebook-policy/write-attachments.ts';
import {
  createPolicy,
  deletePolicy,
  tagPolicy,
  untagPolicy,
} from '../../../../src/aws/notebook-policy/write-policies.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from '../../../../src/aws/notebook-policy/write-versions.ts';
import type { Principal } from '../../../../src/plan/facts.ts';
import { type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';
import {
  ann,
  arn,
  creation,
  documentOf,
  first,
  lead,
  named,
  second,
  team,
} from './policy-world.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

const principals = [lead, ann, team];

function policyAt(policyArn = arn) {
  return world.iam.policies().find((policy) => policy.arn === policyArn);
}

function versionsInForce(): readonly unknown[] {
  const { versions = [], defaultVersionId } = policyAt() ?? {};
  return versions
    .filter(({ id }) => id === defaultVersionId)
    .map(({ document }) => JSON.parse(document));
}

function attachedTo(): readonly string[] {
  return world.iam
    .principals()
    .filter(({ attachedPolicyArns }) => attachedPolicyArns.includes(arn))
    .map(({ name }) => name);
}

test('a policy is made with its path, document and tags', async () => {
  const { policy, existed } = await createPolicy(creation, world.writing);
  const { name, path, tags, document } = creation;
  const fresh = { defaultVersionId: 'v1', attachedTo: [], boundaryUses: 0 };
  expect({ policy, existed }).toEqual({
    policy: { arn, name, tags, document, ...fresh },
    existed: false,
  });
  expect(policyAt()).toMatchObject({ name, path, description: 'of a link', tags });
  expect(versionsInForce()).toEqual([document]);
});

test('a name that is taken leads to the policy that has it, wherever it is and however it is written', async () => {
  const { iam, writing } = world;
  iam.createPolicy({ name: 'mIXED', path: '/theirs/', document: second });
  const { policy, existed } = await createPolicy({ ...creation, name: 'Mixed' }, writing);
  expect(existed).toBe(true);
  expect(policy).toMatchObject({ name: 'mIXED', document: second, tags: {} });
  expect(iam.policies().filter(({ path }) => path === creation.path)).toEqual([]);
});

test('a policy that is where ours would be is read with who has it', async () => {
  const { iam, writing } = world;
  await createPolicy(creation, writing);
  iam.changePrincipal(iam.createPrincipal(ann), { attachedPolicyArns: [arn] });
  const again = await createPolicy({ ...creation, document: second }, writing);
  expect(again).toMatchObject({
    existed: true,
    policy: { arn, document: first, attachedTo: [ann] },
  });
});

test('a taken name that no read shows is about to appear', async () => {
  const { writing, answering, simulator } = world;
  await createPolicy(creation, writing);
  const effect = { kind: 'error', code: 'NoSuchEntity', httpStatus: 404 } as const;
  simulator.faults.add({ action: 'GetPolicy', effect });
  answering('iam:ListPolicies', (answer) => ({ ...answer, Policies: [] }));
  await expect(createPolicy(creation, writing)).rejects.toMatchObject({
    kind: 'InTransition',
    code: 'EntityAlreadyExists',
  });
});

test('an answer without the ARN of the policy, or the id of the version, is no success', async () => {
  const { writing, answering } = world;
  answering('iam:CreatePolicy', ({ $metadata }) => ({ $metadata, Policy: { Arn: '' } }));
  const incomplete = { code: 'IncompleteAnswer' };
  await expect(createPolicy(creation, writing)).rejects.toMatchObject(incomplete);
  answering('iam:CreatePolicyVersion', ({ $metadata }) => ({
    $metadata,
    PolicyVersion: undefined,
  }));
  const change = { kind: 'CreatePolicyVersion', ...named, document: second } as const;
  await expect(createPolicyVersion(change, writing)).rejects.toMatchObject(incomplete);
});

test.each([
  ['CreatePolicy', 'this account has as many policies as IAM allows'],
  ['CreatePolicyVersion', `${arn} has as many versions as IAM allows`],
  ['AttachUserPolicy', 'user ann has as many managed policies as IAM allows'],
])('a quota that %s meets is said by the thing that is full', async (action, full) => {
  const { iam, simulator, writing } = world;
  iam.createPolicy({ name: 'theirs', document: first });
  iam.createPrincipal(ann);
  const message = 'Cannot exceed quota.';
  const effect = { kind: 'error', code: 'LimitExceeded', httpStatus: 409, message } as const;
  simulator.faults.add({ action, effect });
  const change = {
    CreatePolicy: () => createPolicy(creation, writing),
    CreatePolicyVersion: () =>
      createPolicyVersion({ kind: 'CreatePolicyVersion', ...named, document: second }, writing),
    AttachUserPolicy: () =>
      attachPolicy({ kind: 'AttachPolicy', ...named, principal: ann }, writing),
  }[action];
  await expect(change?.()).rejects.toMatchObject({
    kind: 'Quota',
    message: expect.stringContaining(`(${full}`),
  });
});

test('tags are set and removed by key, and of a policy that is gone they are gone', async () => {
  const { writing } = world;
  await createPolicy({ ...creation, tags: { of: 'me', env: 'a' } }, writing);
  const tags = { env: 'b', team: '' };
  await tagPolicy({ kind: 'TagPolicy', ...named, tags }, writing);
  expect(policyAt()?.tags).toEqual({ of: 'me', env: 'b', team: '' });
  const removal = { kind: 'UntagPolicy', ...named, keys: ['env', 'never'] } as const;
  await untagPolicy(removal, writing);
  expect(policyAt()?.tags).toEqual({ of: 'me', team: '' });
  world.iam.deletePolicy(arn);
  await untagPolicy(removal, writing);
  await expect(tagPolicy({ kind: 'TagPolicy', ...named, tags }, writing)).rejects.toMatchObject({
    kind: 'NotFound',
  });
});

test('a version is added and in force; another one can be put in force again', async () => {
  const { writing } = world;
  await createPolicy(creation, writing);
  const change = { kind: 'CreatePolicyVersion', ...named, document: second } as const;
  expect(await createPolicyVersion(change, writing)).toEqual({ versionId: 'v2' });
  expect(versionsInForce()).toEqual([second]);
  const back = {
    kind: 'SetDefaultPolicyVersion',
    ...named,
    versionId: 'v1',
    document: first,
  } as const;
  await setDefaultPolicyVersion(back, writing);
  expect(versionsInForce()).toEqual([first]);
  await expect(
    setDefaultPolicyVersion({ ...back, versionId: 'v9' }, writing),
  ).rejects.toMatchObject({ kind: 'NotFound' });
});

test('a version is deleted once, is deleted already, and is not while it is in force', async () => {
  const { writing } = world;
  await createPolicy(creation, writing);
  await createPolicyVersion({ kind: 'CreatePolicyVersion', ...named, document: second }, writing);
  const deletion = { kind: 'DeletePolicyVersion', ...named, versionId: 'v1' } as const;
  await deletePolicyVersion(deletion, writing);
  expect(policyAt()?.versions.map(({ id }) => id)).toEqual(['v2']);
  await deletePolicyVersion(deletion, writing);
  await expect(
    deletePolicyVersion({ ...deletion, versionId: 'v2' }, writing),
  ).rejects.toMatchObject({ kind: 'InUse' });
  expect(policyAt()?.versions.map(({ id }) => id)).toEqual(['v2']);
});

test('a policy is deleted once, is deleted already, and is not while somebody has it', async () => {
  const { iam, writing } = world;
  await createPolicy(creation, writing);
  const user = iam.createPrincipal(ann);
  iam.changePrincipal(user, { attachedPolicyArns: [arn] });
  const deletion = { kind: 'DeletePolicy', ...named } as const;
  await expect(deletePolicy(deletion, writing)).rejects.toMatchObject({ kind: 'InUse' });
  expect(policyAt()).toBeDefined();
  iam.changePrincipal(user, { attachedPolicyArns: [] });
  await deletePolicy(deletion, writing);
  expect(policyAt()).toBeUndefined();
  await deletePolicy(deletion, writing);
});

test.each(principals)('the $kind gets the policy, keeps it, and loses it', async (principal) => {
  const { iam, writing } = world;
  await createPolicy(creation, writing);
  iam.createPrincipal(principal);
  const attachment = { kind: 'AttachPolicy', ...named, principal } as const;
  for (let times = 0; times < 2; times += 1) {
    await attachPolicy(attachment, writing);
    expect(attachedTo()).toEqual([principal.name]);
  }
  const detachment = { kind: 'DetachPolicy', ...named, principal } as const;
  for (let times = 0; times < 2; times += 1) {
    await detachPolicy(detachment, writing);
    expect(attachedTo()).toEqual([]);
  }
});

test.each(principals)(
  'a $kind that is not there is told from a policy that is not there',
  async (principal) => {
    const { iam, writing } = world;
    const attachment = { kind: 'AttachPolicy', ...named, principal } as const;
    await createPolicy(creation, writing);
    await expect(attachPolicy(attachment, writing)).rejects.toMatchObject({
      kind: 'Invalid',
      code: 'PrincipalNotFound',
      message: expect.stringContaining(`no ${principal.kind} ${principal.name} in this account`),
    });
    await detachPolicy({ kind: 'DetachPolicy', ...named, principal }, writing);
    iam.createPrincipal(principal);
    iam.deletePolicy(arn);
    await expect(attachPolicy(attachment, writing)).rejects.toMatchObject({ kind: 'NotFound' });
  },
);

test('a change that is denied is not taken for done', async () => {
  const { iam, simulator, writing } = world;
  await createPolicy(creation, writing);
  const principal: Principal = ann;
  iam.changePrincipal(iam.createPrincipal(ann), { attachedPolicyArns: [arn] });
  simulator.faults.add({ action: '*', effect: { kind: 'deny' } });
  const changes = [
    detachPolicy({ kind: 'DetachPolicy', ...named, principal }, writing),
    deletePolicyVersion({ kind: 'DeletePolicyVersion', ...named, versionId: 'v1' }, writing),
    deletePolicy({ kind: 'DeletePolicy', ...named }, writing),
    untagPolicy({ kind: 'UntagPolicy', ...named, keys: ['of'] }, writing),
    createPolicy({ ...creation, document: documentOf('10.0.0.0/8') }, writing),
  ];
  for (const outcome of await Promise.allSettled(changes)) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'Denied' } });
  }
  expect(attachedTo()).toEqual(['ann']);
});
