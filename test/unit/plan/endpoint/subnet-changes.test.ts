import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../../src/api/sagemaker-private-link.ts';
import type { ModifyVpcEndpoint } from '../../../../src/plan/endpoint/actions.ts';
import type { Subnet } from '../../../../src/plan/facts.ts';
import { findingsOf } from '../../../../src/plan/pass-end.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { type AwsWorld, tick } from '../../../model/aws-world.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';
import { ownedBy } from '../../../model/goal.ts';
import { LinkLife, reasonsOf } from '../../../model/link-life.ts';
import { expectTrueOrExplained } from '../at-rest.ts';

const inSubnets = (ids: readonly string[], addresses = {}): SageMakerPrivateLinkSpec => ({
  ...plainSpec,
  endpoints: [{ service: 'api', privateDNS: false, addresses }],
  subnets: { ids: [...ids], unsupportedZones: 'Fail' },
});

/** The modifications of an endpoint that rests in some subnets and then gets others. */
async function steps(
  from: SageMakerPrivateLinkSpec,
  to: SageMakerPrivateLinkSpec,
  freeAddresses = [3, 3, 3, 3, 3, 3],
): Promise<{
  readonly calls: readonly ModifyVpcEndpoint[];
  readonly subnetIds: readonly string[];
  readonly reasons: readonly string[];
}> {
  const world = emptyWorld({ freeAddresses });
  const life = new LinkLife({ world, spec: from });
  await life.settle();
  life.change(to);
  const calls: ModifyVpcEndpoint[] = [];
  for (let round = 0; round < 12; round += 1) {
    const { done } = await life.pass();
    calls.push(...done.filter((one) => one.kind === 'ModifyVpcEndpoint'));
    tick(world);
  }
  const { end } = await life.settle();
  const [endpoint] = ownedBy(world, owner).endpoints;
  return { calls, subnetIds: endpoint?.subnetIds ?? [], reasons: reasonsOf(end) };
}

const words = (calls: readonly ModifyVpcEndpoint[]): readonly string[] =>
  calls.map(({ addSubnetIds, removeSubnetIds, addresses }) =>
    [
      ...addSubnetIds.map((id) => `+${id}`),
      ...removeSubnetIds.map((id) => `-${id}`),
      ...addresses.map(({ subnetId, ipv4 }) => `${subnetId}=${ipv4}`),
    ].join(' '),
  );

test('three subnets go to three others in the same zones one by one', async () => {
  const { calls, reasons } = await steps(
    inSubnets(['subnet-a', 'subnet-b', 'subnet-c']),
    inSubnets(['subnet-a2', 'subnet-b2', 'subnet-c2']),
  );
  expect(words(calls)).toEqual([
    '-subnet-a',
    '+subnet-a2',
    '-subnet-b',
    '+subnet-b2',
    '-subnet-c',
    '+subnet-c2',
  ]);
  expect(calls[0]?.reason).toContain(
    'subnet-a is removed, and a second change adds subnet-a2: AWS takes one subnet per zone, so there is no address in eu-west-1a in between',
  );
  expect(reasons).toEqual([]);
});

test('subnets in free zones come first, what has no successor goes last', async () => {
  const { calls } = await steps(
    inSubnets(['subnet-a', 'subnet-b']),
    inSubnets(['subnet-a2', 'subnet-c']),
  );
  expect(words(calls)).toEqual(['+subnet-c', '-subnet-a', '+subnet-a2', '-subnet-b']);
});

test('a subnet without a free address takes nothing away from the endpoint', async () => {
  const { calls, subnetIds, reasons } = await steps(
    inSubnets(['subnet-a']),
    inSubnets(['subnet-a2']),
    [3, 3, 3, 0, 3, 3],
  );
  expect(calls).toEqual([]);
  expect(subnetIds).toEqual(['subnet-a']);
  expect(reasons).toEqual(['InsufficientFreeAddresses']);
});

test('what has a full subnet for its successor in another zone stays too', async () => {
  const { subnetIds, reasons } = await steps(
    inSubnets(['subnet-a']),
    inSubnets(['subnet-b']),
    [3, 0, 3, 3, 3, 3],
  );
  expect(subnetIds).toEqual(['subnet-a']);
  expect(reasons).toEqual(['InsufficientFreeAddresses']);
});

/** The endpoints' subnets, zone by zone, after a change in a world that was prepared for it. */
async function placesAfter(
  prepared: (world: AwsWorld) => void,
  from: SageMakerPrivateLinkSpec,
  to: SageMakerPrivateLinkSpec,
): Promise<{ readonly places: readonly string[]; readonly reasons: readonly string[] }> {
  const world = emptyWorld({ ipv6: true });
  prepared(world);
  const life = new LinkLife({ world, spec: from });
  expect(reasonsOf((await life.settle()).end)).toEqual([]);
  life.change(to);
  const { end } = await life.settle();
  const places = ownedBy(world, owner).endpoints.map(({ subnetIds }) => subnetIds.join(' '));
  return { places: places.sort(), reasons: reasonsOf(end) };
}

function changeSubnet(world: AwsWorld, id: string, change: Partial<Subnet>): void {
  const subnet = world.subnets.get(id);
  if (subnet !== undefined) world.subnets.set(id, { ...subnet, ...change });
}

test('zones that AWS does not list any more are kept when the spec names other subnets of them', async () => {
  const skipping = (ids: readonly string[]): SageMakerPrivateLinkSpec => {
    const spec = inSubnets(ids);
    return { ...spec, subnets: { ...spec.subnets, unsupportedZones: 'Skip' } };
  };
  const world = emptyWorld();
  const life = new LinkLife({ world, spec: skipping(['subnet-a', 'subnet-b', 'subnet-c']) });
  await life.settle();
  for (const service of world.services.values()) {
    world.services.set(service.name, { ...service, zones: ['eu-west-1b'] });
  }
  life.change(skipping(['subnet-a2', 'subnet-b', 'subnet-c2']));
  const { end } = await life.settle();
  expect(reasonsOf(end)).toEqual(['UnsupportedZone']);
  const subnetIds = (): readonly string[] =>
    ownedBy(world, owner).endpoints.flatMap((one) => one.subnetIds);
  expect(subnetIds()).toEqual(['subnet-a', 'subnet-b', 'subnet-c']);
  life.change(skipping(['subnet-a', 'subnet-b']));
  expect(reasonsOf((await life.settle()).end)).toEqual([]);
  expect(subnetIds()).toEqual(['subnet-a', 'subnet-b']);
});

test('two endpoints do not give up their subnets for the one address that is left', async () => {
  const both = (ids: readonly string[]): SageMakerPrivateLinkSpec => ({
    ...inSubnets(ids),
    endpoints: [
      { service: 'api', privateDNS: false },
      { service: 'runtime', privateDNS: false },
    ],
  });
  const { places, reasons } = await placesAfter(
    (world) => changeSubnet(world, 'subnet-a2', { availableAddresses: 1 }),
    both(['subnet-a']),
    both(['subnet-a2']),
  );
  expect(places).toEqual(['subnet-a', 'subnet-a2']);
  expect(reasons).toEqual(['InsufficientFreeAddresses']);
});

test('an endpoint that is made at the same time does not take the address either', async () => {
  const { places } = await placesAfter(
    (world) => changeSubnet(world, 'subnet-a2', { availableAddresses: 1 }),
    inSubnets(['subnet-a']),
    {
      ...inSubnets(['subnet-a2']),
      endpoints: [
        { service: 'api', privateDNS: false },
        { service: 'runtime', privateDNS: false },
      ],
    },
  );
  expect(places).toEqual(['subnet-a', 'subnet-a2']);
});

test('an endpoint that waits for its group keeps its address, and the message says so', async () => {
  const world = emptyWorld({ listEntries: 100 });
  changeSubnet(world, 'subnet-a2', { availableAddresses: 1 });
  const life = new LinkLife({ world, spec: inSubnets(['subnet-a']) });
  await life.settle();
  life.change({
    ...inSubnets(['subnet-a2']),
    securityGroup: { ingress: [{ prefixListId: 'pl-1' }] },
    endpoints: [
      { service: 'api', privateDNS: false },
      { service: 'runtime', privateDNS: false },
    ],
  });
  const { end } = await life.settle();
  const full = findingsOf(end).problems.filter(
    ({ reason }) => reason === 'InsufficientFreeAddresses',
  );
  expect(full.map(({ message }) => message)).toEqual([
    expect.stringContaining('(api) beside the 1 that other endpoints of this link take'),
  ]);
  expectTrueOrExplained(life, end);
});

const dualstack = (ids: readonly string[]): SageMakerPrivateLinkSpec => ({
  ...inSubnets(ids),
  ipAddressType: 'dualstack',
});

test('another address type takes no two zones down at once where subnets carry both types', async () => {
  const world = emptyWorld({ ipv6: true });
  for (const id of ['subnet-a', 'subnet-b']) changeSubnet(world, id, { ipv6Cidrs: [] });
  const life = new LinkLife({ world, spec: inSubnets(['subnet-a', 'subnet-b']) });
  await life.settle();
  life.change(dualstack(['subnet-a2', 'subnet-b2']));
  const calls: ModifyVpcEndpoint[] = [];
  for (let round = 0; round < 14; round += 1) {
    const { done } = await life.pass();
    calls.push(...done.filter((one) => one.kind === 'ModifyVpcEndpoint'));
    tick(world);
  }
  const typed = calls.map(
    ({ ipAddressType = '' }, index) => `${words(calls)[index]}${ipAddressType}`,
  );
  expect(typed).toEqual(['-subnet-a', '+subnet-a2', '-subnet-b', '+subnet-b2dualstack']);
});

test('another address type gives up no subnet for one without a free address', async () => {
  const { places, reasons } = await placesAfter(
    (world) => {
      changeSubnet(world, 'subnet-a', { ipv6Cidrs: [] });
      changeSubnet(world, 'subnet-a2', { availableAddresses: 0 });
    },
    inSubnets(['subnet-a', 'subnet-b']),
    dualstack(['subnet-a2', 'subnet-b']),
  );
  expect(places).toEqual(['subnet-a subnet-b']);
  expect(reasons).toEqual(['InsufficientFreeAddresses']);
});

test('an endpoint that is left without a subnet takes any address where its fixed one is refused', async () => {
  const taken = { id: 'eni-user', subnetId: 'subnet-a2', zone: 'eu-west-1a', ipv4: '10.9.3.77' };
  const { places, reasons } = await placesAfter(
    (world) => {
      world.interfaces.set(taken.id, taken);
      world.endpoints.set('vpce-user', {
        id: 'vpce-user',
        serviceName: 'com.amazonaws.eu-west-1.s3',
        vpcId: 'vpc-main',
        state: 'available',
        subnetIds: ['subnet-a2'],
        securityGroupIds: [],
        networkInterfaceIds: [taken.id],
        privateDnsEnabled: false,
        dnsNames: [],
        requesterManaged: false,
        tags: {},
      });
    },
    inSubnets(['subnet-a']),
    inSubnets(['subnet-a2'], { 'subnet-a2': { ipv4: taken.ipv4 } }),
  );
  expect(places).toEqual(['subnet-a2']);
  expect(reasons).toEqual(['AddressInUse']);
});

test('fixed addresses come zone by zone', async () => {
  const ids = ['subnet-a', 'subnet-b'];
  const fixed = { 'subnet-a': { ipv4: '10.9.0.77' }, 'subnet-b': { ipv4: '10.9.1.77' } };
  const { calls, reasons } = await steps(inSubnets(ids), inSubnets(ids, fixed));
  expect(words(calls)).toEqual(['subnet-a=10.9.0.77', 'subnet-b=10.9.1.77']);
  expect(reasons).toEqual([]);
});
