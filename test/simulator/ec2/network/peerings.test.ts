import { describe as group, expect, test } from '@jest/globals';
import {
  AcceptVpcPeeringConnectionCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVpcPeeringConnectionsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { ec2Model } from '../../../../src/simulator/protocol/generated/ec2-model.ts';
import { inAws, minuteMs, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

const other = '444455556666';

async function ask(
  { ec2, vpcId }: SimulatedAws,
  PeerVpcId: string,
  PeerOwnerId?: string,
): Promise<string> {
  const input = { VpcId: vpcId, PeerVpcId, ...(PeerOwnerId === undefined ? {} : { PeerOwnerId }) };
  const TagSpecifications = [
    { ResourceType: 'vpc-peering-connection' as const, Tags: [{ Key: 'team', Value: 'ml' }] },
  ];
  const { VpcPeeringConnection } = await ec2.send(
    new CreateVpcPeeringConnectionCommand({ ...input, TagSpecifications }),
  );
  return VpcPeeringConnection?.VpcPeeringConnectionId ?? '';
}

const accept = (ec2: EC2Client, VpcPeeringConnectionId: string) =>
  ec2.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
const remove = (ec2: EC2Client, VpcPeeringConnectionId: string) =>
  ec2.send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));

async function statusOf(ec2: EC2Client, id: string): Promise<string | undefined> {
  const VpcPeeringConnectionIds = [id];
  const answer = await ec2.send(
    new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds }),
  );
  return answer.VpcPeeringConnections?.[0]?.Status?.Code;
}

/** A group of the VPC as the source of a rule of a group of the default VPC. */
async function admit({ ec2, home, vpcId }: SimulatedAws, GroupId: string, UserId?: string) {
  const { id } = home.createSecurityGroup({ vpcId, name: `g${home.securityGroups().length}` });
  const pair = { GroupId, ...(UserId === undefined ? {} : { UserId }) };
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [pair] },
  ];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions }));
  return id;
}

async function referenceIn({ ec2 }: SimulatedAws, groupId: string) {
  const Filters = [{ Name: 'group-id', Values: [groupId] }];
  const answer = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  return answer.SecurityGroupRules?.find(({ IsEgress }) => IsEgress === false)?.ReferencedGroupInfo;
}

test(
  'groups of another account can be named from the acceptance on, and are stale after the end',
  inAws(async (aws) => {
    const theirs = aws.simulator.world.region('us-east-1', other);
    const theirEc2 = aws.ec2Client({ accessKeyId: other });
    const peerVpcId = theirs.createVpc({ cidr: '10.99.0.0/16' }).id;
    const { id: groupId } = theirs.createSecurityGroup({ vpcId: peerVpcId, name: 'theirs' });
    const id = await ask(aws, peerVpcId, other);
    expect(await statusOf(theirEc2, id)).toBe('pending-acceptance');
    expect((await refusalOf(admit(aws, groupId, other))).message).toContain('different networks');
    expect((await refusalOf(accept(aws.ec2, id))).code).toBe('OperationNotPermitted');
    await accept(theirEc2, id);
    const ours = await admit(aws, groupId, other);
    expect(await referenceIn(aws, ours)).toMatchObject({ PeeringStatus: 'active' });
    await remove(aws.ec2, id);
    expect(await statusOf(theirEc2, id)).toBe('deleted');
    expect(await referenceIn(aws, ours)).toMatchObject({
      PeeringStatus: 'deleted',
      VpcPeeringConnectionId: id,
    });
    expect((await refusalOf(admit(aws, groupId, other))).code).toBe('InvalidGroup.NotFound');
    expect((await refusalOf(remove(aws.ec2, id))).code).toBe('InvalidStateTransition');
    aws.clock.advance(121 * minuteMs);
    expect((await refusalOf(statusOf(aws.ec2, id))).code).toBe(
      'InvalidVpcPeeringConnectionID.NotFound',
    );
  }),
);

test(
  'a VPC of the own account is peered by the same steps, once',
  inAws(async (aws) => {
    const peerVpcId = aws.home.createVpc({ cidr: '10.99.0.0/16' }).id;
    const id = await ask(aws, peerVpcId);
    await accept(aws.ec2, id);
    expect(await statusOf(aws.ec2, id)).toBe('active');
    const again = await refusalOf(ask(aws, peerVpcId));
    expect(again.code).toBe('VpcPeeringConnectionAlreadyExists');
  }),
);

group('a request has failed', () => {
  const cases = [
    [
      'where the blocks overlap',
      (aws: SimulatedAws) => aws.home.createVpc({ cidr: '172.31.0.0/24' }).id,
      undefined,
    ],
    ['where the other account has no such VPC', () => 'vpc-0123456789abcdef0', other],
  ] as const;
  test.each(cases)('%s', (_, peerOf, owner) =>
    inAws(async (aws) => {
      const id = await ask(aws, peerOf(aws), owner);
      expect(await statusOf(aws.ec2, id)).toBe('failed');
      expect((await refusalOf(remove(aws.ec2, id))).code).toBe('InvalidStateTransition');
    })(),
  );
});

test(
  'a request that nobody accepts in a week is over',
  inAws(async (aws) => {
    const id = await ask(aws, aws.home.createVpc({ cidr: '10.99.0.0/16' }).id);
    aws.clock.advance(7 * 24 * 60 * minuteMs);
    expect(await statusOf(aws.ec2, id)).toBe('expired');
    expect((await refusalOf(accept(aws.ec2, id))).code).toBe('InvalidStateTransition');
  }),
);

test(
  'every documented filter finds the peering by what it is, and not by anything else',
  inAws(async (aws) => {
    const peerVpcId = aws.home.createVpc({ cidr: '10.99.0.0/16' }).id;
    const id = await ask(aws, peerVpcId);
    const values: Readonly<Record<string, string>> = {
      'accepter-vpc-info.cidr-block': '10.99.0.0/16',
      'accepter-vpc-info.owner-id': '111122223333',
      'accepter-vpc-info.vpc-id': peerVpcId,
      'expiration-time': '2026-01-08T00:00:00.000Z',
      'requester-vpc-info.cidr-block': '172.31.0.0/16',
      'requester-vpc-info.owner-id': '111122223333',
      'requester-vpc-info.vpc-id': aws.vpcId,
      'status-code': 'pending-acceptance',
      'status-message': 'Pending Acceptance by 111122223333',
      'tag:team': 'ml',
      'tag-key': 'team',
      'vpc-peering-connection-id': id,
    };
    const documented = ec2Model.filters['DescribeVpcPeeringConnections'] ?? [];
    const names = documented.map((name) => (name === 'tag' ? 'tag:team' : name));
    expect(Object.keys(values)).toEqual(names);
    for (const [Name, value] of Object.entries(values)) {
      const count = async (wanted: string) => {
        const Filters = [{ Name, Values: [wanted] }];
        const answer = await aws.ec2.send(new DescribeVpcPeeringConnectionsCommand({ Filters }));
        return answer.VpcPeeringConnections?.length;
      };
      expect([Name, await count(value), await count('nothing')]).toEqual([Name, 1, 0]);
    }
  }),
);
