import { describe as group, expect, test } from '@jest/globals';
import {
  AssociateSecurityGroupVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeAvailabilityZonesCommand,
  DescribeSubnetsCommand,
  DisassociateSecurityGroupVpcCommand,
} from '@aws-sdk/client-ec2';
import { createEndpoint, inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

const outpostArn = 'arn:aws:outposts:us-east-1:111122223333:outpost/op-0123456789abcdef0';

group('an endpoint cannot be made in a subnet', () => {
  const cases = [
    [
      'of a Local Zone',
      ({ home }: SimulatedAws) => ({ zone: home.addLocalZone('us-east-1-bos-1a').name }),
    ],
    ['on an Outpost', () => ({ outpostArn })],
  ] as const;
  for (const [name, place] of cases) {
    test(
      name,
      inAws(async (aws) => {
        const { home, vpcId } = aws;
        const { id } = home.createSubnet({ vpcId, cidr: '172.31.255.0/28', ...place(aws) });
        expect(await refusalOf(createEndpoint(aws, { SubnetIds: [id] }))).toMatchObject({
          code: 'InvalidParameter',
          message: `The VPC endpoint service com.amazonaws.us-east-1.sagemaker.api does not support the availability zone of the subnet: ${id}.`,
        });
      }),
    );
  }
});

test(
  'a Local Zone is shown to who opted in to it, and to others when they ask for all zones',
  inAws(async ({ ec2, home, vpcId }) => {
    home.addLocalZone('us-east-1-bos-1a');
    home.addLocalZone('us-east-1-mia-1a', false);
    const zones = async (AllAvailabilityZones: boolean) => {
      const command = new DescribeAvailabilityZonesCommand({ AllAvailabilityZones });
      const { AvailabilityZones = [] } = await ec2.send(command);
      return AvailabilityZones.filter(({ ZoneType }) => ZoneType === 'local-zone');
    };
    expect(await zones(false)).toMatchObject([
      { ZoneName: 'us-east-1-bos-1a', OptInStatus: 'opted-in', ParentZoneName: 'us-east-1a' },
    ]);
    expect(await zones(true)).toMatchObject([{}, { OptInStatus: 'not-opted-in' }]);
    const make = () =>
      home.createSubnet({ vpcId, cidr: '172.31.255.0/28', zone: 'us-east-1-mia-1a' });
    expect(make).toThrow('Subnets can currently only be created in');
  }),
);

test(
  'the Outpost of a subnet is shown and found',
  inAws(async ({ ec2, home, vpcId }) => {
    const { id } = home.createSubnet({ vpcId, cidr: '172.31.255.0/28', outpostArn });
    const Filters = [{ Name: 'outpost-arn', Values: [outpostArn] }];
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    expect(Subnets).toMatchObject([{ SubnetId: id, OutpostArn: outpostArn }]);
  }),
);

test(
  'a group can be used in a VPC that it is associated with, and is held by the association',
  inAws(async (aws) => {
    const { ec2, home, vpcId } = aws;
    const home2 = home.createVpc({ cidr: '10.99.0.0/16' }).id;
    const { id: subnetId } = home.createSubnet({ vpcId: home2, cidr: '10.99.0.0/24' });
    const { id: GroupId } = home.createSecurityGroup({ vpcId, name: 'shared' });
    const make = () =>
      createEndpoint(aws, { VpcId: home2, SubnetIds: [subnetId], SecurityGroupIds: [GroupId] });
    expect((await refusalOf(make())).code).toBe('InvalidParameter');
    await ec2.send(new AssociateSecurityGroupVpcCommand({ GroupId, VpcId: home2 }));
    await make();
    const remove = () => ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    expect((await refusalOf(remove())).code).toBe('DependencyViolation');
    const end = ec2.send(new DisassociateSecurityGroupVpcCommand({ GroupId, VpcId: home2 }));
    expect((await refusalOf(end)).code).toBe('DependencyViolation');
    const ofDefault = ec2.send(new AssociateSecurityGroupVpcCommand({ GroupId, VpcId: vpcId }));
    expect((await refusalOf(ofDefault)).code).toBe('InvalidParameterValue');
  }),
);
