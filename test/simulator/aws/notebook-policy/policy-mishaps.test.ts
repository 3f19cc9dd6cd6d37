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
} from './policy-world.ts';
import { type SimulatedCloud, startSimulatedCloud } from '../simulated-cloud.ts';

let world: SimulatedCloud;

beforeEach(async () => {
  world = await startPolicyWorld([lead, ann]);
});

afterEach(() => world.close());

const hour = { ms: 3_600_000 };

test('what IAM does not show yet is there already, and settling', async () => {
  const { simulator, apply, look } = world;
  simulator.setVisibilityLag(hour);
  await apply(creation);
  expect(await shownPolicy(world)).toMatchObject({ arn, document: first, settling: true });
  expect(await look({ kind: 'PolicyVersions', arn })).toEqual([
    { id: 'v1', isDefault: true, document: first },
  ]);
  expect(await look({ kind: 'PolicyNames', path: policyPath })).toEqual([name]);
});

/** The policy, and its versions, as reads that lack the last change tell of it. */
async function shownLate() {
  const effect = { kind: 'stale' } as const;
  const late = world.simulator.faults.add({ service: 'iam', action: '*', effect });
  const policy = await shownPolicy(world);
  const versions = await world.look({ kind: 'PolicyVersions', arn });
  expect(late.hits()).toBeGreaterThan(0);
  late.remove();
  return { policy, versions };
}

test('a version that reads lack is in force, and settling', async () => {
  const { apply } = world;
  await apply(creation);
  await shownPolicy(world);
  await apply({ kind: 'CreatePolicyVersion', ...named, document: second });
  expect(await shownLate()).toMatchObject({
    policy: { defaultVersionId: 'v2', document: second, settling: true },
    versions: [
      { id: 'v1', isDefault: false, document: first },
      { id: 'v2', isDefault: true, document: second },
    ],
  });
  await apply({ kind: 'SetDefaultPolicyVersion', ...named, versionId: 'v1', document: first });
  expect((await shownLate()).policy).toMatchObject({ defaultVersionId: 'v1', settling: true });
  await apply({ kind: 'DeletePolicyVersion', ...named, versionId: 'v2' });
  expect((await shownLate()).versions.map(({ id }) => id)).toEqual(['v1']);
  expect((await shownPolicy(world))?.settling).toBeUndefined();
});

test('an attachment that reads lack is there, and one that they still show is not', async () => {
  const { apply } = world;
  await apply(creation);
  await shownPolicy(world);
  await apply({ kind: 'AttachPolicy', ...named, principal: lead });
  expect((await shownLate()).policy).toMatchObject({ attachedTo: [lead], settling: true });
  expect((await shownPolicy(world))?.settling).toBeUndefined();
  await apply({ kind: 'DetachPolicy', ...named, principal: lead });
  expect((await shownLate()).policy).toMatchObject({ attachedTo: [] });
});

test("somebody else's change after ours is reported once reads have shown ours", async () => {
  const { apply } = world;
  await apply(creation);
  await apply({ kind: 'AttachPolicy', ...named, principal: lead });
  expect(await shownPolicy(world)).toMatchObject({ attachedTo: [lead] });
  const [role] = iamOf(world).principals();
  if (role === undefined) throw new Error('no role');
  iamOf(world).changePrincipal(role, { attachedPolicyArns: [] });
  expect(await shownPolicy(world)).toMatchObject({ attachedTo: [] });
});

test('a policy that reads still show after its deletion is gone', async () => {
  const { simulator, apply, look } = world;
  await apply(creation);
  await shownPolicy(world);
  simulator.setVisibilityLag(hour);
  await apply({ kind: 'DeletePolicy', ...named });
  expect(await shownPolicy(world)).toBeUndefined();
  expect(await look({ kind: 'PolicyVersions', arn })).toEqual([]);
});

test('a creation whose answer was lost is found by its name, with our tags', async () => {
  const { simulator, apply } = world;
  const effect = { kind: 'reset' } as const;
  simulator.faults.add({ action: 'CreatePolicy', when: 'after', nth: 1, effect });
  await expect(apply(creation)).rejects.toMatchObject({ kind: 'Unavailable' });
  expect(await apply(creation)).toMatchObject({
    existed: true,
    policy: { arn, tags: creation.tags, document: first, attachedTo: [] },
  });
  expect(
    iamOf(world)
      .policies()
      .filter((policy) => policy.name === name),
  ).toHaveLength(1);
});

test('a taken name that IAM does not show yet is waited for', async () => {
  const { simulator, apply } = world;
  simulator.setVisibilityLag(hour);
  const effect = { kind: 'reset' } as const;
  simulator.faults.add({ action: 'CreatePolicy', when: 'after', nth: 1, effect });
  await expect(apply(creation)).rejects.toMatchObject({ kind: 'Unavailable' });
  await expect(apply(creation)).rejects.toMatchObject({
    kind: 'InTransition',
    code: 'EntityAlreadyExists',
  });
});

test('a version whose answer was lost is made once, and seen: nothing older hides it', async () => {
  const { simulator, apply, look } = world;
  await apply(creation);
  await apply({ kind: 'CreatePolicyVersion', ...named, document: second });
  await apply({ kind: 'SetDefaultPolicyVersion', ...named, versionId: 'v1', document: first });
  const third = documentOf('198.51.100.0/24');
  const effect = { kind: 'reset' } as const;
  simulator.faults.add({ action: 'CreatePolicyVersion', when: 'after', nth: 1, effect });
  simulator.resetCalls();
  await expect(
    apply({ kind: 'CreatePolicyVersion', ...named, document: third }),
  ).rejects.toMatchObject({ kind: 'Unavailable' });
  expect(simulator.callCounts()).toEqual({ CreatePolicyVersion: 1 });
  expect(await shownPolicy(world)).toMatchObject({ defaultVersionId: 'v3', document: third });
  expect((await look({ kind: 'PolicyVersions', arn })).map(({ id }) => id)).toEqual([
    'v1',
    'v2',
    'v3',
  ]);
});

test('a principal that is not there is told from a policy that IAM does not show yet', async () => {
  const { simulator, apply } = world;
  await apply(creation);
  const nobody = { kind: 'role', name: 'policy-reader' } as const;
  await expect(apply({ kind: 'AttachPolicy', ...named, principal: nobody })).rejects.toMatchObject({
    kind: 'Invalid',
    code: 'PrincipalNotFound',
    message: expect.stringContaining('there is no role policy-reader in this account'),
  });
  await apply({ kind: 'DetachPolicy', ...named, principal: nobody });
  const message = `Policy ${arn} does not exist or is not attachable.`;
  const effect = { kind: 'error', code: 'NoSuchEntity', httpStatus: 404, message } as const;
  simulator.faults.add({ action: 'AttachRolePolicy', effect });
  await expect(apply({ kind: 'AttachPolicy', ...named, principal: lead })).rejects.toMatchObject({
    kind: 'NotFound',
    code: 'NoSuchEntity',
  });
});

test('a role that only AWS changes, and a role that is full, are said to be so', async () => {
  const { apply } = world;
  await apply(creation);
  const iam = iamOf(world);
  const reserved = { kind: 'role', name: 'AWSServiceRoleForX' } as const;
  iam.createPrincipal({ ...reserved, path: '/aws-service-role/x.amazonaws.com/' });
  await expect(
    apply({ kind: 'AttachPolicy', ...named, principal: reserved }),
  ).rejects.toMatchObject({ kind: 'Invalid', code: 'UnmodifiableEntity' });
  const full = iam.createPrincipal({ kind: 'role', name: 'Full' });
  const attachedPolicyArns = Array.from(
    { length: 20 },
    (_, n) => iam.createPolicy({ name: `p${n}`, document: first }).arn,
  );
  iam.changePrincipal(full, { attachedPolicyArns });
  const principal = { kind: 'role', name: 'Full' } as const;
  await expect(apply({ kind: 'AttachPolicy', ...named, principal })).rejects.toMatchObject({
    kind: 'Quota',
    message: expect.stringMatching(/PoliciesPerRole: 20 \(role Full has as many managed policies/),
  });
});

test.each([
  ['CreatePolicy', () => world.apply(creation)],
  ['GetPolicy', () => shownPolicy(world)],
  ['ListPolicies', () => world.look({ kind: 'PolicyNames', path: policyPath })],
  ['AttachRolePolicy', () => world.apply({ kind: 'AttachPolicy', ...named, principal: lead })],
  ['DeletePolicy', () => world.apply({ kind: 'DeletePolicy', ...named })],
])('a denial names iam:%s and the caller, and nothing of the credentials', async (action, call) => {
  world.simulator.faults.add({ action, effect: { kind: 'deny' } });
  const error = await (call() as Promise<unknown>).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'Denied', action: `iam:${action}` });
  const { message } = error as Error;
  expect(message).toContain(`iam:${action}`);
  expect(message).toContain('arn:aws:iam::111122223333:user/operator');
  expect(message).not.toMatch(/AKIA|ASIA/);
});

test('IAM that is busy with the same policy is asked again soon', async () => {
  await world.apply(creation);
  const effect = { kind: 'error', code: 'ConcurrentModification', httpStatus: 409 } as const;
  world.simulator.faults.add({ action: 'DeletePolicy', effect });
  await expect(world.apply({ kind: 'DeletePolicy', ...named })).rejects.toMatchObject({
    kind: 'InTransition',
  });
});

test('a read that got no answer is made once more', async () => {
  await world.apply(creation);
  const effect = { kind: 'reset' } as const;
  const fault = world.simulator.faults.add({ action: 'GetPolicy', nth: 1, effect });
  expect(await shownPolicy(world)).toMatchObject({ arn });
  expect(fault.hits()).toBe(1);
});

test('all regions of an account share what IAM allows', async () => {
  await world.close();
  const limits = { 'iam:GetPolicy': { burst: 1, perSecond: 0.01 } };
  world = await startSimulatedCloud({ directory: { limits, maxWaitMs: 10 } });
  await shownPolicy(world);
  const elsewhere = world.directory.cloudFor({ region: 'eu-central-1' });
  const { signal } = new AbortController();
  await expect(
    elsewhere.look({ kind: 'ManagedPolicy', arn }, { since: elsewhere.now(), signal }),
  ).rejects.toMatchObject({ kind: 'Throttled', code: 'CallBudgetSpent' });
});
