import { describe as group, expect, test } from '@jest/globals';
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  paginateDescribeVpcEndpoints,
  type Filter,
} from '@aws-sdk/client-ec2';
import {
  createEndpoint,
  describe,
  inAws,
  minuteMs,
  refusalOf,
  type SimulatedAws,
} from '../../simulated-aws.ts';

const runtime = 'com.amazonaws.us-east-1.sagemaker.runtime';

/** Two endpoints: the API's, available and tagged, and the runtime's, pending. */
async function twoEndpoints(aws: SimulatedAws) {
  const Tags = [
    { Key: 'owner', Value: 'me' },
    { Key: 'role', Value: 'api' },
  ];
  const TagSpecifications = [{ ResourceType: 'vpc-endpoint' as const, Tags }];
  const api = await createEndpoint(aws, { TagSpecifications });
  aws.clock.advance(minuteMs);
  const vpc = aws.home.createVpc({ cidr: '10.0.0.0/16' });
  const other = await createEndpoint(aws, {
    VpcId: vpc.id,
    SubnetIds: [],
    ServiceName: runtime,
  });
  return { api: api.VpcEndpointId, other: other.VpcEndpointId, otherVpcId: vpc.id };
}

async function found({ ec2 }: SimulatedAws, Filters: Filter[]): Promise<unknown[]> {
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters }));
  return VpcEndpoints.map(({ VpcEndpointId }) => VpcEndpointId);
}

group('endpoints are found', () => {
  type Made = Awaited<ReturnType<typeof twoEndpoints>>;
  const onlyApi: readonly (readonly [string, string, (made: Made) => string[]])[] = [
    ['by a tag', 'tag:owner', () => ['me']],
    ['by the key of a tag', 'tag-key', () => ['role']],
    ['by state', 'vpc-endpoint-state', () => ['available', 'failed']],
    ['by service', 'service-name', () => ['com.amazonaws.us-east-1.sagemaker.api']],
    ['by id', 'vpc-endpoint-id', ({ api }) => [api]],
    ['by a pattern', 'service-name', () => ['*.ap?']],
  ];
  for (const [name, Name, values] of onlyApi) {
    test(
      name,
      inAws(async (aws) => {
        const made = await twoEndpoints(aws);
        expect(await found(aws, [{ Name, Values: values(made) }])).toEqual([made.api]);
      }),
    );
  }

  test(
    'by several ids in the order in which they were created, whatever the order of the ids',
    inAws(async (aws) => {
      const { api, other } = await twoEndpoints(aws);
      const Values = [other ?? '', 'vpce-0123456789abcdef0', api];
      expect(await found(aws, [{ Name: 'vpc-endpoint-id', Values }])).toEqual([api, other]);
    }),
  );

  test(
    'by VPC',
    inAws(async (aws) => {
      const { other, otherVpcId } = await twoEndpoints(aws);
      expect(await found(aws, [{ Name: 'vpc-id', Values: [otherVpcId] }])).toEqual([other]);
    }),
  );

  test(
    'by region, type and address type, which both have in common',
    inAws(async (aws) => {
      const { api, other } = await twoEndpoints(aws);
      const all = [
        { Name: 'service-region', Values: ['us-east-1'] },
        { Name: 'vpc-endpoint-type', Values: ['Interface'] },
        { Name: 'ip-address-type', Values: ['ipv4'] },
      ];
      expect(await found(aws, all)).toEqual([api, other]);
    }),
  );

  test(
    'only where all filters match',
    inAws(async (aws) => {
      await twoEndpoints(aws);
      const both = [
        { Name: 'tag:owner', Values: ['me'] },
        { Name: 'service-name', Values: [runtime] },
      ];
      expect(await found(aws, both)).toEqual([]);
    }),
  );

  test(
    'with a tag of any of two hundred values and not with one value more',
    inAws(async (aws) => {
      const { api } = await twoEndpoints(aws);
      const values = Array.from({ length: 199 }, (_, index) => `v${index}`);
      const filter = (more: string[]) => [{ Name: 'tag:owner', Values: [...values, ...more] }];
      expect(await found(aws, filter(['me']))).toEqual([api]);
      const { code } = await refusalOf(found(aws, filter(['me', 'you'])));
      expect(code).toBe('FilterLimitExceeded');
    }),
  );
});

test(
  'an interface of an endpoint is found by its id, without the others of the endpoint',
  inAws(async (aws) => {
    const { NetworkInterfaceIds: [, second = ''] = [] } = await createEndpoint(aws);
    const Filters = [{ Name: 'network-interface-id', Values: [second] }];
    const command = new DescribeNetworkInterfacesCommand({ Filters });
    const { NetworkInterfaces = [] } = await aws.ec2.send(command);
    expect(NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual([second]);
  }),
);

test(
  'an endpoint that was described before is described as it has become, though nobody changed it',
  inAws(async (aws) => {
    const { home, vpcId } = aws;
    const { id } = home.createSecurityGroup({ vpcId, name: 'mine' });
    const { VpcEndpointId } = await createEndpoint(aws, { SecurityGroupIds: [id] });
    const groupsNow = async () => (await describe(aws, VpcEndpointId)).Groups;
    expect(await groupsNow()).toEqual([{ GroupId: id, GroupName: 'mine' }]);
    home.deleteSecurityGroup(id);
    expect(await groupsNow()).toEqual([{ GroupId: id }]);
    home.removeService('com.amazonaws.us-east-1.sagemaker.api');
    expect((await describe(aws, VpcEndpointId)).DnsEntries).toEqual([]);
  }),
);

test(
  'a group that was described before is described with the rules that it has by now',
  inAws(async (aws) => {
    const { ec2, home, vpcId } = aws;
    const { id } = home.createSecurityGroup({ vpcId, name: 'mine' });
    const ingressNow = async () => {
      const command = new DescribeSecurityGroupsCommand({ GroupIds: [id] });
      return (await ec2.send(command)).SecurityGroups?.[0]?.IpPermissions?.length;
    };
    expect(await ingressNow()).toBe(0);
    const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, ...rule }));
    expect(await ingressNow()).toBe(1);
  }),
);

test(
  'a filter that AWS does not have is refused',
  inAws(async (aws) => {
    const { code } = await refusalOf(found(aws, [{ Name: 'colour', Values: ['red'] }]));
    expect(code).toBe('InvalidParameterValue');
  }),
);

test(
  'one unknown id among known ones makes the whole call fail',
  inAws(async (aws) => {
    const { api } = await twoEndpoints(aws);
    const VpcEndpointIds = [api, 'vpce-0123456789abcdef0'];
    const call = aws.ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds }));
    expect((await refusalOf(call)).code).toBe('InvalidVpcEndpointId.NotFound');
  }),
);

test(
  'pages together hold every endpoint once',
  inAws(
    async (aws) => {
      for (let count = 0; count < 7; count += 1) await createEndpoint(aws);
      const sizes: number[] = [];
      const ids = new Set<unknown>();
      const pages = paginateDescribeVpcEndpoints({ client: aws.ec2, pageSize: 3 }, {});
      for await (const { VpcEndpoints = [] } of pages) {
        sizes.push(VpcEndpoints.length);
        for (const { VpcEndpointId } of VpcEndpoints) ids.add(VpcEndpointId);
      }
      expect(sizes).toEqual([3, 3, 1]);
      expect(ids.size).toBe(7);
    },
    { throttling: false },
  ),
);

group('a page is refused', () => {
  const cases = [
    ['of nothing', { MaxResults: 0 }, 'InvalidParameterValue'],
    ['after a token that AWS did not give', { NextToken: 'x' }, 'InvalidNextToken'],
  ] as const;
  for (const [name, input, code] of cases) {
    test(
      name,
      inAws(async ({ ec2 }) => {
        const call = ec2.send(new DescribeVpcEndpointsCommand(input));
        expect((await refusalOf(call)).code).toBe(code);
      }),
    );
  }
});

test(
  'a page has a thousand rows at most, whatever is asked for',
  inAws(async ({ ec2, home, vpcId }) => {
    for (let index = 0; index < 1001; index += 1) {
      home.createSecurityGroup({ vpcId, name: `group-${index}` });
    }
    const command = new DescribeSecurityGroupsCommand({ MaxResults: 5000 });
    const { SecurityGroups, NextToken } = await ec2.send(command);
    expect(SecurityGroups).toHaveLength(1000);
    expect(NextToken).toBeDefined();
  }),
);

test(
  'ids are not taken together with MaxResults',
  inAws(async ({ ec2, vpcId }) => {
    const command = new DescribeVpcsCommand({ MaxResults: 5, VpcIds: [vpcId] });
    expect(await refusalOf(ec2.send(command))).toMatchObject({
      code: 'InvalidParameterCombination',
      message: 'The parameter VpcIds cannot be used with the parameter MaxResults',
    });
  }),
);
