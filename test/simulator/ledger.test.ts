import { describe as group, expect, test } from '@jest/globals';
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
} from '@aws-sdk/client-ec2';
import { CreatePolicyCommand, GetPolicyCommand } from '@aws-sdk/client-iam';
import { createEndpoint, describe, inAws, refusalOf, type SimulatedAws } from './simulated-aws.ts';

async function endpointCount({ ec2 }: SimulatedAws): Promise<number | undefined> {
  return (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints?.length;
}

async function groupNames({ ec2 }: SimulatedAws): Promise<unknown[] | undefined> {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return SecurityGroups?.map(({ GroupName }) => GroupName);
}

function createGroup({ ec2 }: SimulatedAws) {
  return ec2.send(new CreateSecurityGroupCommand({ GroupName: 'g', Description: 'd' }));
}

test(
  'without a lag a change is seen at once',
  inAws(async (aws) => {
    await createEndpoint(aws);
    expect(await endpointCount(aws)).toBe(1);
  }),
);

group('with a visibility lag of two seconds', () => {
  const options = { visibilityLagMs: 2000 };

  test(
    'a new endpoint is not found for so long',
    inAws(async (aws) => {
      const { VpcEndpointId } = await createEndpoint(aws);
      expect(await endpointCount(aws)).toBe(0);
      const early = describe(aws, VpcEndpointId);
      expect((await refusalOf(early)).code).toBe('InvalidVpcEndpointId.NotFound');
      aws.clock.advance(2000);
      expect(await endpointCount(aws)).toBe(1);
    }, options),
  );

  test(
    'a changed resource is described as it was',
    inAws(async (aws) => {
      const { VpcEndpointId } = await createEndpoint(aws);
      aws.clock.advance(2000);
      const Tags = [{ Key: 'a', Value: 'b' }];
      await aws.ec2.send(new CreateTagsCommand({ Resources: [VpcEndpointId], Tags }));
      expect((await describe(aws, VpcEndpointId)).Tags).toEqual([]);
      aws.clock.advance(2000);
      expect((await describe(aws, VpcEndpointId)).Tags).toEqual(Tags);
    }, options),
  );

  test(
    'a deleted resource is still described',
    inAws(async (aws) => {
      const { GroupId } = await createGroup(aws);
      aws.clock.advance(2000);
      await aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
      expect(await groupNames(aws)).toEqual(['default', 'g']);
      aws.clock.advance(2000);
      expect(await groupNames(aws)).toEqual(['default']);
    }, options),
  );

  test(
    'writers see the latest world: a name that is taken is refused at once',
    inAws(async (aws) => {
      await createGroup(aws);
      expect((await refusalOf(createGroup(aws))).code).toBe('InvalidGroup.Duplicate');
    }, options),
  );

  test(
    'many changes of one resource show one after the other, however many there are',
    inAws(
      async (aws) => {
        const value = async () => {
          const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand({}));
          return SecurityGroups?.[0]?.Tags?.[0]?.Value;
        };
        const [groupId = ''] = aws.home.securityGroups().map(({ id }) => id);
        for (let count = 0; count < 40; count += 1) {
          const Tags = [{ Key: 'n', Value: String(count) }];
          await aws.ec2.send(new CreateTagsCommand({ Resources: [groupId], Tags }));
          aws.clock.advance(100);
        }
        expect(await value()).toBe('20');
        aws.clock.advance(1000);
        expect(await value()).toBe('30');
        aws.clock.advance(2000);
        expect(await value()).toBe('39');
      },
      { ...options, throttling: false },
    ),
  );

  test(
    'what is done behind the back is seen at once',
    inAws(async (aws) => {
      aws.home.createSecurityGroup({ vpcId: aws.vpcId, name: 'g' });
      expect(await groupNames(aws)).toEqual(['default', 'g']);
    }, options),
  );

  test(
    'the default VPC is there from the beginning',
    inAws(async (aws) => expect(await groupNames(aws)).toEqual(['default']), options),
  );

  test(
    'IAM lags as well',
    inAws(async ({ iam, clock }) => {
      const PolicyDocument =
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';
      const create = new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument });
      const PolicyArn = (await iam.send(create)).Policy?.Arn;
      const get = () => iam.send(new GetPolicyCommand({ PolicyArn }));
      expect((await refusalOf(get())).code).toBe('NoSuchEntity');
      clock.advance(2000);
      await get();
    }, options),
  );
});

test(
  'with a lag of three reads the fourth one sees the change',
  inAws(
    async (aws) => {
      await createEndpoint(aws);
      const counts = [];
      for (let read = 0; read < 4; read += 1) counts.push(await endpointCount(aws));
      expect(counts).toEqual([0, 0, 0, 1]);
    },
    { visibilityLagReads: 3 },
  ),
);

test(
  'a lag of reads that nobody makes ends by itself',
  inAws(
    async (aws) => {
      await createEndpoint(aws);
      aws.clock.advance(9_999);
      expect(await endpointCount(aws)).toBe(0);
      aws.clock.advance(1);
      expect(await endpointCount(aws)).toBe(1);
    },
    { visibilityLagReads: 3 },
  ),
);

test(
  'the lag can be changed while the simulator runs',
  inAws(async (aws) => {
    aws.simulator.setVisibilityLag({ reads: 1 });
    await createEndpoint(aws);
    expect(await endpointCount(aws)).toBe(0);
    expect(await endpointCount(aws)).toBe(1);
  }),
);
