import { expect, test } from '@jest/globals';
import { fingerprint } from '../../../model/aws-world.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { calmSeed, owner, worldFrom } from '../../../model/generated-worlds.ts';
import { ownedBy } from '../../../model/goal.ts';
import { LinkLife, reasonsOf } from '../../../model/link-life.ts';
import { meddleWithGroup } from '../../../model/mishaps.ts';

const byTags = { ...plainSpec, vpc: { tags: { ml: 'vpc' } } };

async function settledLife(spec = byTags): Promise<LinkLife> {
  const life = new LinkLife({ world: worldFrom(calmSeed), spec });
  expect(reasonsOf((await life.settle()).end)).toEqual([]);
  return life;
}

function tagVpc({ world: { vpcs } }: LinkLife, id: string, tags: Record<string, string>): void {
  const vpc = vpcs.get(id);
  if (vpc !== undefined) vpcs.set(id, { ...vpc, tags });
}

function networkMessage({ status }: LinkLife): string | undefined {
  return status.conditions?.find(({ type }) => type === 'NetworkResolved')?.message;
}

test('tags that match another VPC delete nothing and change nothing', async () => {
  const life = await settledLife();
  const before = fingerprint(life.world);
  tagVpc(life, 'vpc-main', {});
  tagVpc(life, 'vpc-other', { ml: 'vpc' });
  const { end } = await life.settle();
  expect(fingerprint(life.world)).toBe(before);
  expect(reasonsOf(end)).toEqual(['VPCChanged']);
  const [endpoint] = ownedBy(life.world, owner).endpoints;
  const [group] = ownedBy(life.world, owner).groups;
  expect(networkMessage(life)).toBe(
    `spec.vpc means vpc-other, but ${endpoint?.id}, ${group?.id} of this link are in vpc-main, where nothing is made or deleted. To move, delete this link and create one for vpc-other; to stay, let spec.vpc match vpc-main again.`,
  );
  // What is at AWS stays in the status, and is repaired.
  expect(life.status).toMatchObject({ vpcId: 'vpc-main', endpoints: [{ id: endpoint?.id }] });
  meddleWithGroup(life.world, 'opened for SSH');
  await life.settle();
  expect(ownedBy(life.world, owner).groups).toEqual([group]);
});

test('a spec of the same owner that names another VPC deletes nothing', async () => {
  const life = await settledLife();
  const before = fingerprint(life.world);
  life.change({
    ...byTags,
    vpc: { id: 'vpc-other' },
    endpoints: [{ service: 'metrics', privateDNS: false }],
  });
  expect(reasonsOf((await life.settle()).end)).toEqual(['VPCChanged']);
  expect(fingerprint(life.world)).toBe(before);
});

test('the way through is to delete the link', async () => {
  const life = await settledLife();
  tagVpc(life, 'vpc-main', {});
  tagVpc(life, 'vpc-other', { ml: 'vpc' });
  await life.settle();
  life.deleting = true;
  expect((await life.settle()).end.plan.gone).toBe(true);
  expect(ownedBy(life.world, owner)).toEqual({ endpoints: [], groups: [], policies: [] });
});

test('a VPC that lost its tags: what is there is repaired, and nothing is made or deleted', async () => {
  const life = await settledLife();
  const [group] = ownedBy(life.world, owner).groups;
  tagVpc(life, 'vpc-main', {});
  meddleWithGroup(life.world, 'opened for SSH');
  life.change({ ...byTags, endpoints: [{ service: 'metrics', privateDNS: false }] });
  const { end } = await life.settle();
  expect(reasonsOf(end)).toEqual(['VPCNotFound']);
  const now = ownedBy(life.world, owner);
  expect(now.groups.map(({ rules = [] }) => rules.map(({ fromPort }) => fromPort))).toEqual([
    [443, 443],
  ]);
  expect(now.groups[0]?.rules).toEqual(group?.rules);
  expect(now.endpoints.map(({ serviceName }) => serviceName)).toEqual([
    'com.amazonaws.eu-west-1.sagemaker.api',
  ]);
});
