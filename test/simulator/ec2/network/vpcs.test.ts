import { describe as group, expect, test } from '@jest/globals';
import {
  AssociateVpcCidrBlockCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import { createEndpoint, inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

test(
  'each region starts with a default VPC and a subnet in each of three zones',
  inAws(async ({ ec2Client }) => {
    const ec2 = ec2Client({ region: 'eu-west-1' });
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs).toMatchObject([
      { IsDefault: true, CidrBlock: '172.31.0.0/16', OwnerId: '111122223333' },
    ]);
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
    const zones = Subnets?.map(({ AvailabilityZone }) => AvailabilityZone);
    expect(zones).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
    expect(Subnets?.[0]).toMatchObject({
      CidrBlock: '172.31.0.0/20',
      AvailableIpAddressCount: 4091,
      DefaultForAz: true,
    });
  }),
);

test(
  'a region can have another number of zones',
  inAws((aws) => Promise.resolve(expect(aws.subnetIds).toHaveLength(5)), { zonesPerRegion: 5 }),
);

group('DNS attributes of a VPC', () => {
  async function attribute(
    { ec2 }: SimulatedAws,
    VpcId: string,
    Attribute: 'enableDnsSupport' | 'enableDnsHostnames',
  ): Promise<boolean | undefined> {
    const answer = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
    return (answer.EnableDnsSupport ?? answer.EnableDnsHostnames)?.Value;
  }

  test(
    'are support without host names in a new VPC, and both in the default one',
    inAws(async (aws) => {
      const { Vpc } = await aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
      const id = Vpc?.VpcId ?? '';
      expect(await attribute(aws, id, 'enableDnsSupport')).toBe(true);
      expect(await attribute(aws, id, 'enableDnsHostnames')).toBe(false);
      expect(await attribute(aws, aws.vpcId, 'enableDnsHostnames')).toBe(true);
    }),
  );

  test(
    'are modified one at a time',
    inAws(async (aws) => {
      const VpcId = aws.vpcId;
      const both = {
        VpcId,
        EnableDnsSupport: { Value: true },
        EnableDnsHostnames: { Value: false },
      };
      const modify = aws.ec2.send(new ModifyVpcAttributeCommand(both));
      expect((await refusalOf(modify)).code).toBe('InvalidParameterCombination');
      const hostnames = { VpcId, EnableDnsHostnames: { Value: false } };
      await aws.ec2.send(new ModifyVpcAttributeCommand(hostnames));
      expect(await attribute(aws, VpcId, 'enableDnsHostnames')).toBe(false);
    }),
  );

  test(
    'need support before host names',
    inAws(async (aws) => {
      aws.home.setVpcDns(aws.vpcId, { enableDnsSupport: false, enableDnsHostnames: false });
      const hostnames = { VpcId: aws.vpcId, EnableDnsHostnames: { Value: true } };
      const modify = aws.ec2.send(new ModifyVpcAttributeCommand(hostnames));
      expect((await refusalOf(modify)).code).toBe('InvalidParameterValue');
    }),
  );
});

group('blocks of a VPC', () => {
  test(
    'can be added, but not over one that it has',
    inAws(async ({ ec2, vpcId, home }) => {
      const associate = (CidrBlock: string) =>
        ec2.send(new AssociateVpcCidrBlockCommand({ VpcId: vpcId, CidrBlock }));
      await associate('10.0.0.0/16');
      expect(home.defaultVpc().cidrs.map(({ cidr }) => cidr)).toEqual([
        '172.31.0.0/16',
        '10.0.0.0/16',
      ]);
      expect((await refusalOf(associate('10.0.128.0/17'))).code).toBe('CidrConflict');
    }),
  );

  test(
    'can be of IPv6, given by Amazon',
    inAws(async ({ ec2, vpcId }) => {
      const input = { VpcId: vpcId, AmazonProvidedIpv6CidrBlock: true };
      const { Ipv6CidrBlockAssociation } = await ec2.send(new AssociateVpcCidrBlockCommand(input));
      expect(Ipv6CidrBlockAssociation?.Ipv6CidrBlock).toMatch(/^2600:1f[0-9a-f:]+\/56$/);
      const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
      expect(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet).toEqual([Ipv6CidrBlockAssociation]);
    }),
  );

  test(
    'must be a network of /16 to /28',
    inAws(async ({ ec2 }) => {
      const create = (CidrBlock: string) => ec2.send(new CreateVpcCommand({ CidrBlock }));
      expect((await refusalOf(create('10.0.0.0/8'))).code).toBe('InvalidVpc.Range');
      expect((await refusalOf(create('10.0.0'))).code).toBe('InvalidParameterValue');
    }),
  );
});

group('AWS refuses a subnet', () => {
  const cases = [
    ['outside of the VPC', { CidrBlock: '10.0.0.0/24' }, 'InvalidSubnet.Range'],
    ['over another one', { CidrBlock: '172.31.0.0/24' }, 'InvalidSubnet.Conflict'],
    ['that is too small', { CidrBlock: '172.31.128.0/29' }, 'InvalidSubnet.Range'],
    [
      'in a zone that the region does not have',
      { CidrBlock: '172.31.128.0/24', AvailabilityZone: 'us-east-1z' },
      'InvalidParameterValue',
    ],
    ['without a block', {}, 'MissingParameter'],
  ] as const;
  for (const [name, given, code] of cases) {
    test(
      name,
      inAws(async ({ ec2, vpcId }) => {
        const create = ec2.send(new CreateSubnetCommand({ VpcId: vpcId, ...given }));
        expect((await refusalOf(create)).code).toBe(code);
      }),
    );
  }
});

test(
  'subnets are found by VPC, zone and tag, and count their free addresses',
  inAws(async (aws) => {
    const { ec2, vpcId } = aws;
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: '172.31.128.0/24',
        AvailabilityZone: 'us-east-1b',
        TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'ml', Value: 'private' }] }],
      }),
    );
    const SubnetIds = [Subnet?.SubnetId ?? ''];
    await createEndpoint(aws, { SubnetIds });
    const Filters = [
      { Name: 'tag:ml', Values: ['private'] },
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'availability-zone', Values: ['us-east-1b'] },
    ];
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    expect(Subnets).toMatchObject([{ SubnetId: SubnetIds[0], AvailableIpAddressCount: 250 }]);
  }),
);

test(
  'an unknown subnet and an unknown VPC are called by their own codes',
  inAws(async ({ ec2 }) => {
    const subnet = ec2.send(
      new DescribeSubnetsCommand({ SubnetIds: ['subnet-0123456789abcdef0'] }),
    );
    expect((await refusalOf(subnet)).code).toBe('InvalidSubnetID.NotFound');
    const vpc = ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-0123456789abcdef0'] }));
    expect((await refusalOf(vpc)).code).toBe('InvalidVpcID.NotFound');
  }),
);

test(
  'a subnet and a VPC in use cannot be deleted',
  inAws(async (aws) => {
    const [subnetId = ''] = aws.subnetIds;
    await createEndpoint(aws, { SubnetIds: [subnetId] });
    const subnet = aws.ec2.send(new DeleteSubnetCommand({ SubnetId: subnetId }));
    expect((await refusalOf(subnet)).code).toBe('DependencyViolation');
    const vpc = aws.ec2.send(new DeleteVpcCommand({ VpcId: aws.vpcId }));
    expect((await refusalOf(vpc)).code).toBe('DependencyViolation');
  }),
);

test(
  'an empty VPC is deleted with its default group',
  inAws(async ({ ec2, home }) => {
    const vpc = home.createVpc({ cidr: '10.0.0.0/16' });
    await ec2.send(new DeleteVpcCommand({ VpcId: vpc.id }));
    expect(home.vpcs()).toHaveLength(1);
    expect(home.securityGroups(vpc.id)).toEqual([]);
  }),
);
