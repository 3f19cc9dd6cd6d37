import type { Endpoint } from '../../plan/facts.ts';
import { collectPages } from '../client/paginate.ts';
import type { AwsTransport } from '../client/operations.ts';
import { toCloudError } from '../client/to-cloud-error.ts';
import { endpointFromSdk } from './endpoint-from-sdk.ts';

const action = 'ec2:DescribeVpcEndpoints';

/**
 * All interface endpoints of a VPC, whatever their service: AWS keeps adding services, so nothing is
 * asked by name. Throws `CloudError`.
 */
export async function listVpcEndpoints(
  transport: AwsTransport,
  vpcId: string,
  signal: AbortSignal,
): Promise<readonly Endpoint[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'vpc-endpoint-type', Values: ['Interface'] },
  ];
  try {
    const found = await collectPages(action, async (token) => {
      const next = token === undefined ? {} : { NextToken: token };
      const page = await transport.send(action, { Filters, MaxResults: 1000, ...next }, { signal });
      return { items: page.VpcEndpoints, nextToken: page.NextToken };
    });
    return found.flatMap((one) => endpointFromSdk(one) ?? []);
  } catch (error) {
    throw toCloudError(action, error, signal);
  }
}
