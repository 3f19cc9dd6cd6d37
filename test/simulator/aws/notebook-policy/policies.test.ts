import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { policyPath } from '../../../../src/plan/ownership/ownership.ts';
import {
  ann,
  arn,
  creation,
  documentOf,
  first,
  iamOf,
  lead,
  name,
  named,
  second,
  shownPolicy,
  startPolicyWorld,
  team,
} from './policy-world.ts';
import type { SimulatedCloud } from '../simulated-cloud.ts';

let world: SimulatedCloud;

beforeEach(async () => {
  // Two entries a page: every list here comes in several pages.
  world = await startPolicyWorld([lead, ann, team], { iamPageSize: 2 });
});

afterEach(() => world.close());

function versionsOf(): string[] {
  return iamOf(world)
    .policies()
    .filter((policy) => policy.arn === arn)
    .flatMap(({ versions }) => versions.map(({ id }) => id));
}

test('a policy lives: made, attached, changed, detached, deleted', async () => {
  const { look, apply } = world;
  expect(await shownPolicy(world)).toBeUndefined();
  const { policy, existed } = await apply(creation);
  expect({ existed, policy }).toMatchObject({ existed: false, policy: { arn, document: first } });
  for (const principal of [lead, ann, team]) {
    await apply({ kind: 'AttachPolicy', ...named, principal });
  }
  const shown = await shownPolicy(world);
  expect(shown).toMatchObject({
    name,
    tags: creation.tags,
    document: first,
    defaultVersionId: 'v1',
    boundaryUses: 0,
  });
  expect(new Set(shown?.attachedTo)).toEqual(new Set([lead, ann, team]));
  const made = await apply({ kind: 'CreatePolicyVersion', ...named, document: second });
  expect(made).toEqual({ versionId: 'v2' });
  expect(await shownPolicy(world)).toMatchObject({ defaultVersionId: 'v2', document: second });
  const back = { versionId: 'v1', document: first };
  await apply({ kind: 'SetDefaultPolicyVersion', ...named, ...back });
  expect(await look({ kind: 'PolicyVersions', arn })).toEqual([
    { id: 'v1', isDefault: true, document: first },
    { id: 'v2', isDefault: false, document: second },
  ]);
  for (const principal of [lead, ann, team]) {
    await apply({ kind: 'DetachPolicy', ...named, principal });
  }
  await apply({ kind: 'DeletePolicyVersion', ...named, versionId: 'v2' });
  await apply({ kind: 'DeletePolicy', ...named });
  expect(await shownPolicy(world)).toBeUndefined();
  expect(
    iamOf(world)
      .policies()
      .some((one) => one.arn === arn),
  ).toBe(false);
});

test('what is done already is done: a repeat changes nothing and fails nothing', async () => {
  const { apply } = world;
  await apply(creation);
  const attachment = { ...named, principal: lead } as const;
  await apply({ kind: 'AttachPolicy', ...attachment });
  await apply({ kind: 'AttachPolicy', ...attachment });
  await apply({ kind: 'DetachPolicy', ...attachment });
  await apply({ kind: 'DetachPolicy', ...attachment });
  await apply({ kind: 'DeletePolicyVersion', ...named, versionId: 'v7' });
  await apply({ kind: 'DeletePolicy', ...named });
  await apply({ kind: 'DeletePolicy', ...named });
  await apply({ kind: 'UntagPolicy', ...named, keys: ['team'] });
  expect(
    iamOf(world)
      .policies()
      .some((one) => one.arn === arn),
  ).toBe(false);
});

test('a pass in which nothing changed costs 2 calls of IAM, and none for what nobody has', async () => {
  const { simulator, apply } = world;
  await apply(creation);
  await apply({ kind: 'AttachPolicy', ...named, principal: lead });
  await shownPolicy(world);
  simulator.resetCalls();
  await shownPolicy(world);
  expect(simulator.callCounts()).toEqual({ GetPolicy: 1, ListEntitiesForPolicy: 1 });
  await apply({ kind: 'DetachPolicy', ...named, principal: lead });
  simulator.resetCalls();
  await shownPolicy(world);
  expect(simulator.callCounts()).toEqual({ GetPolicy: 1 });
});

test('a policy that was made anew is not taken for the one of its name before it', async () => {
  const { apply, look } = world;
  await apply(creation);
  expect(await shownPolicy(world)).toMatchObject({ document: first });
  iamOf(world).deletePolicy(arn);
  expect(await shownPolicy(world)).toBeUndefined();
  iamOf(world).createPolicy({ name, path: policyPath, document: second });
  expect(await shownPolicy(world)).toMatchObject({ defaultVersionId: 'v1', document: second });
  expect(await look({ kind: 'PolicyVersions', arn })).toMatchObject([{ document: second }]);
});

test('a sixth version is refused for the quota, once, and the five stay', async () => {
  const { apply, simulator } = world;
  await apply(creation);
  for (let host = 1; host <= 4; host += 1) {
    const document = documentOf(`203.0.113.${host}/32`);
    await apply({ kind: 'CreatePolicyVersion', ...named, document });
  }
  simulator.resetCalls();
  await expect(
    apply({ kind: 'CreatePolicyVersion', ...named, document: second }),
  ).rejects.toMatchObject({
    kind: 'Quota',
    code: 'LimitExceeded',
    message: expect.stringContaining(`${arn} has as many versions`),
  });
  expect(simulator.callCounts()).toEqual({ CreatePolicyVersion: 1 });
  const versions = await world.look({ kind: 'PolicyVersions', arn });
  expect(versions.map(({ id }) => id)).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
  await apply({ kind: 'DeletePolicyVersion', ...named, versionId: 'v1' });
  expect(await apply({ kind: 'CreatePolicyVersion', ...named, document: second })).toEqual({
    versionId: 'v6',
  });
});

test('a document that is too long is told from too many versions', async () => {
  await world.apply(creation);
  const hosts = Array.from({ length: 6144 / 16 }, (_, n) => `198.51.${n >> 8}.${n & 255}/32`);
  const document = documentOf(...hosts);
  const error = await world
    .apply({ kind: 'CreatePolicyVersion', ...named, document })
    .then(String, (thrown: Error) => thrown.message);
  expect(error).toContain('PolicySize');
  expect(error).not.toContain('versions');
});

test('what IAM still uses is not deleted: attachments, versions, the version in force', async () => {
  const { apply } = world;
  await apply(creation);
  await apply({ kind: 'CreatePolicyVersion', ...named, document: second });
  const inUse = { kind: 'InUse', code: 'DeleteConflict' };
  const removal = { kind: 'DeletePolicy', ...named } as const;
  await expect(apply(removal)).rejects.toMatchObject(inUse);
  await expect(
    apply({ kind: 'DeletePolicyVersion', ...named, versionId: 'v2' }),
  ).rejects.toMatchObject(inUse);
  await apply({ kind: 'DeletePolicyVersion', ...named, versionId: 'v1' });
  await apply({ kind: 'AttachPolicy', ...named, principal: team });
  await expect(apply(removal)).rejects.toMatchObject(inUse);
  expect(versionsOf()).toEqual(['v2']);
});

test('who has the policy as a boundary is counted and named, and is not an attachment', async () => {
  const { apply, look } = world;
  await apply(creation);
  for (const principal of ['b1', 'b2', 'b3']) {
    iamOf(world).createPrincipal({ kind: 'role', name: principal, boundaryArn: arn });
  }
  await apply({ kind: 'AttachPolicy', ...named, principal: team });
  expect(await shownPolicy(world)).toMatchObject({ boundaryUses: 3, attachedTo: [team] });
  expect(await look({ kind: 'PolicyBoundaryUses', arn })).toEqual([
    { kind: 'role', name: 'b1' },
    { kind: 'role', name: 'b2' },
    { kind: 'role', name: 'b3' },
  ]);
  await apply({ kind: 'DetachPolicy', ...named, principal: team });
  await expect(apply({ kind: 'DeletePolicy', ...named })).rejects.toMatchObject({ kind: 'InUse' });
});

test('a name that is taken leads to the policy that has it, whatever its path and case', async () => {
  const { apply } = world;
  const other = iamOf(world).createPolicy({
    name: name.toUpperCase(),
    path: '/elsewhere/',
    document: second,
    tags: { owner: 'somebody' },
  });
  for (let n = 0; n < 5; n += 1) iamOf(world).createPolicy({ name: `p${n}`, document: second });
  expect(await apply(creation)).toMatchObject({
    existed: true,
    policy: { arn: other.arn, tags: { owner: 'somebody' }, document: second },
  });
});

test('the names below a path are one list', async () => {
  const { apply, look } = world;
  await apply(creation);
  iamOf(world).createPolicy({ name: 'elsewhere', document: second });
  for (let n = 0; n < 3; n += 1) {
    iamOf(world).createPolicy({ name: `p${n}`, path: policyPath, document: second });
  }
  const names = await look({ kind: 'PolicyNames', path: policyPath });
  expect([...names].sort()).toEqual(['p0', 'p1', 'p2', name].sort());
});

test('policies are read by ARN, as they are on their own, and those that are not there are left out', async () => {
  const { apply, look } = world;
  await apply(creation);
  await apply({ kind: 'AttachPolicy', ...named, principal: lead });
  const other = iamOf(world).createPolicy({ name: 'p', path: policyPath, document: second });
  const owner = { clusterId: 'c', uid: 'u', name: 'ml' };
  const arns = [arn, `${arn}-gone`, other.arn];
  const policies = await look({ kind: 'PoliciesByARN', arns, owner });
  expect(policies).toEqual([
    await shownPolicy(world),
    expect.objectContaining({ arn: other.arn, document: second }),
  ]);
  expect(policies[0]?.attachedTo).toEqual([lead]);
});

test('tags are set and removed', async () => {
  const { apply } = world;
  await apply(creation);
  await apply({ kind: 'TagPolicy', ...named, tags: { team: 'ml', stage: 'prod' } });
  await apply({ kind: 'UntagPolicy', ...named, keys: ['stage'] });
  expect((await shownPolicy(world))?.tags).toEqual({ ...creation.tags, team: 'ml' });
});
