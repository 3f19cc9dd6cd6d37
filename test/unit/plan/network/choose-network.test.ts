import { describe, expect, test } from '@jest/globals';
import type { EndpointService, Subnet, Vpc } from '../../../../src/plan/facts.ts';
import { chooseSubnets } from '../../../../src/plan/network/choose-subnets.ts';
import { chooseVpc } from '../../../../src/plan/network/choose-vpc.ts';
import { subnetsForService } from '../../../../src/plan/network/service-subnets.ts';
import { plainSpec } from '../../../model/generated-specs.ts';

const account = '111122223333';
const vpc: Vpc = { id: 'vpc-1', ownerId: account, cidrs: ['10.0.0.0/16'], ipv6Cidrs: [], tags: {} };

function subnet(id: string, zone: string, parts: Partial<Subnet> = {}): Subnet {
  const cidr = '10.0.0.0/24';
  const facts = { vpcId: 'vpc-1', ownerId: account, cidr, ipv6Cidrs: [], availableAddresses: 10 };
  return { id, zone, tags: { ml: 'private' }, ...facts, ...parts };
}

const a1 = subnet('subnet-a1', 'a');
const a2 = subnet('subnet-a2', 'a');
const b = subnet('subnet-b', 'b');

interface Choice {
  readonly ids?: readonly string[];
  readonly subnets: readonly Subnet[];
  readonly elsewhere?: readonly Subnet[];
  readonly inUse?: readonly string[];
  readonly ipAddressType?: 'ipv4' | 'ipv6' | 'dualstack';
}

/** Problems, subnets that are passed over, and ids of the chosen subnets. */
function choose({
  ids,
  subnets,
  elsewhere,
  inUse = [],
  ipAddressType = 'ipv4',
}: Choice): readonly string[] {
  const selector = ids === undefined ? { tags: { ml: 'private' } } : { ids };
  const spec = {
    ...plainSpec,
    ipAddressType,
    subnets: { ...selector, unsupportedZones: 'Fail' as const },
  };
  const result = chooseSubnets({ spec, vpc, subnets, elsewhere, account, inUse: new Set(inUse) });
  return [
    ...result.problems.map(({ reason, message }) => `${reason}: ${message}`),
    ...result.skipped.map(({ id, reason }) => `skipped ${id}: ${reason}`),
    ...result.subnets.map(({ id }) => id),
  ];
}

test('in each zone the subnet with most free addresses is chosen, then the lowest id', () => {
  expect(choose({ subnets: [b, a2, a1] })).toEqual(['subnet-a1', 'subnet-b']);
  const roomy = { ...a2, availableAddresses: 11 };
  expect(choose({ subnets: [a1, roomy, b] })).toEqual(['subnet-a2', 'subnet-b']);
});

test('a choice once made is kept, however full the subnet gets', () => {
  const full = { ...a2, availableAddresses: 0 };
  expect(choose({ subnets: [a1, full, b], inUse: ['subnet-a2'] })).toEqual([
    'subnet-a2',
    'subnet-b',
  ]);
});

test('a subnet in use that does not match any more is not kept', () => {
  const untagged = { ...a2, tags: {} };
  expect(choose({ subnets: [a1, untagged], inUse: ['subnet-a2'] })).toEqual(['subnet-a1']);
});

test('what keeps subnets from being chosen is said with ids and what to do', () => {
  expect(choose({ subnets: [{ ...a1, tags: {} }] })).toEqual([
    'NoSubnet: No subnet of vpc-1 has tags ml=private. Tag subnets or correct spec.subnets.tags.',
  ]);
  expect(choose({ ids: ['subnet-b', 'subnet-x', 'subnet-y'], subnets: [b] })).toEqual([
    'SubnetNotFound: subnet-x, subnet-y not found in vpc-1: it does not exist in region eu-west-1, or it belongs to another VPC. Correct spec.subnets.ids.',
    'subnet-b',
  ]);
  expect(choose({ ids: ['subnet-a1', 'subnet-a2'], subnets: [a1, a2] })).toEqual([
    'DuplicateZone: Subnets subnet-a1 and subnet-a2 are both in zone a: an endpoint takes one subnet per zone. Remove one from spec.subnets.ids.',
  ]);
  const shared = { ...a1, ownerId: '999988887777' };
  expect(choose({ ids: ['subnet-a1', 'subnet-b'], subnets: [shared, b] })).toEqual([
    'SharedSubnet: Subnet subnet-a1 belongs to account 999988887777 and is shared with 111122223333: AWS allows no endpoints in shared subnets. Create the link in account 999988887777.',
    'subnet-b',
  ]);
});

test('a listed subnet of another VPC is told from one that does not exist', () => {
  const ids = ['subnet-b', 'subnet-x', 'subnet-y'];
  const elsewhere = [subnet('subnet-x', 'a', { vpcId: 'vpc-2' })];
  expect(choose({ ids, subnets: [b], elsewhere })).toEqual([
    'SubnetNotInVPC: Not in vpc-1: subnet-x (in vpc-2). List subnets of vpc-1 in spec.subnets.ids.',
    'SubnetNotFound: subnet-y not found in vpc-1: it does not exist in region eu-west-1. Correct spec.subnets.ids.',
    'subnet-b',
  ]);
});

test('of two listed subnets in one zone the one in use stays, and else none is taken', () => {
  const choice = { ids: ['subnet-a1', 'subnet-a2', 'subnet-b'], subnets: [a1, a2, b] };
  expect(choose(choice).slice(1)).toEqual(['subnet-b']);
  expect(choose({ ...choice, inUse: ['subnet-a2'] }).slice(1)).toEqual(['subnet-a2', 'subnet-b']);
});

const { cidr: _ipv4, ...withoutIpv4 } = subnet('subnet-6', 'b', { ipv6Cidrs: ['2001:db8::/64'] });

test.each([
  [
    'shared by another account',
    { ...b, ownerId: '999988887777' },
    'it belongs to account 999988887777 and is shared with 111122223333',
    'SharedSubnet',
  ],
  ['without IPv4', withoutIpv4, 'it cannot carry ipAddressType ipv4', 'UnsupportedIPAddressType'],
  [
    'on an Outpost',
    { ...b, outpostArn: 'arn:aws:outposts:eu-west-1:111122223333:outpost/op-1' },
    'it is on the Outpost arn:aws:outposts:eu-west-1:111122223333:outpost/op-1',
    'NoSubnet',
  ],
  [
    'in a Local Zone',
    { ...b, zone: 'eu-west-1-lhr-1a' },
    'eu-west-1-lhr-1a is a Local or Wavelength Zone',
    'UnsupportedZone',
  ],
] as const)(
  'a tagged subnet %s is passed over while there is another',
  (_what, odd, why, reason) => {
    expect(choose({ subnets: [a1, odd] })).toEqual([`skipped ${odd.id}: ${why}`, 'subnet-a1']);
    const [problem, ...others] = choose({ subnets: [odd] });
    expect(problem).toMatch(new RegExp(`^${reason}: Subnet ${odd.id} `));
    expect(others).toEqual([]);
  },
);

test('a zone that endpoints are in is not lost to a tagged subnet that cannot be used', () => {
  const untagged = subnet('subnet-b0', 'b', { tags: {} });
  const choice = { subnets: [a1, untagged, withoutIpv4], inUse: ['subnet-a1', 'subnet-b0'] };
  expect(choose(choice)).toEqual([
    'UnsupportedIPAddressType: Subnet subnet-6 in vpc-1 cannot carry ipAddressType ipv4: every subnet needs an IPv4 block. Endpoints of this link keep the subnets that they are in there: tag another subnet of the zone, or, to leave it, take the tags off.',
    'subnet-a1',
  ]);
  expect(choose({ ...choice, subnets: [...choice.subnets, b] })).toEqual([
    'skipped subnet-6: it cannot carry ipAddressType ipv4',
    'subnet-a1',
    'subnet-b',
  ]);
  expect(choose({ ...choice, subnets: [a1, untagged] })).toEqual(['subnet-a1']);
});

test('a tagged subnet that endpoints are in is not passed over for the address type', () => {
  const both = { ...b, ipv6Cidrs: ['2001:db8::/64'] };
  const choice = { subnets: [a1, both], ipAddressType: 'dualstack' } as const;
  expect(choose(choice)).toEqual([
    'skipped subnet-a1: it cannot carry ipAddressType dualstack',
    'subnet-b',
  ]);
  expect(choose({ ...choice, inUse: ['subnet-a1'] })).toEqual([
    expect.stringMatching(/^UnsupportedIPAddressType: Subnet subnet-a1 in vpc-1 cannot carry/),
    'subnet-b',
  ]);
});

test.each([
  ['ipv4', { cidr: '10.0.0.0/24', ipv6Cidrs: [] }, true],
  ['ipv4', { cidr: '10.0.0.0/24', ipv6Cidrs: ['2001:db8::/64'] }, true],
  ['dualstack', { cidr: '10.0.0.0/24', ipv6Cidrs: ['2001:db8::/64'] }, true],
  ['dualstack', { cidr: '10.0.0.0/24', ipv6Cidrs: [] }, false],
  ['ipv6', { cidr: '10.0.0.0/24', ipv6Cidrs: ['2001:db8::/64'] }, false],
] as const)('%s endpoints in a subnet with %j: %s', (ipAddressType, blocks, suits) => {
  const [chosen] = choose({ subnets: [subnet('subnet-1', 'a', blocks)], ipAddressType });
  if (suits) expect(chosen).toBe('subnet-1');
  else expect(chosen).toMatch(/^UnsupportedIPAddressType: Subnet subnet-1 in vpc-1 cannot carry/);
});

test('ipv6 endpoints take a subnet that has no IPv4 block', () => {
  const { cidr: _none, ...only6 } = subnet('subnet-6', 'a', { ipv6Cidrs: ['2001:db8::/64'] });
  expect(choose({ subnets: [only6], ipAddressType: 'ipv6' })).toEqual(['subnet-6']);
  expect(choose({ subnets: [only6] })[0]).toMatch(/every subnet needs an IPv4 block\.$/);
});

test('a VPC is found by id or tags, and anything but exactly one is a problem', () => {
  expect(chooseVpc(plainSpec, [vpc])).toEqual({ found: true, value: vpc });
  const byTags = { ...plainSpec, vpc: { tags: { Name: 'ml', env: 'prod' } } };
  expect(chooseVpc(byTags, [])).toMatchObject({
    problems: [
      {
        reason: 'VPCNotFound',
        message:
          'A VPC with tags Name=ml, env=prod was not found in region eu-west-1. Put the tags on a VPC, or correct spec.vpc or spec.region. A link in a cluster cannot change that: delete it there and create it anew.',
      },
    ],
  });
  expect(chooseVpc(byTags, [{ ...vpc, id: 'vpc-2' }, vpc])).toMatchObject({
    problems: [
      {
        reason: 'AmbiguousVPC',
        message:
          'A VPC with tags Name=ml, env=prod matches 2 VPCs: vpc-1, vpc-2. Take the tags off the others, or name one in spec.vpc.id. A link in a cluster cannot change that: delete it there and create it anew.',
      },
    ],
  });
});

function inZones(
  zones: readonly string[],
  unsupportedZones: 'Fail' | 'Skip',
  inUse: readonly string[] = [],
  zonesInUse: readonly string[] = [],
): unknown {
  const service: EndpointService = {
    name: 'svc',
    zones,
    privateDnsNames: [],
    policySupported: true,
    acceptanceRequired: false,
    ipAddressTypes: [],
  };
  const spec = { ...plainSpec, subnets: { tags: {}, unsupportedZones } };
  const { subnets, skipped, problems } = subnetsForService(
    spec,
    service,
    { subnets: [a1, b], usable: [a1, b], problems: [] },
    { inUse, zonesInUse, fixed: [] },
  );
  if (problems.length > 0) return problems.map(({ reason, message }) => `${reason}: ${message}`);
  return { used: subnets.map(({ id }) => id), skipped };
}

test('a zone that a service does not serve fails, or is skipped where the spec says so', () => {
  expect(inZones(['a', 'c'], 'Fail')).toEqual([
    'UnsupportedZone: svc is not offered in b (subnet-b). Choose subnets in a, c, or set spec.subnets.unsupportedZones: Skip.',
  ]);
  expect(inZones(['a', 'c'], 'Skip')).toEqual({
    used: ['subnet-a1'],
    skipped: [{ id: 'subnet-b', zone: 'b', reason: 'svc is not offered in b' }],
  });
  expect(inZones(['c'], 'Skip')).toEqual([
    'UnsupportedZone: svc is offered in none of the chosen zones: a (subnet-a1), b (subnet-b). Choose subnets in c.',
  ]);
});

test.each(['Fail', 'Skip'] as const)(
  '%s: an endpoint stays in a zone that AWS does not list any more',
  (unsupportedZones) => {
    const kept = { used: ['subnet-a1', 'subnet-b'], skipped: [] };
    expect(inZones(['a'], unsupportedZones, ['subnet-b'])).toEqual(kept);
  },
);

test('an endpoint keeps a zone that AWS does not list any more when the spec changes its subnet', () => {
  const moved = inZones(['a'], 'Skip', ['subnet-b2'], ['b']);
  expect(moved).toEqual([
    'UnsupportedZone: svc is not offered in b (subnet-b) any more, so the endpoint keeps the subnets that it has. List the ones that it is in there, or take the zone out of spec.subnets.',
  ]);
});

describe('two subnets of one zone that the spec selects', () => {
  const a2 = subnet('subnet-a2', 'a');
  const service: EndpointService = {
    name: 'svc',
    zones: ['a'],
    privateDnsNames: [],
    policySupported: true,
    acceptanceRequired: false,
    ipAddressTypes: [],
  };

  test.each([
    ['a new endpoint is in the chosen one', [], [], 'subnet-a1'],
    ['an endpoint stays in the one it is in', ['subnet-a2'], [], 'subnet-a2'],
    ['a fixed address has the last word', ['subnet-a1'], ['subnet-a2'], 'subnet-a2'],
    ['one that the spec does not select is left', ['subnet-a3'], [], 'subnet-a1'],
  ])('%s', (_what, inUse, fixed, expected) => {
    const selection = { subnets: [a1], usable: [a1, a2], problems: [] };
    const { subnets } = subnetsForService(plainSpec, service, selection, {
      inUse,
      zonesInUse: inUse.length === 0 ? [] : ['a'],
      fixed,
    });
    expect(subnets.map(({ id }) => id)).toEqual([expected]);
  });
});

test('a service without a list of zones is taken to serve them all', () => {
  expect(inZones([], 'Fail')).toEqual({ used: ['subnet-a1', 'subnet-b'], skipped: [] });
});
