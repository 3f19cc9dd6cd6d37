/** How many calls 20 links cost at AWS, through the shipped operator: the goals of the project. */
import { beforeAll, expect, jest, test } from '@jest/globals';
import { type BenchResult, runBench } from '../../../bench/run-bench.ts';

jest.setTimeout(300_000);

const links = 20;
let result: BenchResult;

beforeAll(async () => {
  result = await runBench({ links, vpcs: 1, backend: 'moto', awsRates: 'off', sweeps: 1 });
}, 300_000);

test('a link is Ready after 5 changes and at most 0.8 reads', () => {
  const { create } = result.phases;
  expect(changesOf(create.byAction)).toEqual({
    CreateSecurityGroup: links,
    AuthorizeSecurityGroupIngress: links,
    RevokeSecurityGroupEgress: links,
    CreateVpcEndpoint: 2 * links,
  });
  // Quiet machines take 0.6 reads: on slow ones links come too far apart to share each of them.
  expect(create.callsPerLink).toBeLessThanOrEqual(5.8);
});

test('a sweep of all links asks three things and writes nothing', () => {
  const { steady } = result.phases;
  expect(Object.keys(steady.byAction)).toEqual([
    'DescribeSecurityGroupRules',
    'DescribeSecurityGroups',
    'DescribeVpcEndpoints',
  ]);
  // One more sweep may have begun; it is the same for a hundred links.
  expect(steady.awsCalls).toBeLessThanOrEqual(3 * (Math.ceil(steady.sweeps) + 1));
  expect(steady.objectsWritten).toBe(0);
});

test('a restart asks for each kind of thing once and writes nothing', () => {
  // The attributes of the VPC, two calls, come with the first sweep.
  const { restart } = result.phases;
  expect(restart.byAction).toEqual({
    GetCallerIdentity: 1,
    DescribeVpcs: 1,
    DescribeSubnets: 1,
    DescribeVpcEndpointServices: 1,
    DescribeVpcEndpoints: 1,
    DescribeSecurityGroups: 1,
    DescribeSecurityGroupRules: 1,
  });
});

test('a link is gone after at most 1.5 calls', () => {
  const { delete: removal } = result.phases;
  const { DeleteVpcEndpoints: endpointDeletions = 0, ...others } = changesOf(removal.byAction);
  expect(others).toEqual({ DeleteSecurityGroup: links });
  expect(endpointDeletions).toBeLessThan(links / 2);
  expect(removal.callsPerLink).toBeLessThanOrEqual(1.5);
});

function changesOf(byAction: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const isRead = /^(Describe|Get|List)/;
  return Object.fromEntries(Object.entries(byAction).filter(([action]) => !isRead.test(action)));
}
