/** The readers of policies and of the principals that have them, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  attachedPolicies,
  groupsOfUser,
} from '../../../../src/aws/notebook-policy/read-attached-policies.ts';
import {
  inlinePolicyNames,
  inlinePolicyText,
} from '../../../../src/aws/notebook-policy/read-inline-policies.ts';
import {
  createManagedPolicyReader,
  findPolicy,
  orInTransition,
} from '../../../../src/aws/notebook-policy/read-managed-policy.ts';
import { permissionsBoundary } from '../../../../src/aws/notebook-policy/read-permissions-boundary.ts';
import { createPolicyBoundaryUsesReader } from '../../../../src/aws/notebook-policy/read-policy-boundary-uses.ts';
import { createPolicyDocuments } from '../../../../src/aws/notebook-policy/read-policy-documents.ts';
import { findEntities } from '../../../../src/aws/notebook-policy/read-policy-entities.ts';
import {
  createPolicyNamesReader,
  findPoliciesUnder,
} from '../../../../src/aws/notebook-policy/read-policy-names.ts';
import { createPolicyVersionsReader } from '../../../../src/aws/notebook-policy/read-policy-versions.ts';
import { createPrincipalPoliciesReader } from '../../../../src/aws/notebook-policy/read-principal-policies.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import type { Principal } from '../../../../src/plan/facts.ts';
import { accountId, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';
import { ann, documentOf, first, lead, second, team } from './policy-world.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  // Two entries a page: every list of three comes in two pages.
  world = await startSimulatedCalls({ iamPageSize: 2 });
});

afterEach(() => world.close());

const principals = [lead, ann, team];
const absent: Principal = { kind: 'role', name: 'nobody' };
const absentArn = `arn:aws:iam::${accountId}:policy/absent`;

/** A principal with these managed policies, and with these policies of its own. */
function createPrincipal(
  principal: Principal,
  fields: {
    readonly attachedPolicyArns?: readonly string[];
    readonly inlinePolicies?: Readonly<Record<string, string>>;
    readonly groupNames?: readonly string[];
    readonly boundaryArn?: string;
  } = {},
): void {
  world.iam.changePrincipal(world.iam.createPrincipal(principal), fields);
}

function createPolicies(...names: readonly string[]): string[] {
  return names.map((name) => world.iam.createPolicy({ name, document: first }).arn);
}

test.each(principals)(
  'the managed policies of the $kind are read to the last page',
  async (who) => {
    const { reading, ask } = world;
    const arns = createPolicies('one', 'two', 'three');
    createPrincipal(who, { attachedPolicyArns: arns });
    const found = await attachedPolicies(who, reading.calls, ask().signal);
    expect(found.map(({ PolicyArn }) => PolicyArn).toSorted()).toEqual(arns.toSorted());
  },
);

test.each(principals)('the own policies of the $kind are read, each with its text', async (who) => {
  const { reading, ask } = world;
  const inlinePolicies = { a: '{"Sid":"1"}', b: '{"Sid":"2"}', c: '{"Sid":"c + c"}' };
  createPrincipal(who, { inlinePolicies });
  const { signal } = ask();
  const names = await inlinePolicyNames(who, reading.calls, signal);
  expect(names.toSorted()).toEqual(['a', 'b', 'c']);
  const text = await inlinePolicyText(who, 'c', reading.calls, signal);
  expect(decodeURIComponent(text ?? '')).toBe('{"Sid":"c + c"}');
});

test.each(principals)(
  'a $kind that is not there is told from one without policies',
  async (who) => {
    const { reading, ask } = world;
    const { signal } = ask();
    const missing = { kind: 'NotFound', code: 'NoSuchEntity' };
    await expect(attachedPolicies(who, reading.calls, signal)).rejects.toMatchObject(missing);
    await expect(inlinePolicyNames(who, reading.calls, signal)).rejects.toMatchObject(missing);
    await expect(inlinePolicyText(who, 'a', reading.calls, signal)).rejects.toMatchObject(missing);
    createPrincipal(who);
    expect(await attachedPolicies(who, reading.calls, signal)).toEqual([]);
    expect(await inlinePolicyNames(who, reading.calls, signal)).toEqual([]);
  },
);

test('the groups of a user are read to the last page', async () => {
  const { reading, ask } = world;
  const groupNames = ['a', 'b', 'c'];
  for (const name of groupNames) createPrincipal({ kind: 'group', name });
  createPrincipal(ann, { groupNames });
  const groups = await groupsOfUser(ann.name, reading.calls, ask().signal);
  expect(groups).toEqual(groupNames.map((name) => ({ kind: 'group', name })));
});

test('a boundary is read of who can have one, and a group can not', async () => {
  const { reading, ask, sent } = world;
  const [boundaryArn = ''] = createPolicies('fence');
  createPrincipal(lead, { boundaryArn });
  createPrincipal(ann);
  const { signal } = ask();
  const boundaries = principals.map((who) => permissionsBoundary(who, reading.calls, signal));
  expect(await Promise.all(boundaries)).toEqual([boundaryArn, undefined, undefined]);
  expect(sent('GetGroup')).toBe(0);
  await expect(permissionsBoundary(absent, reading.calls, signal)).rejects.toMatchObject({
    kind: 'NotFound',
  });
});

test('principals that have a policy are told from those that it is the boundary of', async () => {
  const { reading, ask } = world;
  const [arn = ''] = createPolicies('one');
  const more: readonly Principal[] = [
    { kind: 'user', name: 'bob' },
    { kind: 'role', name: 'Ops' },
  ];
  for (const who of [...principals, ...more]) createPrincipal(who, { attachedPolicyArns: [arn] });
  const fenced: Principal = { kind: 'role', name: 'Fenced' };
  createPrincipal(fenced, { boundaryArn: arn });
  const { signal } = ask();
  const having = await findEntities(arn, 'PermissionsPolicy', reading.calls, signal);
  expect(having).toHaveLength(5);
  expect(having).toEqual(expect.arrayContaining([...principals, ...more]));
  const boundaryUses = createPolicyBoundaryUsesReader(reading);
  expect(await boundaryUses(arn, ask())).toEqual([fenced]);
  expect(await boundaryUses(absentArn, ask())).toEqual([]);
  await expect(
    findEntities(absentArn, 'PermissionsPolicy', reading.calls, signal),
  ).rejects.toMatchObject({ kind: 'NotFound' });
});

test('an entity without a name is left out, and the others stay', async () => {
  const { reading, ask, answering } = world;
  const [arn = ''] = createPolicies('one');
  answering('iam:ListEntitiesForPolicy', ({ $metadata }) => ({
    $metadata,
    PolicyUsers: [{}, { UserName: 'ann' }],
    PolicyRoles: undefined,
  }));
  const found = await findEntities(arn, 'PermissionsPolicy', reading.calls, ask().signal);
  expect(found).toEqual([ann]);
});

test('a policy is read with its default version, its tags and its uses', async () => {
  const { iam, reading, ask, sent } = world;
  const { arn } = iam.createPolicy({ name: 'p', path: '/x/', document: first, tags: { of: 'me' } });
  createPrincipal(ann, { attachedPolicyArns: [arn] });
  createPrincipal(lead, { boundaryArn: arn });
  const read = createManagedPolicyReader(reading);
  const policy = {
    arn,
    name: 'p',
    tags: { of: 'me' },
    defaultVersionId: 'v1',
    document: first,
    attachedTo: [ann],
    boundaryUses: 1,
  };
  expect(await read(arn, ask())).toEqual(policy);
  expect(await read(arn, ask())).toEqual(policy);
  // The document never changes, so it is read once.
  expect(sent('GetPolicyVersion')).toBe(1);
  expect(await read(absentArn, ask())).toBeUndefined();
});

test('nobody is asked for who has a policy that nobody has', async () => {
  const { reading, ask, sent } = world;
  const [arn = ''] = createPolicies('one');
  expect(await createManagedPolicyReader(reading)(arn, ask())).toMatchObject({ attachedTo: [] });
  expect(sent('ListEntitiesForPolicy')).toBe(0);
});

test('a policy of which IAM tells no name, no version and no counts is asked about all the same', async () => {
  const { iam, reading, ask, answering } = world;
  const { arn } = iam.createPolicy({ name: 'p', path: '/x/', document: first });
  answering('iam:GetPolicy', ({ $metadata }) => ({ $metadata, Policy: { Arn: arn } }));
  // Without the id of the version there is nothing to ask for: IAM refuses that.
  await expect(createManagedPolicyReader(reading)(arn, ask())).rejects.toMatchObject({
    action: 'iam:GetPolicyVersion',
  });
  answering('iam:GetPolicy', ({ $metadata }) => ({
    $metadata,
    Policy: { Arn: arn, DefaultVersionId: 'v1' },
  }));
  expect(await createManagedPolicyReader(reading)(arn, ask())).toEqual({
    arn,
    name: 'p',
    tags: {},
    defaultVersionId: 'v1',
    document: first,
    attachedTo: [],
    boundaryUses: 0,
  });
});

test('a policy whose version is not shown is about to appear or to go, not absent', async () => {
  const { simulator, reading, ask } = world;
  const [arn = ''] = createPolicies('one');
  const effect = { kind: 'error', code: 'NoSuchEntity', httpStatus: 404 } as const;
  simulator.faults.add({ action: 'GetPolicyVersion', effect });
  const inTransition = { kind: 'InTransition', code: 'NoSuchEntity' };
  await expect(createManagedPolicyReader(reading)(arn, ask())).rejects.toMatchObject(inTransition);
  await expect(createPolicyVersionsReader(reading)(arn, ask())).rejects.toMatchObject(inTransition);
});

test('no other failure is taken for a transition', async () => {
  const denied = new CloudError({ kind: 'Denied', action: 'a', code: 'c', message: 'm' });
  await expect(orInTransition('arn', () => Promise.reject(denied))).rejects.toBe(denied);
  expect(await orInTransition('arn', () => Promise.resolve(1))).toBe(1);
});

test('a policy that may not be read is an error, and none that is absent', async () => {
  const { simulator, reading, ask } = world;
  simulator.faults.add({ action: 'GetPolicy', effect: { kind: 'deny' } });
  const denied = { kind: 'Denied', action: 'iam:GetPolicy' };
  await expect(findPolicy(absentArn, reading, ask().signal)).rejects.toMatchObject(denied);
  await expect(createPolicyVersionsReader(reading)(absentArn, ask())).rejects.toMatchObject(denied);
});

test('versions come oldest first by number, with their documents', async () => {
  const { iam, reading, ask } = world;
  const { arn } = iam.createPolicy({ name: 'p', document: first });
  const versions = ['v10', 'v9', 'v2'].map((id) => ({
    id,
    document: JSON.stringify(documentOf(`10.0.0.${id.slice(1)}/32`)),
    createdAtMs: 0,
  }));
  iam.changePolicy(arn, { versions, defaultVersionId: 'v9' });
  expect(await createPolicyVersionsReader(reading)(arn, ask())).toEqual([
    { id: 'v2', isDefault: false, document: documentOf('10.0.0.2/32') },
    { id: 'v9', isDefault: true, document: documentOf('10.0.0.9/32') },
    { id: 'v10', isDefault: false, document: documentOf('10.0.0.10/32') },
  ]);
  expect(await createPolicyVersionsReader(reading)(absentArn, ask())).toEqual([]);
});

test('a document is read once per version of one policy, and anew for a policy made anew', async () => {
  const { iam, reading, ask, sent } = world;
  const documents = createPolicyDocuments();
  const { arn, id } = iam.createPolicy({ name: 'p', document: first });
  const read = (policyId: string | undefined, versionId = 'v1') =>
    documents.documentOf({ arn, policyId, versionId }, reading.calls, ask().signal);
  expect([await read(id), await read(id)]).toEqual([first, first]);
  expect(sent('GetPolicyVersion')).toBe(1);
  iam.deletePolicy(arn);
  const { id: newId } = iam.createPolicy({ name: 'p', document: second });
  expect(await read(newId)).toEqual(second);
  // A policy whose id IAM keeps to itself can't be told from another one: it is always read.
  expect([await read(undefined), await read(undefined)]).toEqual([second, second]);
  expect(sent('GetPolicyVersion')).toBe(4);
});

test('text that is no document is none, and is asked for again', async () => {
  const { iam, reading, ask, answering, sent } = world;
  const documents = createPolicyDocuments();
  const { arn, id } = iam.createPolicy({ name: 'p', document: first });
  const key = { arn, policyId: id, versionId: 'v1' };
  const read = () => documents.documentOf(key, reading.calls, ask().signal);
  answering('iam:GetPolicyVersion', (answer) => ({
    ...answer,
    PolicyVersion: { ...answer.PolicyVersion, Document: '%5B%5D' },
  }));
  expect(await read()).toBeUndefined();
  answering('iam:GetPolicyVersion', (answer) => answer);
  expect(await read()).toEqual(first);
  expect(sent('GetPolicyVersion')).toBe(2);
});

test('names are those below the path, to the last page, and not those of other paths', async () => {
  const { iam, reading, ask, sent } = world;
  for (const name of ['a', 'b', 'c']) iam.createPolicy({ name, path: '/x/', document: first });
  iam.createPolicy({ name: 'd', document: first });
  const names = createPolicyNamesReader(reading);
  const [below, all] = await Promise.all([names('/x/', ask()), names('/', ask())]);
  expect(below.toSorted()).toEqual(['a', 'b', 'c']);
  expect(all).toHaveLength(4);
  expect(sent('ListPolicies')).toBe(2 + 2);
  const under = await findPoliciesUnder('/x/', reading.calls, ask().signal);
  expect(under.every(({ Arn }) => Arn?.includes(':policy/x/'))).toBe(true);
});

test('a path whose list fails is an error for who asked for it alone', async () => {
  const { simulator, reading, ask } = world;
  simulator.faults.add({
    action: 'ListPolicies',
    matches: ({ parameters }) => parameters['PathPrefix'] === '/x/',
    effect: { kind: 'deny' },
  });
  const names = createPolicyNamesReader(reading);
  const both = await Promise.allSettled([names('/x/', ask()), names('/y/', ask())]);
  expect(both).toMatchObject([
    { status: 'rejected', reason: { kind: 'Denied' } },
    { status: 'fulfilled', value: [] },
  ]);
});

test('a principal’s policies are its own and its groups’, and one that is gone is left out', async () => {
  const { reading, ask } = world;
  const [managed = '', fence = ''] = createPolicies('managed', 'fence');
  createPrincipal(team, { attachedPolicyArns: [managed] });
  createPrincipal(ann, {
    inlinePolicies: { own: JSON.stringify(second), broken: '[]' },
    groupNames: [team.name],
    boundaryArn: fence,
  });
  const found = await createPrincipalPoliciesReader(reading)([absent, ann], ask());
  expect(found).toEqual([
    {
      principal: ann,
      policies: [
        { name: 'own', through: ann, document: second },
        { name: 'managed', arn: managed, through: team, document: first },
      ],
      boundary: { name: 'fence', arn: fence, through: ann, document: first },
    },
  ]);
});

test('a policy that IAM lists without an ARN, or that is gone, does not hide the others', async () => {
  const { reading, ask, answering } = world;
  const [kept = ''] = createPolicies('kept');
  createPrincipal(lead);
  answering('iam:ListAttachedRolePolicies', ({ $metadata }) => ({
    $metadata,
    IsTruncated: false,
    AttachedPolicies: [{}, { PolicyArn: absentArn, PolicyName: 'absent' }, { PolicyArn: kept }],
  }));
  const [found] = await createPrincipalPoliciesReader(reading)([lead], ask());
  expect(found?.policies).toEqual([{ name: kept, arn: kept, through: lead, document: first }]);
});

test('one list that is denied fails the whole answer', async () => {
  const { simulator, reading, ask } = world;
  createPrincipal(lead);
  simulator.faults.add({ action: 'ListRolePolicies', effect: { kind: 'deny' } });
  await expect(createPrincipalPoliciesReader(reading)([lead], ask())).rejects.toMatchObject({
    kind: 'Denied',
    action: 'iam:ListRolePolicies',
  });
});
