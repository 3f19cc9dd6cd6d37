import { describe as group, expect, test } from '@jest/globals';
import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import { containsCidr } from 'cidr-tools';
import { createEndpoint, inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

const notebook = 'aws.sagemaker.us-east-1.notebook';

/** A VPC with IPv6 and one subnet in it, and the blocks of both. */
function ipv6Subnet({ home }: SimulatedAws, cidr: string | undefined) {
  const vpc = home.createVpc({ cidr: '10.0.0.0/16', ipv6: true });
  const ipv6Cidr = vpc.ipv6Cidrs[0]?.cidr.replace('/56', '/64') ?? '';
  const subnet = home.createSubnet({ vpcId: vpc.id, cidr, ipv6Cidr });
  return { VpcId: vpc.id, SubnetIds: [subnet.id], ipv6Cidr };
}

test(
  'an endpoint has one interface in each subnet, with an address of the subnet',
  inAws(async (aws) => {
    const { VpcEndpointId, NetworkInterfaceIds = [] } = await createEndpoint(aws);
    const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds });
    const { NetworkInterfaces = [] } = await aws.ec2.send(command);
    expect(NetworkInterfaces.map(({ SubnetId }) => SubnetId)).toEqual(aws.subnetIds);
    for (const found of NetworkInterfaces) {
      const subnet = aws.home.subnets().find(({ id }) => id === found.SubnetId);
      expect(containsCidr(subnet?.cidr ?? '', found.PrivateIpAddress ?? '')).toBe(true);
      expect(found).toMatchObject({
        InterfaceType: 'vpc_endpoint',
        RequesterManaged: true,
        Description: `VPC Endpoint Interface ${VpcEndpointId}`,
        AvailabilityZone: subnet?.zone,
        Ipv6Addresses: [],
      });
    }
  }),
);

test(
  'the same calls in the same order have the same ids and addresses',
  inAws(async (aws) => {
    await createEndpoint(aws);
    const here = aws.home.interfaces();
    await inAws(async (other) => {
      await createEndpoint(other);
      expect(other.home.interfaces()).toEqual(here);
    })();
  }),
);

test(
  'another seed has other ids',
  inAws(async (aws) => {
    const { vpcId } = aws;
    await inAws((other) => Promise.resolve(expect(other.vpcId).not.toBe(vpcId)), {
      seed: 'other',
    })();
  }),
);

test(
  'a fixed address is honoured',
  inAws(async (aws) => {
    const [SubnetId = ''] = aws.subnetIds;
    const SubnetConfigurations = [{ SubnetId, Ipv4: '172.31.0.17' }];
    await createEndpoint(aws, { SubnetIds: [SubnetId], SubnetConfigurations });
    expect(aws.home.interfaces()).toMatchObject([{ subnetId: SubnetId, ipv4: '172.31.0.17' }]);
  }),
);

group('a fixed address is refused', () => {
  const cases = [
    ['outside the subnet', '172.31.16.17', 'InvalidParameter'],
    ['that AWS keeps for itself at the start of the subnet', '172.31.0.3', 'InvalidParameter'],
    ['that is the broadcast address of the subnet', '172.31.15.255', 'InvalidParameter'],
    ['that is no address', '172.31.0', 'InvalidParameter'],
  ] as const;
  for (const [name, Ipv4, code] of cases) {
    test(
      name,
      inAws(async (aws) => {
        const [SubnetId = ''] = aws.subnetIds;
        const SubnetConfigurations = [{ SubnetId, Ipv4 }];
        const refusal = await refusalOf(createEndpoint(aws, { SubnetConfigurations }));
        expect(refusal.code).toBe(code);
      }),
    );
  }

  test(
    'that something else has',
    inAws(async (aws) => {
      const [SubnetId = ''] = aws.subnetIds;
      const Ipv4 = '172.31.0.17';
      aws.home.createNetworkInterface({ subnetId: SubnetId, groupIds: [], ipv4: Ipv4 });
      const SubnetConfigurations = [{ SubnetId, Ipv4 }];
      const refusal = await refusalOf(createEndpoint(aws, { SubnetConfigurations }));
      expect(refusal.code).toBe('InvalidIPAddress.InUse');
    }),
  );

  test(
    "in a subnet that is not one of the endpoint's",
    inAws(async (aws) => {
      const [first = '', second = ''] = aws.subnetIds;
      const SubnetConfigurations = [{ SubnetId: second, Ipv4: '172.31.16.17' }];
      const create = createEndpoint(aws, { SubnetIds: [first], SubnetConfigurations });
      expect((await refusalOf(create)).code).toBe('InvalidParameter');
    }),
  );
});

test(
  'a subnet has as many endpoints as free addresses, and counts them down',
  inAws(
    async (aws) => {
      const vpc = aws.home.createVpc({ cidr: '10.0.0.0/24' });
      const subnet = aws.home.createSubnet({ vpcId: vpc.id, cidr: '10.0.0.0/28' });
      const given = { VpcId: vpc.id, SubnetIds: [subnet.id] };
      for (let count = 0; count < 11; count += 1) await createEndpoint(aws, given);
      const addresses = new Set(aws.home.interfaces().map(({ ipv4 }) => ipv4));
      expect(addresses.size).toBe(11);
      const { code } = await refusalOf(createEndpoint(aws, given));
      expect(code).toBe('InsufficientFreeAddressesInSubnet');
    },
    { throttling: false },
  ),
);

test(
  'a dualstack endpoint has addresses of both versions and dualstack records',
  inAws(async (aws) => {
    const { ipv6Cidr, ...place } = ipv6Subnet(aws, '10.0.0.0/24');
    const endpoint = await createEndpoint(aws, { ...place, IpAddressType: 'dualstack' });
    expect(endpoint).toMatchObject({
      IpAddressType: 'dualstack',
      DnsOptions: { DnsRecordIpType: 'dualstack' },
    });
    const [found] = aws.home.interfaces();
    expect(containsCidr('10.0.0.0/24', found?.ipv4 ?? '')).toBe(true);
    expect(containsCidr(ipv6Cidr, found?.ipv6 ?? '')).toBe(true);
  }),
);

test(
  'an IPv6 endpoint in an IPv6-only subnet has no IPv4 address and no way to the internet',
  inAws(async (aws) => {
    const { ipv6Cidr, ...place } = ipv6Subnet(aws, undefined);
    await createEndpoint(aws, { ...place, IpAddressType: 'ipv6' });
    const { NetworkInterfaces } = await aws.ec2.send(new DescribeNetworkInterfacesCommand({}));
    const [found] = NetworkInterfaces ?? [];
    expect(found?.PrivateIpAddress).toBeUndefined();
    expect(containsCidr(ipv6Cidr, found?.Ipv6Addresses?.[0]?.Ipv6Address ?? '')).toBe(true);
    expect(found?.DenyAllIgwTraffic).toBe(true);
  }),
);

test(
  'an IPv6 endpoint in a subnet with both versions is refused',
  inAws(async (aws) => {
    const { ipv6Cidr: _, ...place } = ipv6Subnet(aws, '10.0.0.0/24');
    const create = createEndpoint(aws, { ...place, IpAddressType: 'ipv6' });
    expect((await refusalOf(create)).code).toBe('InvalidParameter');
  }),
);

test(
  'records of a dualstack endpoint can be narrowed to one version',
  inAws(async (aws) => {
    const { ipv6Cidr: _, ...place } = ipv6Subnet(aws, '10.0.0.0/24');
    const endpoint = await createEndpoint(aws, {
      ...place,
      IpAddressType: 'dualstack',
      DnsOptions: { DnsRecordIpType: 'ipv4' },
    });
    expect(endpoint.DnsOptions?.DnsRecordIpType).toBe('ipv4');
  }),
);

test(
  'an endpoint that does not say is an IPv4 one',
  inAws(async (aws) => {
    const endpoint = await createEndpoint(aws, { ServiceName: notebook });
    expect(endpoint).toMatchObject({
      IpAddressType: 'ipv4',
      DnsOptions: { DnsRecordIpType: 'ipv4' },
    });
  }),
);
