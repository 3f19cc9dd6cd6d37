import { describe as group, expect, test } from '@jest/globals';
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteVpcEndpointsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcEndpointsCommand,
  ModifyVpcEndpointCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { createEndpoint, inAws, refusalOf, type SimulatedAws } from '../simulated-aws.ts';

/** How many of these calls, one after the other, are let through before one is throttled. */
async function letThrough(call: () => Promise<unknown>): Promise<number> {
  for (let count = 0; count < 1000; count += 1) {
    const error: unknown = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof Error && error.name === 'RequestLimitExceeded') return count;
  }
  throw new Error('A thousand calls were let through.');
}

const unknown = 'vpce-0123456789abcdef0';

interface BucketCase {
  readonly name: string;
  readonly call: (aws: SimulatedAws) => Promise<unknown>;
  readonly burst: number;
  /** Milliseconds after which exactly `refilled` more calls are let through. */
  readonly afterMs: number;
  readonly refilled: number;
}

/** Figures of AWS's EC2 API throttling page. */
const bucketCases: readonly BucketCase[] = [
  {
    name: 'CreateVpcEndpoint',
    call: (aws) => createEndpoint(aws),
    burst: 4,
    afterMs: 10_000,
    refilled: 3,
  },
  {
    name: 'ModifyVpcEndpoint',
    call: ({ ec2 }) => ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: unknown })),
    burst: 4,
    afterMs: 10_000,
    refilled: 3,
  },
  {
    name: 'DeleteVpcEndpoints',
    call: ({ ec2 }) => ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [unknown] })),
    burst: 4,
    afterMs: 3_400,
    refilled: 1,
  },
  {
    name: 'CreateSecurityGroup',
    call: ({ ec2 }) =>
      ec2.send(new CreateSecurityGroupCommand({ GroupName: 'g', Description: 'd' })),
    burst: 50,
    afterMs: 1_000,
    refilled: 5,
  },
  {
    name: 'RevokeSecurityGroupIngress',
    call: ({ ec2 }) => ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: 'sg-1' })),
    burst: 50,
    afterMs: 1_000,
    refilled: 5,
  },
  {
    name: 'CreateTags',
    call: ({ ec2, vpcId }) =>
      ec2.send(new CreateTagsCommand({ Resources: [vpcId], Tags: [{ Key: 'a', Value: '' }] })),
    burst: 100,
    afterMs: 500,
    refilled: 5,
  },
  {
    name: 'DescribeVpcEndpoints',
    call: ({ ec2 }) => ec2.send(new DescribeVpcEndpointsCommand({})),
    burst: 100,
    afterMs: 500,
    refilled: 10,
  },
  {
    name: 'DescribeNetworkInterfaces without a filter',
    call: ({ ec2 }) => ec2.send(new DescribeNetworkInterfacesCommand({})),
    burst: 50,
    afterMs: 500,
    refilled: 5,
  },
  {
    name: 'DescribeNetworkInterfaces in pages',
    call: ({ ec2 }) => ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: 5 })),
    burst: 100,
    afterMs: 500,
    refilled: 10,
  },
];

group('the token bucket of', () => {
  for (const { name, call, burst, afterMs, refilled } of bucketCases) {
    test(
      `${name} holds ${burst} calls and refills as AWS says`,
      inAws(async (aws) => {
        expect(await letThrough(() => call(aws))).toBe(burst);
        aws.clock.advance(afterMs);
        expect(await letThrough(() => call(aws))).toBe(refilled);
      }),
    );
  }
});

test(
  'a throttled call is refused with HTTP 503 and changes nothing',
  inAws(async (aws) => {
    await letThrough(() => createEndpoint(aws));
    expect(await refusalOf(createEndpoint(aws))).toMatchObject({
      code: 'RequestLimitExceeded',
      httpStatus: 503,
    });
    expect(aws.home.endpoints()).toHaveLength(4);
  }),
);

test(
  'actions, regions and accounts have buckets of their own',
  inAws(async (aws) => {
    const remove = (ec2 = aws.ec2) =>
      ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [unknown] }));
    await letThrough(() => createEndpoint(aws));
    expect(await letThrough(() => remove())).toBe(4);
    const elsewhere = aws.ec2Client({ region: 'eu-west-1' });
    expect(await letThrough(() => remove(elsewhere))).toBe(4);
    const another = aws.ec2Client({ accessKeyId: '444455556666' });
    expect(await letThrough(() => remove(another))).toBe(4);
  }),
);

test(
  'throttling can be switched off',
  inAws(
    async (aws) => {
      for (let count = 0; count < 6; count += 1) await createEndpoint(aws);
    },
    { throttling: false },
  ),
);
