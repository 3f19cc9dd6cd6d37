/** The list of all endpoints of a VPC, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listVpcEndpoints } from '../../../../src/aws/endpoint/list-vpc-endpoints.ts';
import { apiService, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

const runtimeService = apiService.replace(/api$/, 'runtime');

function createEndpoint(serviceName: string, vpcId = world.aws.defaultVpc().id): void {
  world.aws.run('CreateVpcEndpoint', {
    VpcId: vpcId,
    ServiceName: serviceName,
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: 'false',
    'SubnetId.1': world.aws.subnets(vpcId)[0]?.id ?? '',
  });
}

test('every endpoint of the VPC is listed, of whatever service, to the last page', async () => {
  const { aws, transport, ask, pagesOf } = world;
  const { id: vpcId } = aws.createVpc({ cidr: '10.1.0.0/16' });
  aws.createSubnet({ vpcId, cidr: '10.1.0.0/24' });
  createEndpoint(apiService);
  for (const service of [apiService, runtimeService, apiService]) createEndpoint(service, vpcId);
  pagesOf(2);
  const found = await listVpcEndpoints(transport, vpcId, ask().signal);
  expect(found.map(({ serviceName }) => serviceName).toSorted()).toEqual([
    apiService,
    apiService,
    runtimeService,
  ]);
});

test('a refusal is said as one', async () => {
  const { aws, simulator, transport, ask } = world;
  simulator.faults.add({ action: 'DescribeVpcEndpoints', effect: { kind: 'deny' } });
  await expect(
    listVpcEndpoints(transport, aws.defaultVpc().id, ask().signal),
  ).rejects.toMatchObject({ kind: 'Denied', action: 'ec2:DescribeVpcEndpoints' });
});
