import { expect, test } from '@jest/globals';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld, policies, serviceNames } from '../../model/generated-worlds.ts';
import { named } from '../../model/endpoint-writes.ts';
import { LinkLife } from '../../model/link-life.ts';

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
