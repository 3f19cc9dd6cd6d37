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
