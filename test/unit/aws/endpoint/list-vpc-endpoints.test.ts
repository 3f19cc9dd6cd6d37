import { expect, test } from '@jest/globals';
import { listVpcEndpoints } from '../../../../src/aws/endpoint/list-vpc-endpoints.ts';
import { ec2Error, scriptedTransport } from '../scripted-transport.ts';

const { signal } = new AbortController();

function endpoint(id: string) {
  return { VpcEndpointId: id, VpcId: 'vpc-1', ServiceName: `service of ${id}` };
}

test('all pages are read, of interface endpoints of the VPC alone', async () => {
  const transport = scriptedTransport({
    'ec2:DescribeVpcEndpoints': ({ NextToken }) =>
      NextToken === undefined
        ? { VpcEndpoints: [endpoint('vpce-1')], NextToken: 'more' }
        : { VpcEndpoints: [endpoint('vpce-2')] },
  });
  const found = await listVpcEndpoints(transport, 'vpc-1', signal);
  expect(found.map(({ id }) => id)).toEqual(['vpce-1', 'vpce-2']);
  for (const { Filters } of transport.inputsOf('ec2:DescribeVpcEndpoints')) {
    expect(Filters).toEqual([
      { Name: 'vpc-id', Values: ['vpc-1'] },
      { Name: 'vpc-endpoint-type', Values: ['Interface'] },
    ]);
  }
});

test('a refusal has the code and the name of the call', async () => {
  const transport = scriptedTransport({
    'ec2:DescribeVpcEndpoints': () => {
      throw ec2Error('UnauthorizedOperation');
    },
  });
  await expect(listVpcEndpoints(transport, 'vpc-1', signal)).rejects.toMatchObject({
    kind: 'Denied',
    action: 'ec2:DescribeVpcEndpoints',
  });
});
