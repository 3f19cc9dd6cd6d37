import { expect, test } from '@jest/globals';
import { rankedCandidates } from '../../../../src/plan/endpoint/claim-endpoint.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { isNarrower } from '../../../../src/plan/endpoint/policy-reach.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner, policies, serviceNames } from '../../../model/generated-worlds.ts';
import { shortcomings } from '../../../model/goal.ts';
import { LinkLife } from '../../../model/link-life.ts';

const spec = {
  ...plainSpec,
  adoption: 'IfUnowned' as const,
  endpoints: [{ service: 'api' as const, privateDNS: true }],
};

function endpoint(id: string, parts: Partial<Endpoint> = {}): Endpoint {
  return {
    id,
    vpcId: 'vpc-main',
    serviceName: serviceNames.api,
    state: 'available',
    subnetIds: ['subnet-a'],
    securityGroupIds: ['sg-user'],
    networkInterfaceIds: [],
    privateDnsEnabled: false,
    ipAddressType: 'ipv4',
    dnsRecordIpType: 'ipv4',
    dnsNames: [],
    requesterManaged: false,
    tags: { Name: 'made by hand', team: 'ml' },
    ...parts,
  };
}

async function lifeBeside(...endpoints: readonly Endpoint[]): Promise<LinkLife> {
  const world = emptyWorld();
  for (const one of endpoints) world.endpoints.set(one.id, one);
  const life = new LinkLife({ world, spec });
  await life.settle();
  return life;
}

const ownedIds = ({ world }: LinkLife): readonly string[] =>
  [...world.endpoints.values()]
    .filter(({ tags }) => tags['sagemaker.privatelink.dev/uid'] === owner.uid)
    .map(({ id }) => id);

test('the endpoint that has the private name is taken over, and not the one beside it', async () => {
  const idle = endpoint('vpce-1');
  const inUse = endpoint('vpce-2', { privateDnsEnabled: true });
  const life = await lifeBeside(idle, inUse);
  expect(ownedIds(life)).toEqual(['vpce-2']);
  expect(life.world.endpoints.get('vpce-1')).toEqual(idle);
  expect(shortcomings(life.world, owner, spec)).toEqual([]);
});

test.each(['failed', 'rejected', 'expired', 'partial', 'unknown'] as const)(
  'an endpoint that is %s is not taken over',
  async (state) => {
    const broken = endpoint('vpce-1', { state });
    const life = await lifeBeside(broken);
    expect(life.world.endpoints.get('vpce-1')).toEqual(broken);
    expect(ownedIds(life)).toHaveLength(1);
  },
);

test('the name that somebody gave an endpoint stays, and so do the tags of others', async () => {
  const life = await lifeBeside(endpoint('vpce-1'));
  expect(life.world.endpoints.get('vpce-1')?.tags).toMatchObject({
    Name: 'made by hand',
    team: 'ml',
  });
  const { end } = await life.settle();
  expect(end.done).toEqual([]);
});

test('what is taken over is told with tags, groups and policy before and after', async () => {
  const world = emptyWorld();
  world.endpoints.set('vpce-1', endpoint('vpce-1', { policy: policies.wide }));
  const wanted = { ...spec, endpoints: [{ ...spec.endpoints[0], policy: policies.narrow }] };
  const life = new LinkLife({ world, spec: wanted as typeof spec });
  const { notes } = await life.pass();
  expect(notes).toMatchObject([{ subject: 'EndpointsAvailable', reason: 'Adoption' }]);
  const { message = '' } = notes[0] ?? {};
  expect(message).toContain('vpce-1, which belongs to nobody, is taken over for api.');
  expect(message).toContain('sagemaker.privatelink.dev/uid (none) -> uid-1');
  expect(message).toContain('kept: Name, team');
  expect(message).toMatch(/Security groups: sg-user -> sg-\w+\./);
  expect(message).toContain('Subnets: subnet-a -> ');
  expect(message).toContain('Private DNS: off -> on');
  expect(message).toContain('Endpoint policy (NARROWER than before');
  expect(message).toContain(
    `${JSON.stringify(policies.wide)} -> ${JSON.stringify(policies.narrow)}`,
  );
});

test('candidates are ranked: private name, available, the right subnets, age', () => {
  const desired = { privateDns: true, subnets: [{ id: 'subnet-a' }, { id: 'subnet-b' }] };
  const ranked = rankedCandidates(
    [
      endpoint('vpce-pending', { state: 'pending' }),
      endpoint('vpce-young', { subnetIds: ['subnet-a', 'subnet-b'], createdAt: '2026-02-02' }),
      endpoint('vpce-old', { subnetIds: ['subnet-a', 'subnet-b'], createdAt: '2026-01-01' }),
      endpoint('vpce-more', { subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'] }),
      endpoint('vpce-few', { subnetIds: ['subnet-b'] }),
      endpoint('vpce-named', { state: 'pending', privateDnsEnabled: true }),
    ],
    desired as never,
  );
  expect(ranked.map(({ id }) => id)).toEqual([
    'vpce-named',
    'vpce-old',
    'vpce-young',
    'vpce-more',
    'vpce-few',
    'vpce-pending',
  ]);
});

const allow = (statement: object): { Statement: object[] } => ({
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...statement }],
});
const everything = allow({});
const deny = { ...allow({}).Statement[0], Effect: 'Deny', Action: 'sagemaker:CreateApp' };

test.each([
  ['from everything to some actions', everything, allow({ Action: 'sagemaker:*' }), true],
  ['from no document to some actions', undefined, allow({ Action: 'sagemaker:*' }), true],
  ['from some actions to everything', allow({ Action: 'sagemaker:*' }), everything, false],
  [
    'from an action to all of its service',
    allow({ Action: 'sagemaker:InvokeEndpoint' }),
    allow({ Action: ['sagemaker:*'] }),
    false,
  ],
  ['to a condition', everything, allow({ Condition: { Bool: { 'aws:a': 'true' } } }), true],
  ['to one principal', everything, allow({ Principal: { AWS: 'arn:aws:iam::1:root' } }), true],
  ['to an additional denial', everything, { Statement: [...everything.Statement, deny] }, true],
  ['from a denial to none', { Statement: [...everything.Statement, deny] }, everything, false],
  ['to the same in other words', everything, { Version: '2012-10-17', ...everything }, false],
  ['from a denial alone to everything', { Statement: [deny] }, everything, false],
])('%s: the policy becomes narrower or not', (_, former, next, narrower) => {
  expect(isNarrower(former, next)).toBe(narrower);
});
