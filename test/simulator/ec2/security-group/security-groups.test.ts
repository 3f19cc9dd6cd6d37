import { describe as group, expect, test } from '@jest/globals';
import {
  CreateSecurityGroupCommand,
  type CreateSecurityGroupCommandInput,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  paginateDescribeSecurityGroupRules,
} from '@aws-sdk/client-ec2';
import { inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

function create(
  { ec2, vpcId }: SimulatedAws,
  given: Partial<CreateSecurityGroupCommandInput> = {},
) {
  const input = { GroupName: 'endpoints', Description: 'of endpoints', VpcId: vpcId, ...given };
  return ec2.send(new CreateSecurityGroupCommand(input));
}

test(
  'a new group answers with its tags and ARN, and lets everything out',
  inAws(async (aws) => {
    const Tags = [{ Key: 'a', Value: 'b' }];
    const { GroupId = '', ...made } = await create(aws, {
      TagSpecifications: [{ ResourceType: 'security-group', Tags }],
    });
    expect(made).toMatchObject({
      Tags,
      SecurityGroupArn: `arn:aws:ec2:us-east-1:111122223333:security-group/${GroupId}`,
    });
    const Filters = [{ Name: 'group-id', Values: [GroupId] }];
    const { SecurityGroupRules } = await aws.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters }),
    );
    expect(SecurityGroupRules).toMatchObject([
      { IsEgress: true, IpProtocol: '-1', FromPort: -1, ToPort: -1, CidrIpv4: '0.0.0.0/0' },
    ]);
  }),
);

test(
  'in a VPC with IPv6 a new group lets IPv6 out as well',
  inAws(async (aws) => {
    const vpc = aws.home.createVpc({ cidr: '10.0.0.0/16', ipv6: true });
    const { GroupId } = await create(aws, { VpcId: vpc.id });
    const peers = aws.home.rules(GroupId).map(({ peer }) => peer);
    expect(peers).toEqual([
      { kind: 'ipv4', cidr: '0.0.0.0/0' },
      { kind: 'ipv6', cidr: '::/0' },
    ]);
  }),
);

group('AWS refuses to create a group', () => {
  const cases: readonly (readonly [string, Partial<CreateSecurityGroupCommandInput>, string])[] = [
    ['whose name is reserved', { GroupName: 'Default' }, 'InvalidGroup.Reserved'],
    ['whose name begins like an id', { GroupName: 'sg-mine' }, 'InvalidParameterValue'],
    ['whose name is too long', { GroupName: 'x'.repeat(256) }, 'InvalidParameterValue'],
    ['whose description is not ASCII', { Description: 'für alle' }, 'InvalidParameterValue'],
    ['in a VPC that does not exist', { VpcId: 'vpc-0123456789abcdef0' }, 'InvalidVpcID.NotFound'],
    ['with the name of another one', { GroupName: 'taken' }, 'InvalidGroup.Duplicate'],
    [
      'with the name of another one in other case',
      { GroupName: 'TAKEN' },
      'InvalidGroup.Duplicate',
    ],
  ];
  for (const [name, given, code] of cases) {
    test(
      name,
      inAws(async (aws) => {
        aws.home.createSecurityGroup({ vpcId: aws.vpcId, name: 'taken' });
        expect((await refusalOf(create(aws, given))).code).toBe(code);
        expect(aws.home.securityGroups(aws.vpcId)).toHaveLength(2);
      }),
    );
  }
});

test(
  'two VPCs may have groups of the same name',
  inAws(async (aws) => {
    await create(aws);
    const vpc = aws.home.createVpc({ cidr: '10.0.0.0/16' });
    await create(aws, { VpcId: vpc.id });
  }),
);

group('a group cannot be deleted', () => {
  const deletion = ({ ec2 }: SimulatedAws, GroupId: string) =>
    ec2.send(new DeleteSecurityGroupCommand({ GroupId }));

  test(
    'while an interface has it',
    inAws(async (aws) => {
      const { GroupId = '' } = await create(aws);
      const [subnetId = ''] = aws.subnetIds;
      const { id } = aws.home.createNetworkInterface({ subnetId, groupIds: [GroupId] });
      expect((await refusalOf(deletion(aws, GroupId))).code).toBe('DependencyViolation');
      aws.home.deleteNetworkInterface(id);
      await deletion(aws, GroupId);
      expect(aws.home.rules(GroupId)).toEqual([]);
    }),
  );

  test(
    'while a rule of another group refers to it',
    inAws(async (aws) => {
      const { GroupId = '' } = await create(aws);
      const { GroupId: other = '' } = await create(aws, { GroupName: 'other' });
      const rule = {
        'IpPermissions.1.IpProtocol': 'tcp',
        'IpPermissions.1.FromPort': '443',
        'IpPermissions.1.ToPort': '443',
        'IpPermissions.1.Groups.1.GroupId': GroupId,
      };
      aws.home.run('AuthorizeSecurityGroupIngress', { GroupId: other, ...rule });
      expect((await refusalOf(deletion(aws, GroupId))).code).toBe('DependencyViolation');
      const referring = async (Name: string) => {
        const Filters = [{ Name, Values: [GroupId] }];
        const answer = await aws.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
        return answer.SecurityGroups?.map((one) => one.GroupId);
      };
      expect(await referring('ip-permission.group-id')).toEqual([other]);
      expect(await referring('egress.ip-permission.group-id')).toEqual([]);
      aws.home.run('RevokeSecurityGroupIngress', { GroupId: other, ...rule });
      await deletion(aws, GroupId);
    }),
  );

  test(
    'when it is the default group of a VPC',
    inAws(async (aws) => {
      const [defaultGroup] = aws.home.securityGroups(aws.vpcId);
      const refusal = await refusalOf(deletion(aws, defaultGroup?.id ?? ''));
      expect(refusal.code).toBe('CannotDelete');
    }),
  );

  test(
    'when it does not exist',
    inAws(async (aws) => {
      const refusal = await refusalOf(deletion(aws, 'sg-0123456789abcdef0'));
      expect(refusal.code).toBe('InvalidGroup.NotFound');
    }),
  );
});

test(
  'groups are found by name, VPC and tag',
  inAws(async (aws) => {
    const Tags = [{ Key: 'owner', Value: 'me' }];
    const TagSpecifications = [{ ResourceType: 'security-group' as const, Tags }];
    const { GroupId } = await create(aws, { TagSpecifications });
    const found = async (Name: string, Value: string) => {
      const Filters = [{ Name, Values: [Value] }];
      const command = new DescribeSecurityGroupsCommand({ Filters });
      return (await aws.ec2.send(command)).SecurityGroups?.map((each) => each.GroupId);
    };
    expect(await found('group-name', 'endpoints')).toEqual([GroupId]);
    expect(await found('tag:owner', 'me')).toEqual([GroupId]);
    expect(await found('vpc-id', aws.vpcId)).toHaveLength(2);
  }),
);

test(
  'rules come in pages of five at least',
  inAws(async (aws) => {
    const { GroupId = '' } = await create(aws);
    for (let port = 1; port <= 11; port += 1) aws.home.addIngressRule(GroupId, '10.0.0.0/8', port);
    const Filters = [{ Name: 'group-id', Values: [GroupId] }];
    const sizes: number[] = [];
    const pages = paginateDescribeSecurityGroupRules({ client: aws.ec2, pageSize: 5 }, { Filters });
    for await (const page of pages) sizes.push(page.SecurityGroupRules?.length ?? 0);
    expect(sizes).toEqual([5, 5, 2]);
    const tooSmall = aws.ec2.send(new DescribeSecurityGroupRulesCommand({ MaxResults: 4 }));
    expect((await refusalOf(tooSmall)).code).toBe('InvalidParameterValue');
  }),
);

test(
  'rules cannot be filtered by what AWS has no filter for',
  inAws(async (aws) => {
    const Filters = [{ Name: 'is-egress', Values: ['true'] }];
    const describe = aws.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
    expect((await refusalOf(describe)).code).toBe('InvalidParameterValue');
  }),
);
