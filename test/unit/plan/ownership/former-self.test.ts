import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../../src/api/sagemaker-private-link.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import type { AwsWorld } from '../../../model/aws-world.ts';
import { inForce, ownPolicies } from '../../../model/access-goal.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';
import { ownedBy, shortcomings } from '../../../model/goal.ts';
import { LinkLife } from '../../../model/link-life.ts';

const uidKey = 'sagemaker.privatelink.dev/uid';
const formerUid = 'uid-of-the-old-cluster';

function specWith(privateDNS: boolean, more: Partial<SageMakerPrivateLinkSpec> = {}) {
  const endpoints = [
    { service: 'api' as const, privateDNS },
    { service: 'runtime' as const, privateDNS },
  ];
  return { ...plainSpec, endpoints, ...more };
}

/** The world that a link left whose cluster was rebuilt: everything carries another UID. */
async function worldOfFormerSelf(privateDNS: boolean): Promise<AwsWorld> {
  const life = new LinkLife({ world: emptyWorld(), spec: specWith(privateDNS) });
  await life.settle();
  const { world } = life;
  for (const [id, one] of world.endpoints) {
    world.endpoints.set(id, { ...one, tags: { ...one.tags, [uidKey]: formerUid } });
  }
  for (const [id, one] of world.groups) {
    if (one.tags[uidKey] !== owner.uid) continue;
    const tags = { ...one.tags, [uidKey]: formerUid };
    // Its name follows from the UID, and AWS renames no group.
    world.groups.set(id, { ...one, name: 'sagemaker-privatelink-ml-former', tags });
  }
  return world;
}

const idsOf = (endpoints: Iterable<Endpoint>): readonly string[] =>
  [...endpoints].map(({ id }) => id).sort();

test.each([true, false])(
  'with adoption a rebuilt cluster takes its resources back (private DNS: %s)',
  async (privateDNS) => {
    const world = await worldOfFormerSelf(privateDNS);
    const before = idsOf(world.endpoints.values());
    const groups = [...world.groups.keys()];
    const spec = specWith(privateDNS, { adoption: 'IfUnowned' });
    const life = new LinkLife({ world, spec });
    const { end } = await life.settle();
    expect(end.plan.problems).toEqual([]);
    expect(idsOf(ownedBy(world, owner).endpoints)).toEqual(before);
    expect(idsOf(world.endpoints.values())).toEqual(before);
    expect([...world.groups.keys()]).toEqual(groups);
    expect(shortcomings(world, owner, spec)).toEqual([]);
  },
);

test.each([true, false])(
  'without adoption nothing is made beside what a former self left (private DNS: %s)',
  async (privateDNS) => {
    const world = await worldOfFormerSelf(privateDNS);
    const before = [...world.endpoints.values()];
    const groups = [...world.groups.values()];
    const life = new LinkLife({ world, spec: specWith(privateDNS) });
    const { end } = await life.settle();
    expect([...world.endpoints.values()]).toEqual(before);
    expect([...world.groups.values()]).toEqual(groups);
    const [problem] = end.plan.problems.filter(({ subject }) => subject === 'EndpointsAvailable');
    expect(problem).toMatchObject({ reason: 'OwnershipConflict', severity: 'stalled' });
    expect(problem?.message).toMatch(
      /^vpce-\w+ serves api in vpc-main and belongs to an earlier SageMakerPrivateLink ml of this cluster \(UID uid-of-the-old-cluster\): no second endpoint is made\. Set spec\.adoption: IfUnowned to take it back/,
    );
    expect(end.plan.problems.map(({ subject }) => subject)).toContain('SecurityGroupReady');
  },
);

test('what a former self had for services that are not wanted any more stays as it is', async () => {
  const world = await worldOfFormerSelf(false);
  const spec = { ...specWith(false, { adoption: 'IfUnowned' }) };
  const endpoints = spec.endpoints.slice(0, 1);
  const life = new LinkLife({ world, spec: { ...spec, endpoints } });
  await life.settle();
  const byUid = [...world.endpoints.values()].map(({ tags }) => tags[uidKey]).sort();
  expect(byUid).toEqual([owner.uid, formerUid].sort());
});

test('a former self that is being deleted is waited for', async () => {
  const world = await worldOfFormerSelf(true);
  for (const [id, one] of world.endpoints) world.endpoints.set(id, { ...one, state: 'deleting' });
  for (const [id, { tags }] of world.groups)
    if (tags[uidKey] === formerUid) world.groups.delete(id);
  const life = new LinkLife({ world, spec: specWith(true) });
  const end = await life.pass();
  expect(end.plan.waits.map(({ reason }) => reason)).toContain('WaitingForDeletion');
  expect(end.done.map(({ kind }) => kind)).not.toContain('CreateVpcEndpoint');
});

const access = {
  policyName: 'notebooks-from-the-office',
  allowedCIDRs: ['203.0.113.0/24'],
  allowEndpoints: true,
  actions: ['NotebookInstances' as const],
  attachTo: { roles: ['ana'], users: ['ben'] },
  onImpact: 'Fail' as const,
};

/** A link with a named policy was rebuilt, and its spec is another one by now. */
async function rebuiltWithPolicy(adoption: 'Never' | 'IfUnowned', tagsLeft: boolean) {
  const before = specWith(true, { notebookAccess: access });
  const first = new LinkLife({ world: emptyWorld(), spec: before });
  await first.settle();
  const { world } = first;
  for (const [id, one] of world.policies) {
    const tags = tagsLeft ? { ...one.tags, [uidKey]: formerUid } : {};
    world.policies.set(id, { ...one, tags });
  }
  const notebookAccess = {
    ...access,
    allowedCIDRs: ['198.51.100.0/24'],
    attachTo: { roles: ['ana'], groups: ['team'] },
  };
  return { world, spec: specWith(true, { notebookAccess, adoption }) };
}

test.each(['earlier link', 'nobody'])(
  'a rebuilt cluster takes back its named policy, which belongs to %s now',
  async (whose) => {
    const { world, spec } = await rebuiltWithPolicy('IfUnowned', whose === 'earlier link');
    const before = [...world.policies.keys()];
    await new LinkLife({ world, spec }).settle();
    expect([...world.policies.keys()]).toEqual(before);
    expect(shortcomings(world, owner, spec)).toEqual([]);
  },
);

test('without adoption the named policy stays as it is, and the way through is named', async () => {
  const { world, spec } = await rebuiltWithPolicy('Never', true);
  const before = structuredClone([...world.policies]);
  const life = new LinkLife({ world, spec });
  await life.settle();
  expect([...world.policies]).toEqual(before);
  const enforced = life.status.conditions?.find(({ type }) => type === 'NotebookAccessEnforced');
  expect(enforced).toMatchObject({ status: 'False', reason: 'OwnershipConflict' });
  expect(enforced?.message).toContain('set spec.adoption: IfUnowned');
});

const { policyName: _, ...unnamed } = access;
const formerName = 'sagemaker-privatelink-ml-0123456789';

/** The same with a default name, which carries the former UID and is not that of the new one. */
async function rebuiltWithDefaultName(whose: 'earlier link' | 'nobody') {
  const notebookAccess = unnamed;
  const first = new LinkLife({ world: emptyWorld(), spec: specWith(true, { notebookAccess }) });
  await first.settle();
  const { world } = first;
  const [[id, one] = []] = world.policies;
  if (id === undefined || one === undefined) throw new Error('no policy was made');
  world.policies.delete(id);
  const tags = whose === 'nobody' ? {} : { ...one.tags, [uidKey]: formerUid };
  const arn = id.replace(one.name, formerName);
  world.policies.set(arn, { ...one, id: arn, name: formerName, tags });
  return { world, arn };
}

const changed = {
  ...unnamed,
  allowedCIDRs: ['198.51.100.0/24'],
  attachTo: { roles: ['ana'], groups: ['team'] },
};
const taking = specWith(true, { notebookAccess: changed, adoption: 'IfUnowned' });

const policyOf = ({ policies }: AwsWorld) => {
  const [policy] = policies.values();
  const { attachedTo = [], tags = {} } = policy ?? {};
  const who = attachedTo.map(({ name }) => name).sort();
  return { who, uid: tags[uidKey], document: JSON.stringify(policy && inForce(policy)) };
};

test.each(['earlier link', 'nobody'] as const)(
  'a policy with a default name that belongs to %s now is taken back, and no second one is made',
  async (whose) => {
    const { world, arn } = await rebuiltWithDefaultName(whose);
    const life = new LinkLife({ world, spec: taking });
    const { end } = await life.settle();
    expect(end.plan.problems).toEqual([]);
    expect([...world.policies.keys()]).toEqual([arn]);
    expect(life.status.notebookAccess?.policyArn).toBe(arn);
    expect(policyOf(world)).toEqual({
      who: ['ana', 'team'],
      uid: owner.uid,
      document: expect.stringContaining('198.51.100.0/24'),
    });
    const settled = structuredClone([...world.policies]);
    life.restart('nothing');
    await life.settle();
    expect([...world.policies]).toEqual(settled);
    expect(life.status.notebookAccess?.policyArn).toBe(arn);
  },
);

test.each(['status', 'nothing'] as const)(
  'a policy that was taken back goes when the spec wants none, with %s kept',
  async (keep) => {
    const { world } = await rebuiltWithDefaultName('earlier link');
    const life = new LinkLife({ world, spec: taking });
    await life.settle();
    life.restart(keep);
    life.change(specWith(true));
    await life.settle();
    expect([...world.policies.keys()]).toEqual([]);
  },
);

test.each(['earlier link', 'nobody'] as const)(
  'without adoption no second Deny is made beside one that belongs to %s',
  async (whose) => {
    const { world, arn } = await rebuiltWithDefaultName(whose);
    const before = structuredClone([...world.policies]);
    const life = new LinkLife({ world, spec: specWith(true, { notebookAccess: changed }) });
    await life.settle();
    expect([...world.policies]).toEqual(before);
    const enforced = life.status.conditions?.find(({ type }) => type === 'NotebookAccessEnforced');
    expect(enforced).toMatchObject({ status: 'False', reason: 'OwnershipConflict' });
    expect(enforced?.message).toContain(arn);
    expect(enforced?.message).toContain('Set spec.adoption: IfUnowned to take it back');
  },
);

test('an unattached policy of an earlier link keeps nobody from having one', async () => {
  const { world, arn } = await rebuiltWithDefaultName('earlier link');
  const one = world.policies.get(arn);
  if (one === undefined) throw new Error('it is gone');
  world.policies.set(arn, { ...one, attachedTo: [] });
  const spec = specWith(true, { notebookAccess: changed });
  await new LinkLife({ world, spec }).settle();
  expect(world.policies.size).toBe(2);
  expect(ownPolicies(world, owner)).toHaveLength(1);
});

test('with another name in the spec an attached policy of an earlier link is named, and stays', async () => {
  const { world, arn } = await rebuiltWithDefaultName('earlier link');
  const notebookAccess = { ...changed, policyName: 'another' };
  const spec = specWith(true, { notebookAccess, adoption: 'IfUnowned' });
  const life = new LinkLife({ world, spec });
  await life.settle();
  expect([...world.policies.keys()]).toEqual([arn]);
  const enforced = life.status.conditions?.find(({ type }) => type === 'NotebookAccessEnforced');
  expect(enforced?.message).toContain('has another name than spec.notebookAccess.policyName');
});
