import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import type { ModifyVpcEndpoint } from '../../../src/plan/actions.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { tick } from '../../model/aws-world.ts';
import { emptyWorld, owner } from '../../model/generated-worlds.ts';
import { ownedBy } from '../../model/goal.ts';
import { LinkLife, reasonsOf } from '../../model/link-life.ts';

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

test('fixed addresses come zone by zone', async () => {
  const ids = ['subnet-a', 'subnet-b'];
  const fixed = { 'subnet-a': { ipv4: '10.9.0.77' }, 'subnet-b': { ipv4: '10.9.1.77' } };
  const { calls, reasons } = await steps(inSubnets(ids), inSubnets(ids, fixed));
  expect(words(calls)).toEqual(['subnet-a=10.9.0.77', 'subnet-b=10.9.1.77']);
  expect(reasons).toEqual([]);
});
