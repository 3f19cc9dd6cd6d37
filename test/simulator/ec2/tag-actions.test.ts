import { describe as group, expect, test } from '@jest/globals';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DeleteVpcEndpointsCommand,
  DescribeTagsCommand,
  DescribeVpcEndpointsCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import { createEndpoint, describe, inAws, minuteMs, refusalOf } from '../simulated-aws.ts';

test(
  'tags are added and replaced on resources of every kind at once',
  inAws(async (aws) => {
    const { ec2, home, vpcId, subnetIds } = aws;
    const { VpcEndpointId } = await createEndpoint(aws);
    const { id: groupId } = home.createSecurityGroup({ vpcId, name: 'g', tags: { a: 'old' } });
    const { id: ruleId } = home.addIngressRule(groupId, '10.0.0.0/8', 443);
    const Resources = [VpcEndpointId, groupId, ruleId, vpcId, ...subnetIds];
    const Tags = [{ Key: 'a', Value: 'new' }];
    await ec2.send(new CreateTagsCommand({ Resources, Tags }));
    const Filters = [{ Name: 'tag:a', Values: ['new'] }];
    const described = await ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: ['a'] }] }),
    );
    expect(described.Tags?.map(({ ResourceId }) => ResourceId).toSorted()).toEqual(
      Resources.toSorted(),
    );
    expect((await ec2.send(new DescribeTagsCommand({ Filters }))).Tags).toHaveLength(7);
  }),
);

test(
  'a tag is deleted when its value is the given one, or when no value is given',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    const untag = (...Tags: Tag[]) =>
      aws.ec2.send(new DeleteTagsCommand({ Resources: [VpcEndpointId], Tags }));
    const left = async () => (await describe(aws, VpcEndpointId)).Tags?.map(({ Key }) => Key);
    const Tags = ['a', 'b', 'c'].map((Key) => ({ Key, Value: '1' }));
    await aws.ec2.send(new CreateTagsCommand({ Resources: [VpcEndpointId], Tags }));
    await untag({ Key: 'a', Value: '2' }, { Key: 'b', Value: '1' }, { Key: 'c' });
    expect(await left()).toEqual(['a']);
  }),
);

test(
  'a tag may be called like something that every object has, and is found by it',
  inAws(async (aws) => {
    const Tags = ['__proto__', 'constructor', 'a.b'].map((Key) => ({ Key, Value: ' x\r\n<&> ' }));
    const { VpcEndpointId } = await createEndpoint(aws, {
      TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags }],
    });
    expect((await describe(aws, VpcEndpointId)).Tags).toEqual(Tags);
    const found = async (Name: string) => {
      const command = new DescribeVpcEndpointsCommand({ Filters: [{ Name, Values: ['*'] }] });
      return (await aws.ec2.send(command)).VpcEndpoints?.length;
    };
    expect(await found('tag:__proto__')).toBe(1);
    expect(await found('tag:toString')).toBe(0);
  }),
);

group('AWS refuses tags', () => {
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  const cases: readonly (readonly [string, Tag[], string])[] = [
    ['whose key is reserved', [{ Key: 'aws:x', Value: '' }], 'InvalidParameterValue'],
    ['whose key is too long', [{ Key: 'x'.repeat(129), Value: '' }], 'InvalidParameterValue'],
    ['whose value is too long', [{ Key: 'x', Value: 'x'.repeat(257) }], 'InvalidParameterValue'],
    ['beyond the fiftieth', many, 'TagLimitExceeded'],
    [
      'whose value has control characters',
      [{ Key: 'x', Value: 'a\u0007b' }],
      'InvalidParameterValue',
    ],
  ];
  for (const [name, Tags, code] of cases) {
    test(
      name,
      inAws(async ({ ec2, vpcId }) => {
        const tag = ec2.send(new CreateTagsCommand({ Resources: [vpcId], Tags }));
        expect((await refusalOf(tag)).code).toBe(code);
      }),
    );
  }

  test(
    'on all resources when one of them does not exist',
    inAws(async ({ ec2, vpcId, home }) => {
      const Resources = [vpcId, 'vpce-0123456789abcdef0'];
      const tag = ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'a', Value: '' }] }));
      expect((await refusalOf(tag)).code).toBe('InvalidVpcEndpointId.NotFound');
      expect(home.defaultVpc().tags).toEqual({});
    }),
  );

  test(
    'on a tombstone',
    inAws(async (aws) => {
      const { VpcEndpointId } = await createEndpoint(aws);
      await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
      aws.clock.advance(minuteMs);
      const Tags = [{ Key: 'a', Value: '' }];
      const tag = aws.ec2.send(new CreateTagsCommand({ Resources: [VpcEndpointId], Tags }));
      expect((await refusalOf(tag)).code).toBe('InvalidVpcEndpointId.NotFound');
    }),
  );
});
