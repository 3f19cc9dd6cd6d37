import { expect, test } from '@jest/globals';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner, policies, serviceNames } from '../../../model/generated-worlds.ts';
import { named } from '../../../model/endpoint-writes.ts';
import { LinkLife } from '../../../model/link-life.ts';

test('the group is deleted only when AWS confirms that the endpoints are gone', async () => {
  const life = new LinkLife({ world: emptyWorld({}, { slowness: 3 }), spec: plainSpec });
  await life.settle();
  life.deleting = true;
  const { done, failed } = await life.pass();
  expect(done.map(({ kind }) => kind)).toEqual(['DeleteVpcEndpoints']);
  expect(failed).toEqual([]);
  const { end } = await life.settle();
  expect(end.plan.gone).toBe(true);
});

test('an endpoint that AWS manages for another service is never adopted', async () => {
  const world = emptyWorld();
  const managed = named(world, {
    id: 'vpce-managed',
    vpcId: 'vpc-main',
    serviceName: serviceNames.api,
    state: 'available',
    subnetIds: ['subnet-a'],
    securityGroupIds: [],
    networkInterfaceIds: [],
    privateDnsEnabled: false,
    policy: policies.wide,
    dnsNames: [],
    requesterManaged: true,
    tags: {},
  });
  world.endpoints.set(managed.id, managed);
  const life = new LinkLife({ world, spec: { ...plainSpec, adoption: 'IfUnowned' } });
  await life.settle();
  expect(world.endpoints.get(managed.id)).toEqual(managed);
  expect(world.endpoints.size).toBe(2);
});

test('a link is not ready while AWS is still deleting an endpoint that left its spec', async () => {
  const world = emptyWorld({}, { slowness: 2 });
  const both = ['api', 'runtime'].map((service) => ({
    service: service as 'api',
    privateDNS: false,
  }));
  const life = new LinkLife({ world, spec: { ...plainSpec, endpoints: both } });
  await life.settle();
  life.change({ ...plainSpec, endpoints: both.slice(0, 1) });
  await life.pass();
  const [leaving] = [...world.endpoints.values()].filter(({ state }) => state === 'deleting');
  expect(life.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
    status: 'False',
    reason: 'WaitingForDeletion',
    message: `AWS is deleting ${leaving?.id}.`,
  });
  await life.settle();
  expect(life.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
});

test('a link is not stalled while anything of it is still on its way', async () => {
  const world = emptyWorld({}, { slowness: 3 });
  const endpoints = [
    { service: 'api' as const, privateDNS: true },
    { serviceName: 'aws.sagemaker.eu-west-1.none', privateDNS: true },
  ];
  const life = new LinkLife({ world, spec: { ...plainSpec, endpoints } });
  await life.pass();
  const types = (): string[] => (life.status.conditions ?? []).map(({ type }) => type);
  expect(types()).toContain('Reconciling');
  expect(types()).not.toContain('Stalled');
  await life.settle();
  expect(types()).toContain('Stalled');
  expect(types()).not.toContain('Reconciling');
});

test('what Retain leaves is said before it is let go of', async () => {
  const spec = {
    ...plainSpec,
    deletionPolicy: 'Retain' as const,
    tags: { team: 'ml' },
    endpoints: [{ service: 'api' as const, privateDNS: true }],
  };
  const life = new LinkLife({ world: emptyWorld(), spec });
  await life.settle();
  const [endpoint] = life.world.endpoints.values();
  life.deleting = true;
  const { notes } = await life.pass();
  expect(notes).toMatchObject([{ reason: 'ResourcesLeft' }]);
  const { message = '' } = notes[0] ?? {};
  expect(message).toContain(`${endpoint?.id} for ${serviceNames.api} with private DNS; sg-`);
  expect(message).toContain('with the tags Name, team');
  expect(message).toContain('Nothing is put back to what it was before this link.');
  expect((await life.settle()).end.plan.gone).toBe(true);
});

test('what a former self has is left by a deletion, and named', async () => {
  const world = emptyWorld();
  const tags = {
    'sagemaker.privatelink.dev/cluster': owner.clusterId,
    'sagemaker.privatelink.dev/uid': 'uid-0',
    'sagemaker.privatelink.dev/name': owner.name,
  };
  const group = { id: 'sg-0', name: 'former', vpcId: 'vpc-main', ownerId: world.account, tags };
  world.groups.set('sg-0', { ...group, rules: [] });
  const life = new LinkLife({ world, spec: plainSpec });
  life.deleting = true;
  const { end } = await life.settle();
  expect(end.plan.gone).toBe(true);
  expect(world.groups.get('sg-0')).toMatchObject(group);
  expect(end.notes.map(({ message }) => message)).toEqual([
    'sg-0 belong to an earlier SageMakerPrivateLink ml of this cluster (UID uid-0) and stay. To delete them, take them back first (spec.adoption: IfUnowned), or use sagemaker-privatelink prune.',
  ]);
});
