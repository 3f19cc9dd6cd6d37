import { expect, test } from '@jest/globals';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { holderOf, importedLinks } from '../../../../src/standalone/import/imported-links.ts';

const api = 'com.amazonaws.eu-west-1.sagemaker.api';
const runtime = 'com.amazonaws.eu-west-1.sagemaker.runtime';

function endpoint(id: string, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    id,
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    serviceName: api,
    state: 'available',
    subnetIds: ['subnet-0bbbbbbb', 'subnet-0aaaaaaa'],
    securityGroupIds: ['sg-0aaaaaaa'],
    networkInterfaceIds: [],
    policy: { Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } },
    privateDnsEnabled: true,
    ipAddressType: 'ipv4',
    dnsNames: [],
    requesterManaged: false,
    tags: {},
    ...changes,
  };
}

function imported(endpoints: readonly Endpoint[], policySupported = true) {
  const services = endpoints.map(({ serviceName: name }) => ({
    name,
    zones: [],
    privateDnsNames: [],
    policySupported,
    acceptanceRequired: false,
    ipAddressTypes: [],
  }));
  return importedLinks({
    name: 'ml',
    region: 'eu-west-1',
    partition: 'aws',
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    endpoints,
    services,
  });
}

test('a link says what is there: subnets, groups, policy as a list, and that nothing is deleted with it', () => {
  const { links, leftOut } = imported([endpoint('vpce-1')]);
  expect(leftOut).toEqual([]);
  expect(links).toMatchObject([
    {
      endpointIds: ['vpce-1'],
      manifest: {
        metadata: { name: 'ml' },
        spec: {
          vpc: { id: 'vpc-0a1b2c3d4e5f67890' },
          subnets: { ids: ['subnet-0aaaaaaa', 'subnet-0bbbbbbb'] },
          securityGroup: { ids: ['sg-0aaaaaaa'] },
          adoption: 'IfUnowned',
          deletionPolicy: 'Retain',
          endpoints: [
            {
              service: 'api',
              policy: {
                Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
              },
            },
          ],
        },
      },
    },
  ]);
});

test('a service without policies has none in the link, whatever AWS shows', () => {
  const { links } = imported([endpoint('vpce-1')], false);
  expect(JSON.stringify(links)).not.toContain('policy":');
});

test('endpoints that share subnets and groups are one link, others another', () => {
  const { links } = imported([
    endpoint('vpce-1'),
    endpoint('vpce-2', {
      serviceName: runtime,
      subnetIds: ['subnet-0aaaaaaa', 'subnet-0bbbbbbb'],
    }),
    endpoint('vpce-3', {
      serviceName: 'aws.sagemaker.eu-west-1.something-new',
      securityGroupIds: ['sg-0bbbbbbb'],
    }),
  ]);
  expect(links.map(({ endpointIds }) => endpointIds)).toEqual([['vpce-1', 'vpce-2'], ['vpce-3']]);
  expect(links[1]?.manifest).toMatchObject({
    metadata: { name: 'ml-2' },
    spec: { endpoints: [{ serviceName: 'aws.sagemaker.eu-west-1.something-new' }] },
  });
});

test('of two endpoints for a service the one with the private names is taken, in whatever order they come', () => {
  const used = endpoint('vpce-2');
  const other = endpoint('vpce-1', { privateDnsEnabled: false });
  for (const all of [
    [used, other],
    [other, used],
  ]) {
    const { links, leftOut } = imported(all);
    expect(links[0]?.endpointIds).toEqual(['vpce-2']);
    expect(leftOut).toMatchObject([{ id: 'vpce-1', reason: /vpce-2 is in use/ }].map(matching));
  }
});

function matching<T extends { readonly reason: RegExp }>({ reason, ...rest }: T) {
  return { ...rest, reason: expect.stringMatching(reason) as unknown };
}

test('what fails, is made by AWS, or belongs to another tool or link is left out with its reason', () => {
  const { links, leftOut } = imported([
    endpoint('vpce-1', { state: 'failed' }),
    endpoint('vpce-2', { requesterManaged: true }),
    endpoint('vpce-3', { tags: { 'aws:cloudformation:stack-id': 'x' } }),
    endpoint('vpce-4', {
      tags: {
        'sagemaker.privatelink.dev/cluster': 'c',
        'sagemaker.privatelink.dev/uid': 'u',
        'sagemaker.privatelink.dev/name': 'ml',
      },
    }),
    endpoint('vpce-5', { serviceName: 'com.amazonaws.eu-west-1.ec2' }),
  ]);
  expect(links).toEqual([]);
  expect(leftOut.map(({ id, reason }) => [id, reason]).toSorted()).toEqual([
    ['vpce-1', 'it is failed'],
    ['vpce-2', 'an AWS service made it and keeps it'],
    ['vpce-3', 'it belongs to CloudFormation (tag aws:cloudformation:stack-id)'],
    ['vpce-4', 'it belongs to SageMakerPrivateLink ml of cluster c'],
  ]);
});

test('a policy that the kind cannot hold leaves its endpoint out, and not the others', () => {
  const { links, leftOut } = imported([
    endpoint('vpce-1', { policy: { Statement: [{ Effect: 'Maybe', Principal: '*' }] } }),
    endpoint('vpce-2', { serviceName: runtime }),
  ]);
  expect(links.flatMap(({ endpointIds }) => endpointIds)).toEqual(['vpce-2']);
  expect(leftOut).toMatchObject([
    { id: 'vpce-1', reason: expect.stringContaining('a spec cannot say what it is') },
  ]);
});

function ownedBy(clusterId: string, name: string) {
  return {
    'sagemaker.privatelink.dev/cluster': clusterId,
    'sagemaker.privatelink.dev/uid': `uid of ${name}`,
    'sagemaker.privatelink.dev/name': name,
  };
}

test('no link gets the name of one that has endpoints in the VPC, of whatever cluster', () => {
  const { links } = imported([
    endpoint('vpce-1', { tags: ownedBy('c', 'ml') }),
    endpoint('vpce-2', { serviceName: 'com.amazonaws.eu-west-1.s3', tags: ownedBy('d', 'ml-3') }),
    endpoint('vpce-3', { serviceName: runtime }),
    endpoint('vpce-4', { securityGroupIds: ['sg-0bbbbbbb'] }),
  ]);
  expect(links.map(({ manifest }) => manifest['metadata'])).toEqual([
    { name: 'ml-2' },
    { name: 'ml-4' },
  ]);
});

test('the holder of a name is the link in the tags; the name alone makes none', () => {
  const all = [
    endpoint('vpce-1', { tags: { 'sagemaker.privatelink.dev/name': 'ml' } }),
    endpoint('vpce-2', { tags: ownedBy('c', 'other') }),
    endpoint('vpce-3', { tags: ownedBy('d', 'ml') }),
  ];
  expect(holderOf('ml', all)).toEqual({
    id: 'vpce-3',
    owner: 'SageMakerPrivateLink ml of cluster d',
  });
  expect(holderOf('ml-2', all)).toBeUndefined();
});
