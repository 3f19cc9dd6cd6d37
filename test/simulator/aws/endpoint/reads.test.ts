/** The readers of endpoints, their services and their interfaces, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createVpcEndpointsReader,
  findEndpoints,
} from '../../../../src/aws/endpoint/read-endpoints.ts';
import { createNetworkInterfacesReader } from '../../../../src/aws/endpoint/read-network-interfaces.ts';
import { createEndpointServicesReader } from '../../../../src/aws/endpoint/read-services.ts';
import { apiService, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

const runtimeService = apiService.replace(/api$/, 'runtime');

/** An endpoint of a VPC, made by somebody. @returns its id */
function createEndpoint(
  serviceName: string,
  { vpcId = world.aws.defaultVpc().id, ...more }: Readonly<Record<string, string>> = {},
): string {
  const before = new Set(world.aws.endpoints().map(({ id }) => id));
  world.aws.run('CreateVpcEndpoint', {
    VpcId: vpcId,
    ServiceName: serviceName,
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: 'false',
    'SubnetId.1': world.aws.subnets(vpcId)[0]?.id ?? '',
    ...more,
  });
  return world.aws.endpoints().find(({ id }) => !before.has(id))?.id ?? '';
}

test('each question gets the endpoints of its VPC and its services, all by one call', async () => {
  const { aws, reading, ask, sent } = world;
  const { id: vpcId } = aws.createVpc({ cidr: '10.1.0.0/16' });
  aws.createSubnet({ vpcId, cidr: '10.1.0.0/24' });
  const ours = [createEndpoint(apiService), createEndpoint(runtimeService)];
  const other = createEndpoint(apiService, { vpcId });
  const endpoints = createVpcEndpointsReader(reading);
  const answers = await Promise.all([
    endpoints(aws.defaultVpc().id, [apiService, runtimeService], ask()),
    endpoints(vpcId, [apiService], ask()),
    endpoints(vpcId, [runtimeService], ask()),
  ]);
  const ids = answers.map((found) => found.map(({ id }) => id));
  expect(ids).toEqual([ours, [other], []]);
  expect(sent('DescribeVpcEndpoints')).toBe(1);
});

test('endpoints are read to the last page', async () => {
  const { reading, ask, pagesOf, sent } = world;
  const made = Array.from({ length: 11 }, () => createEndpoint(apiService));
  pagesOf(5);
  const found = await findEndpoints(reading.calls, [], ask().signal);
  expect(found.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
  expect(sent('DescribeVpcEndpoints')).toBe(3);
});

test.each(['Resource', 'ServiceNetwork'] as const)(
  'an endpoint of the type %s has no service and is left out; another one without fails the read',
  async (VpcEndpointType) => {
    const { reading, ask, answering } = world;
    const id = createEndpoint(apiService);
    const odd = { VpcEndpointId: 'vpce-1', VpcId: 'vpc-1' };
    answering('ec2:DescribeVpcEndpoints', ({ VpcEndpoints = [], ...answer }) => ({
      ...answer,
      VpcEndpoints: [...VpcEndpoints, { ...odd, VpcEndpointType }],
    }));
    const { signal } = ask();
    expect(await findEndpoints(reading.calls, [], signal)).toMatchObject([{ id }]);
    answering('ec2:DescribeVpcEndpoints', (answer) => ({ ...answer, VpcEndpoints: [odd] }));
    await expect(findEndpoints(reading.calls, [], signal)).rejects.toMatchObject({
      code: 'IncompleteAnswer',
    });
  },
);

test('interfaces have their zone and addresses; an id that AWS does not know is left out', async () => {
  const { aws, reading, ask, answering } = world;
  createEndpoint(apiService);
  const [made] = aws.interfaces();
  const ids = [made?.id ?? '', 'eni-0123456789abcdef0'];
  const interfaces = createNetworkInterfacesReader(reading);
  const [found, ...more] = await interfaces(ids, ask());
  expect(found).toEqual({
    id: made?.id,
    subnetId: aws.subnets(aws.defaultVpc().id)[0]?.id,
    zone: 'eu-west-1a',
    ipv4: expect.stringMatching(/^172\.31\./),
  });
  expect(more).toEqual([]);
  // An interface that AWS is at work on, and one of IPv6 alone.
  const Ipv6Addresses = [{ Ipv6Address: '2001:db8::1' }];
  answering('ec2:DescribeNetworkInterfaces', (answer) => ({
    ...answer,
    NetworkInterfaces: [
      { NetworkInterfaceId: 'eni-1' },
      { NetworkInterfaceId: 'eni-2', PrivateIpAddress: '', Ipv6Addresses },
      { PrivateIpAddress: '10.0.0.1' },
    ],
  }));
  const nowhere = { subnetId: '', zone: '' };
  expect(await interfaces(['eni-1', 'eni-2'], ask())).toEqual([
    { id: 'eni-1', ...nowhere },
    { id: 'eni-2', ...nowhere, ipv6: '2001:db8::1' },
  ]);
});

test('interfaces are read to the last page', async () => {
  const { aws, reading, ask, pagesOf, sent } = world;
  const subnetId = aws.subnets(aws.defaultVpc().id)[0]?.id ?? '';
  const ids = Array.from(
    { length: 11 },
    () => aws.createNetworkInterface({ subnetId, groupIds: [] }).id,
  );
  pagesOf(5);
  expect(await createNetworkInterfacesReader(reading)(ids, ask())).toHaveLength(11);
  expect(sent('DescribeNetworkInterfaces')).toBe(3);
});

test('a service is read with its zones, names and abilities', async () => {
  const { aws, reading, ask } = world;
  const name = 'com.amazonaws.eu-west-1.sagemaker.new';
  aws.addService({ name, privateDnsNames: ['new.example', 'also.new.example'] });
  aws.setServiceZones(name, ['eu-west-1b']);
  expect(await createEndpointServicesReader(reading)([name], ask())).toEqual([
    {
      name,
      zones: ['eu-west-1b'],
      privateDnsNames: ['new.example', 'also.new.example'],
      policySupported: true,
      acceptanceRequired: false,
      ipAddressTypes: expect.arrayContaining(['ipv4']),
    },
  ]);
});

test('a service that the region lacks does not hide the others, and is asked for alone afterwards', async () => {
  const { reading, ask, sent } = world;
  const services = createEndpointServicesReader(reading);
  const names = [apiService, 'com.amazonaws.eu-west-1.sagemaker.no-such', runtimeService];
  const both = [apiService, runtimeService].toSorted();
  expect((await services(names, ask())).map(({ name }) => name).toSorted()).toEqual(both);
  const searching = sent('DescribeVpcEndpointServices');
  expect((await services(names, ask())).map(({ name }) => name).toSorted()).toEqual(both);
  expect(sent('DescribeVpcEndpointServices') - searching).toBe(2);
});

test('a gateway service is none that an endpoint with interfaces can be made for', async () => {
  const { reading, ask } = world;
  const name = 'com.amazonaws.eu-west-1.store';
  world.aws.addService({ name, type: 'Gateway' });
  const found = await createEndpointServicesReader(reading)([name, apiService], ask());
  expect(found.map((service) => service.name)).toEqual([apiService]);
});

test('a service of which AWS tells only its type and one private name is taken at that word', async () => {
  const { reading, ask, answering } = world;
  const ServiceType = [{ ServiceType: 'Interface' as const }];
  answering('ec2:DescribeVpcEndpointServices', (answer) => ({
    ...answer,
    ServiceDetails: [
      { ServiceName: apiService, ServiceType, PrivateDnsName: 'api.example' },
      { ServiceType },
      { ServiceName: 'of no type' },
    ],
  }));
  expect(await createEndpointServicesReader(reading)([apiService], ask())).toEqual([
    {
      name: apiService,
      zones: [],
      privateDnsNames: ['api.example'],
      policySupported: false,
      acceptanceRequired: false,
      ipAddressTypes: [],
    },
  ]);
});

test.each(['DescribeVpcEndpoints', 'DescribeNetworkInterfaces', 'DescribeVpcEndpointServices'])(
  'a denied %s is an error, and nothing that is absent',
  async (action) => {
    const { aws, simulator, reading, ask } = world;
    simulator.faults.add({ action, effect: { kind: 'deny' } });
    const read = {
      DescribeVpcEndpoints: () =>
        createVpcEndpointsReader(reading)(aws.defaultVpc().id, [apiService], ask()),
      DescribeNetworkInterfaces: () => createNetworkInterfacesReader(reading)(['eni-1'], ask()),
      DescribeVpcEndpointServices: () =>
        createEndpointServicesReader(reading)([apiService, runtimeService], ask()),
    }[action];
    await expect(read?.()).rejects.toMatchObject({ kind: 'Denied', action: `ec2:${action}` });
  },
);
