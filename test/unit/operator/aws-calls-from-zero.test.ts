import { expect, test } from '@jest/globals';
import { awsCallsFromZero } from '../../../src/operator/aws-calls-from-zero.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

test('the failures that alerts wait for are there with 0 before the first, and only then', async () => {
  const { aws, registry } = createMetrics({ processMetrics: false });
  aws.calls.inc({ service: 'ec2', action: 'DescribeVpcs', result: 'Throttled' });
  awsCallsFromZero(aws);
  const lines = (await registry.getSingleMetricAsString('aws_api_calls_total')).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'aws_api_calls_total{service="ec2",action="CreateVpcEndpoint",result="Denied"} 0',
      'aws_api_calls_total{service="sts",action="GetCallerIdentity",result="Credentials"} 0',
      'aws_api_calls_total{service="ec2",action="DescribeVpcs",result="Throttled"} 1',
    ]),
  );
});
