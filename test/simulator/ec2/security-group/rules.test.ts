import { describe as group, expect, test } from '@jest/globals';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  DeleteSecurityGroupCommand,
  DescribeManagedPrefixListsCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import { inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };

function fromCidr(...cidrs: string[]): IpPermission {
  return { ...https, IpRanges: cidrs.map((CidrIp) => ({ CidrIp })) };
}

function newGroup({ home, ...aws }: SimulatedAws, vpcId = aws.vpcId): string {
  return home.createSecurityGroup({ vpcId, name: 'endpoints' }).id;
}

/** A VPC beside the default one. */
function otherVpc({ home }: SimulatedAws): string {
  return home.createVpc({ cidr: '10.99.0.0/16' }).id;
}

async function allow({ ec2 }: SimulatedAws, GroupId: string, ...IpPermissions: IpPermission[]) {
  const command = new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions });
  return (await ec2.send(command)).SecurityGroupRules ?? [];
}

async function newPrefixList({ ec2 }: SimulatedAws, MaxEntries: number): Promise<string> {
  const command = new CreateManagedPrefixListCommand({
    PrefixListName: 'offices',
    AddressFamily: 'IPv4',
    MaxEntries,
    Entries: [{ Cidr: '203.0.113.0/24' }],
  });
  return (await ec2.send(command)).PrefixList?.PrefixListId ?? '';
}

/** So many different /32 blocks. */
function blocks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}/32`);
}

function ingressOf({ home }: SimulatedAws, groupId: string) {
  return home.rules(groupId).filter(({ isEgress }) => !isEgress);
}

test(
  'blocks come back in canonical form, in both IP versions',
  inAws(async (aws) => {
    const rules = await allow(aws, newGroup(aws), fromCidr('100.68.0.18/18'), {
      ...https,
      Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0::1/48' }],
    });
    expect(rules).toMatchObject([{ CidrIpv4: '100.68.0.0/18' }, { CidrIpv6: '2001:db8::/48' }]);
  }),
);

test(
  'every source of every permission is a rule of the answer, with the tags of the call',
  inAws(async (aws) => {
    const GroupId = newGroup(aws);
    const PrefixListId = await newPrefixList(aws, 3);
    const command = new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      TagSpecifications: [
        { ResourceType: 'security-group-rule', Tags: [{ Key: 'a', Value: 'b' }] },
      ],
      IpPermissions: [
        { ...https, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'offices' }] },
        { ...https, PrefixListIds: [{ PrefixListId, Description: 'lists' }] },
        { ...https, UserIdGroupPairs: [{ GroupId, Description: 'members' }] },
      ],
    });
    const { SecurityGroupRules } = await aws.ec2.send(command);
    const common = { GroupId, GroupOwnerId: '111122223333', IsEgress: false, ToPort: 443 };
    const Tags = [{ Key: 'a', Value: 'b' }];
    expect(SecurityGroupRules).toMatchObject([
      { ...common, Tags, CidrIpv4: '10.0.0.0/8', Description: 'offices' },
      { ...common, Tags, PrefixListId, Description: 'lists' },
      { ...common, Tags, ReferencedGroupInfo: { GroupId }, Description: 'members' },
    ]);
  }),
);

group('AWS refuses a rule', () => {
  const cases: readonly (readonly [string, IpPermission, string])[] = [
    ['from a block without a prefix length', fromCidr('10.0.0.1'), 'InvalidParameterValue'],
    ['from a block in short form', fromCidr('10.0/16'), 'InvalidParameterValue'],
    ['from an IPv6 block given as IPv4', fromCidr('2001:db8::/32'), 'InvalidParameterValue'],
    [
      'from a group that does not exist',
      { ...https, UserIdGroupPairs: [{ GroupId: 'sg-0123456789abcdef0' }] },
      'InvalidGroup.NotFound',
    ],
    [
      'from a prefix list that does not exist',
      { ...https, PrefixListIds: [{ PrefixListId: 'pl-0123456789abcdef0' }] },
      'InvalidPrefixListID.NotFound',
    ],
    [
      'whose ports are the wrong way round',
      { ...fromCidr('10.0.0.0/8'), FromPort: 444 },
      'InvalidParameterValue',
    ],
    [
      'whose description has characters that AWS does not take',
      { ...https, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'ä' }] },
      'InvalidParameterValue',
    ],
    ['from nowhere', https, 'MissingParameter'],
    ['without ports', { ...fromCidr('10.0.0.0/8'), ToPort: undefined }, 'InvalidParameterValue'],
    [
      'from an account that is none',
      { ...https, UserIdGroupPairs: [{ GroupId: 'sg-0123456789abcdef0', UserId: 'me' }] },
      'InvalidParameterValue',
    ],
    ['that is twice in the request', fromCidr('10.0.0.0/8', '10.1.2.3/8'), 'InvalidParameterValue'],
  ];
  for (const [name, permission, code] of cases) {
    test(
      name,
      inAws(async (aws) => {
        const groupId = newGroup(aws);
        expect((await refusalOf(allow(aws, groupId, permission))).code).toBe(code);
      }),
    );
  }

  test(
    'from a group with an ampersand in its description, which a block may have',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      await allow(aws, GroupId, {
        ...https,
        IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'a & b' }],
      });
      const fromGroup = { ...https, UserIdGroupPairs: [{ GroupId, Description: 'a & b' }] };
      const { code } = await refusalOf(allow(aws, GroupId, fromGroup));
      expect(code).toBe('InvalidParameterValue');
    }),
  );
});

group('a group of another VPC', () => {
  const pair = (GroupId: string, UserId?: string) => ({
    ...https,
    UserIdGroupPairs: [{ GroupId, UserId }],
  });

  test(
    'is refused where the VPCs are not peered',
    inAws(async (aws) => {
      const other = newGroup(aws, otherVpc(aws));
      expect(await refusalOf(allow(aws, newGroup(aws), pair(other)))).toMatchObject({
        code: 'InvalidGroup.NotFound',
        message: 'You have specified two resources that belong to different networks.',
      });
    }),
  );

  test(
    'is taken where they are, in both directions, and does not hold the group',
    inAws(async (aws) => {
      const vpcId = otherVpc(aws);
      const [here, there] = [newGroup(aws), newGroup(aws, vpcId)];
      const { id } = aws.home.peerVpcs(aws.vpcId, vpcId);
      await allow(aws, there, pair(here));
      expect(await allow(aws, here, pair(there))).toMatchObject([
        {
          ReferencedGroupInfo: {
            GroupId: there,
            VpcId: vpcId,
            UserId: '111122223333',
            VpcPeeringConnectionId: id,
            PeeringStatus: 'active',
          },
        },
      ]);
      await aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId: there }));
    }),
  );

  test(
    'and of another account is found by its UserId only',
    inAws(async (aws) => {
      const account = '444455556666';
      const theirs = aws.simulator.world.region('us-east-1', account);
      const vpcId = theirs.createVpc({ cidr: '10.99.0.0/16' }).id;
      const { id } = theirs.createSecurityGroup({ vpcId, name: 'theirs' });
      aws.home.peerVpcs(aws.vpcId, vpcId, account);
      const group = newGroup(aws);
      const without = await refusalOf(allow(aws, group, pair(id)));
      expect(without.message).toBe(`The security group '${id}' does not exist`);
      expect(await allow(aws, group, pair(id, account))).toMatchObject([
        { ReferencedGroupInfo: { GroupId: id, UserId: account, VpcId: vpcId } },
      ]);
    }),
  );
});

group('a rule that is there already is refused', () => {
  const duplicates: readonly (readonly [string, IpPermission])[] = [
    ['with the same block', fromCidr('100.68.0.0/18')],
    ['with a block that is the same in canonical form', fromCidr('100.68.0.18/18')],
    [
      'with another description',
      { ...https, IpRanges: [{ CidrIp: '100.68.0.0/18', Description: 'other' }] },
    ],
    ['with the protocol as a number', { ...fromCidr('100.68.0.0/18'), IpProtocol: '6' }],
    ['beside one that is new', fromCidr('10.0.0.0/8', '100.68.0.0/18')],
  ];
  for (const [name, permission] of duplicates) {
    test(
      name,
      inAws(async (aws) => {
        const groupId = newGroup(aws);
        await allow(aws, groupId, fromCidr('100.68.0.0/18'));
        const refusal = await refusalOf(allow(aws, groupId, permission));
        expect(refusal).toMatchObject({
          code: 'InvalidPermission.Duplicate',
          message: expect.stringContaining('peer: 100.68.0.0/18, TCP, from port: 443'),
        });
        expect(ingressOf(aws, groupId)).toHaveLength(1);
      }),
    );
  }
});

group('the quota of sixty rules', () => {
  const exceeded = { code: 'RulesPerSecurityGroupLimitExceeded' };

  test(
    'counts IPv4 and IPv6 separately',
    inAws(async (aws) => {
      const groupId = newGroup(aws);
      const ipv6 = Array.from({ length: 60 }, (_, i) => ({ CidrIpv6: `2001:db8:${i}::/48` }));
      await allow(aws, groupId, fromCidr(...blocks(60)), { ...https, Ipv6Ranges: ipv6 });
      const oneMore = allow(aws, groupId, fromCidr('192.0.2.0/24'));
      expect(await refusalOf(oneMore)).toMatchObject(exceeded);
    }),
  );

  test(
    'counts each direction separately',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      await allow(aws, GroupId, fromCidr(...blocks(60)));
      const egress = (count: number) =>
        aws.ec2.send(
          new AuthorizeSecurityGroupEgressCommand({
            GroupId,
            IpPermissions: [fromCidr(...blocks(count))],
          }),
        );
      expect(await refusalOf(egress(60))).toMatchObject(exceeded); // AWS's own rule counts.
      await egress(59);
    }),
  );

  test(
    'counts a prefix list as its maximum of entries',
    inAws(async (aws) => {
      const groupId = newGroup(aws);
      const PrefixListId = await newPrefixList(aws, 20);
      await allow(aws, groupId, fromCidr(...blocks(40)), {
        ...https,
        PrefixListIds: [{ PrefixListId }],
      });
      const oneMore = allow(aws, groupId, fromCidr('192.0.2.0/24'));
      expect(await refusalOf(oneMore)).toMatchObject(exceeded);
    }),
  );

  test(
    'counts a prefix list of AWS as its weight',
    inAws(async (aws) => {
      const groupId = newGroup(aws);
      const Filters = [{ Name: 'prefix-list-name', Values: ['*origin-facing'] }];
      const { PrefixLists } = await aws.ec2.send(
        new DescribeManagedPrefixListsCommand({ Filters }),
      );
      expect(PrefixLists).toMatchObject([{ OwnerId: 'AWS', AddressFamily: 'IPv4' }]);
      const PrefixListId = PrefixLists?.[0]?.PrefixListId ?? '';
      await allow(aws, groupId, { ...https, PrefixListIds: [{ PrefixListId }] });
      const sixMore = allow(aws, groupId, fromCidr(...blocks(6)));
      expect(await refusalOf(sixMore)).toMatchObject(exceeded);
      await allow(aws, groupId, fromCidr(...blocks(5)));
    }),
  );
});

group('rules are revoked', () => {
  test(
    'by id',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      const [first, second] = await allow(aws, GroupId, fromCidr('10.0.0.0/8', '11.0.0.0/8'));
      const SecurityGroupRuleIds = [first?.SecurityGroupRuleId ?? ''];
      const command = new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds });
      const { RevokedSecurityGroupRules } = await aws.ec2.send(command);
      expect(RevokedSecurityGroupRules).toMatchObject([{ CidrIpv4: '10.0.0.0/8' }]);
      const left = ingressOf(aws, GroupId).map(({ id }) => id);
      expect(left).toEqual([second?.SecurityGroupRuleId]);
    }),
  );

  test(
    'by content, also when the block is not canonical',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      await allow(aws, GroupId, fromCidr('10.0.0.0/8'));
      const IpPermissions = [fromCidr('10.1.2.3/8')];
      await aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
      expect(ingressOf(aws, GroupId)).toEqual([]);
    }),
  );

  test(
    'all or none: one that is not there keeps the others',
    inAws(async (aws) => {
      const GroupId = newGroup(aws, otherVpc(aws));
      await allow(aws, GroupId, fromCidr('10.0.0.0/8'));
      const IpPermissions = [fromCidr('10.0.0.0/8', '11.0.0.0/8')];
      const revoke = aws.ec2.send(
        new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }),
      );
      expect((await refusalOf(revoke)).code).toBe('InvalidPermission.NotFound');
      expect(ingressOf(aws, GroupId)).toHaveLength(1);
    }),
  );

  test(
    'in the default VPC also in part: those that are not there are listed',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      await allow(aws, GroupId, fromCidr('10.0.0.0/8'));
      const IpPermissions = [fromCidr('10.0.0.0/8', '11.0.0.0/8')];
      const command = new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions });
      expect(await aws.ec2.send(command)).toMatchObject({
        Return: true,
        UnknownIpPermissions: [{ ...https, IpRanges: [{ CidrIp: '11.0.0.0/8' }] }],
        RevokedSecurityGroupRules: [{ CidrIpv4: '10.0.0.0/8' }],
      });
      expect(ingressOf(aws, GroupId)).toEqual([]);
    }),
  );

  test(
    "among them AWS's own egress rule, by its content",
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      await aws.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
      expect(aws.home.rules(GroupId)).toEqual([]);
    }),
  );

  test(
    'not by an id of the other direction',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      const SecurityGroupRuleIds = aws.home.rules(GroupId).map(({ id }) => id);
      const revoke = aws.ec2.send(
        new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }),
      );
      expect((await refusalOf(revoke)).code).toBe('InvalidSecurityGroupRuleId.NotFound');
    }),
  );
});

group('a description changes', () => {
  test(
    'by the id of the rule',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      const [rule] = await allow(aws, GroupId, fromCidr('10.0.0.0/8'));
      const SecurityGroupRuleDescriptions = [
        { SecurityGroupRuleId: rule?.SecurityGroupRuleId, Description: 'new' },
      ];
      const input = { GroupId, SecurityGroupRuleDescriptions };
      await aws.ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(input));
      expect(ingressOf(aws, GroupId)).toMatchObject([{ description: 'new' }]);
    }),
  );

  test(
    'by the content of the rule',
    inAws(async (aws) => {
      const GroupId = newGroup(aws);
      await allow(aws, GroupId, fromCidr('10.0.0.0/8'));
      const IpRanges = [{ CidrIp: '10.0.0.0/8', Description: 'new' }];
      const input = { GroupId, IpPermissions: [{ ...https, IpRanges }] };
      await aws.ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(input));
      expect(ingressOf(aws, GroupId)).toMatchObject([{ description: 'new' }]);
    }),
  );
});

test(
  'a rule is modified in place and keeps its id',
  inAws(async (aws) => {
    const GroupId = newGroup(aws);
    const [rule, other] = await allow(aws, GroupId, fromCidr('10.0.0.0/8', '11.0.0.0/8'));
    const SecurityGroupRuleId = rule?.SecurityGroupRuleId ?? '';
    const modify = (CidrIpv4: string) =>
      aws.ec2.send(
        new ModifySecurityGroupRulesCommand({
          GroupId,
          SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: { ...https, CidrIpv4 } }],
        }),
      );
    await modify('12.0.0.1/8');
    expect(ingressOf(aws, GroupId)).toMatchObject([
      { id: SecurityGroupRuleId, peer: { cidr: '12.0.0.0/8' } },
      { id: other?.SecurityGroupRuleId },
    ]);
    expect((await refusalOf(modify('11.0.0.0/8'))).code).toBe('InvalidPermission.Duplicate');
  }),
);

test(
  'a rule never becomes one of another kind of source',
  inAws(async (aws) => {
    const GroupId = newGroup(aws);
    const [rule] = await allow(aws, GroupId, fromCidr('10.0.0.0/8'));
    const SecurityGroupRuleId = rule?.SecurityGroupRuleId ?? '';
    const kinds = [
      [{ CidrIpv6: '2001:db8::/32' }, 'an IPv6 CIDR'],
      [{ ReferencedGroupId: GroupId }, 'a referenced group id'],
    ] as const;
    for (const [source, kind] of kinds) {
      const modify = new ModifySecurityGroupRulesCommand({
        GroupId,
        SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: { ...https, ...source } }],
      });
      expect(await refusalOf(aws.ec2.send(modify))).toMatchObject({
        code: 'InvalidParameterValue',
        message: `You may not specify ${kind} for an existing IPv4 CIDR rule`,
      });
    }
  }),
);
