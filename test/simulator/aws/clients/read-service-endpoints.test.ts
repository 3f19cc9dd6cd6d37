import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServiceEndpointsReader } from '../../../../src/aws/clients/read-service-endpoints.ts';
import { createNetworkInterfacesReader } from '../../../../src/aws/endpoint/read-network-interfaces.ts';
import { apiService, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  // Endpoints are pending for longer than a slow machine takes to read them.
  world = await startSimulatedCalls({ pendingMs: 60_000 });
});

afterEach(() => world.close());

const s3 = 'com.amazonaws.eu-west-1.s3';

function reader() {
  return createServiceEndpointsReader(world.reading, createNetworkInterfacesReader(world.reading));
}

function createEndpoint(ServiceName: string, type: 'Interface' | 'Gateway'): void {
  const { aws } = world;
  const { id: VpcId } = aws.defaultVpc();
  const subnets = aws.subnets(VpcId).slice(0, 2);
  const placed = Object.fromEntries(subnets.map(({ id }, n) => [`SubnetId.${n + 1}`, id]));
  aws.run('CreateVpcEndpoint', {
    VpcId,
    ServiceName,
    VpcEndpointType: type,
    ...(type === 'Interface' ? { PrivateDnsEnabled: 'false', ...placed } : {}),
  });
}

test('an endpoint has the addresses of its interfaces, or the blocks of its service', async () => {
  const { aws, ask } = world;
  createEndpoint(apiService, 'Interface');
  createEndpoint(s3, 'Gateway');
  const { id: vpcId } = aws.defaultVpc();
  const found = await reader()(vpcId, [apiService, s3], ask());
  const addresses = aws.interfaces().map(({ ipv4 }) => ipv4);
  expect(addresses).toHaveLength(2);
  expect(found).toEqual([
    {
      serviceName: apiService,
      state: 'pending',
      addresses: addresses.toSorted(),
      isPartlyShown: false,
      cidrs: [],
    },
    {
      serviceName: s3,
      state: 'available',
      addresses: [],
      isPartlyShown: false,
      cidrs: expect.arrayContaining([expect.stringMatching(/^\d+\.\d+\.\d+\.\d+\/\d+$/)]),
    },
  ]);
});

test('a VPC without endpoints costs one call, and nobody is asked for interfaces or lists', async () => {
  const { aws, simulator, ask } = world;
  expect(await reader()(aws.defaultVpc().id, [apiService, s3], ask())).toEqual([]);
  expect(simulator.callCounts()).toEqual({ DescribeVpcEndpoints: 1 });
});

test('an interface that AWS does not show yet leaves the addresses known in part', async () => {
  const { aws, ask, answering } = world;
  createEndpoint(apiService, 'Interface');
  answering('ec2:DescribeNetworkInterfaces', (answer) => ({
    ...answer,
    NetworkInterfaces: answer.NetworkInterfaces?.slice(0, 1),
  }));
  const [found] = await reader()(aws.defaultVpc().id, [apiService], ask());
  expect(found).toMatchObject({ isPartlyShown: true });
  expect(found?.addresses).toHaveLength(1);
});

test('a list of a customer under the name of AWS’s counts for nothing', async () => {
  const { aws, ask, answering } = world;
  createEndpoint(s3, 'Gateway');
  answering('ec2:DescribeManagedPrefixLists', ({ PrefixLists = [], ...answer }) => ({
    ...answer,
    PrefixLists: PrefixLists.map((list) => ({ ...list, OwnerId: '444455556666' })),
  }));
  const [found] = await reader()(aws.defaultVpc().id, [s3], ask());
  expect(found?.cidrs).toEqual([]);
});

test.each(['DescribeVpcEndpoints', 'DescribeNetworkInterfaces', 'GetManagedPrefixListEntries'])(
  'a denied %s is an error, and no endpoint without a way',
  async (action) => {
    const { aws, simulator, ask } = world;
    createEndpoint(apiService, 'Interface');
    createEndpoint(s3, 'Gateway');
    simulator.faults.add({ action, effect: { kind: 'deny' } });
    await expect(reader()(aws.defaultVpc().id, [apiService, s3], ask())).rejects.toMatchObject({
      kind: 'Denied',
      action: `ec2:${action}`,
    });
  },
);
