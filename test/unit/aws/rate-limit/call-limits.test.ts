import { expect, test } from '@jest/globals';
import { defaultLimitOf, shareOf } from '../../../../src/aws/rate-limit/call-limits.ts';

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const published = {
  'ec2:CreateVpcEndpoint': { burst: 4, perSecond: 0.3 },
  'ec2:ModifyVpcEndpoint': { burst: 4, perSecond: 0.3 },
  'ec2:DeleteVpcEndpoints': { burst: 4, perSecond: 0.3 },
  'ec2:DescribeVpcEndpoints': { burst: 100, perSecond: 20 },
  'ec2:DescribeSecurityGroups': { burst: 100, perSecond: 20 },
  'ec2:CreateTags': { burst: 100, perSecond: 10 },
  'ec2:CreateSecurityGroup': { burst: 50, perSecond: 5 },
} as const;

test.each(Object.entries(published))('%s stays within what AWS publishes', (action, limit) => {
  const own = defaultLimitOf(action as keyof typeof published);
  expect(own.burst).toBeLessThanOrEqual(limit.burst);
  expect(own.perSecond).toBeLessThanOrEqual(limit.perSecond);
  expect(own.burst).toBeGreaterThanOrEqual(1);
});

test('IAM publishes no rates, so its changes are slower than its reads and both are slow', () => {
  const [reads, changes] = [defaultLimitOf('iam:GetPolicy'), defaultLimitOf('iam:CreatePolicy')];
  expect(changes.perSecond).toBeLessThan(reads.perSecond);
  expect(reads.perSecond).toBeLessThan(defaultLimitOf('ec2:DescribeVpcs').perSecond);
});

test('a share leaves at least one call at a time', () => {
  expect(shareOf({ burst: 50, perSecond: 5 }, 0.5)).toEqual({ burst: 25, perSecond: 2.5 });
  expect(shareOf({ burst: 3, perSecond: 0.3 }, 0.1).burst).toBe(1);
});
