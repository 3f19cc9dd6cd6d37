import { describe as group, expect, test } from '@jest/globals';
import type { CreateVpcEndpointCommandInput } from '@aws-sdk/client-ec2';
import { apiService, createEndpoint, describe, inAws, refusalOf } from '../../simulated-aws.ts';
import type { SimulatedAws } from '../../simulated-aws.ts';

const openPolicy = {
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};

interface RefusedCase {
  readonly name: string;
  /** Sets the world up and answers what differs from an endpoint that AWS would make. */
  readonly given: (aws: SimulatedAws) => Partial<CreateVpcEndpointCommandInput>;
  readonly code: string;
  readonly message?: RegExp;
}

const refusedCases: readonly RefusedCase[] = [
  {
    name: 'a service name that the region does not have',
    given: () => ({ ServiceName: 'com.amazonaws.us-east-1.sagemaker.nothing' }),
    code: 'InvalidServiceName',
  },
  {
    name: 'a service of another region',
    given: () => ({ ServiceName: 'com.amazonaws.eu-west-1.sagemaker.api' }),
    code: 'InvalidServiceName',
  },
  {
    name: 'the type Gateway for a service of type Interface',
    given: () => ({ VpcEndpointType: 'Gateway' }),
    code: 'InvalidParameter',
    message: /type/,
  },
  {
    name: 'no type, because AWS then takes Gateway',
    given: () => ({ VpcEndpointType: undefined }),
    code: 'InvalidParameter',
    message: /Gateway/,
  },
  {
    name: 'a VPC that does not exist',
    given: () => ({ VpcId: 'vpc-0123456789abcdef0' }),
    code: 'InvalidVpcID.NotFound',
  },
  {
    name: 'a subnet that does not exist',
    given: () => ({ SubnetIds: ['subnet-0123456789abcdef0'] }),
    code: 'InvalidSubnetId.NotFound',
  },
  {
    name: 'a subnet of another VPC',
    given: ({ home }) => {
      const vpc = home.createVpc({ cidr: '10.0.0.0/16' });
      return { SubnetIds: [home.createSubnet({ vpcId: vpc.id, cidr: '10.0.0.0/24' }).id] };
    },
    code: 'InvalidParameter',
  },
  {
    name: 'a subnet that another account shares',
    given: ({ home, vpcId }) => {
      const ownerId = '999988887777';
      return { SubnetIds: [home.createSubnet({ vpcId, cidr: '172.31.128.0/24', ownerId }).id] };
    },
    code: 'OperationNotPermitted',
  },
  {
    name: 'two subnets in one zone',
    given: ({ home, vpcId, subnetIds }) => {
      const twin = home.createSubnet({ vpcId, zone: 'us-east-1a', cidr: '172.31.128.0/24' });
      return { SubnetIds: [...subnetIds, twin.id] };
    },
    code: 'DuplicateSubnetsInSameZone',
  },
  {
    name: 'a subnet in a zone that the service is not in',
    given: ({ home }) => {
      home.setServiceZones(apiService, ['us-east-1a', 'us-east-1b']);
      return {};
    },
    code: 'InvalidParameter',
    message: /does not support the availability zone of the subnet: subnet-/,
  },
  {
    name: 'a security group that does not exist',
    given: () => ({ SecurityGroupIds: ['sg-0123456789abcdef0'] }),
    code: 'InvalidGroup.NotFound',
  },
  {
    name: 'a security group of another VPC',
    given: ({ home }) => {
      const vpc = home.createVpc({ cidr: '10.0.0.0/16' });
      const foreign = home.createSecurityGroup({ vpcId: vpc.id, name: 'foreign' });
      return { SecurityGroupIds: [foreign.id] };
    },
    code: 'InvalidParameter',
  },
  {
    name: 'six security groups',
    given: ({ home, vpcId }) => {
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      const groups = names.map((name) => home.createSecurityGroup({ vpcId, name }));
      return { SecurityGroupIds: groups.map(({ id }) => id) };
    },
    code: 'SecurityGroupsPerInterfaceLimitExceeded',
  },
  {
    name: 'a policy that is no JSON',
    given: () => ({ PolicyDocument: '{' }),
    code: 'InvalidPolicyDocument',
  },
  {
    name: 'a policy statement without a principal',
    given: () => ({
      PolicyDocument: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    }),
    code: 'InvalidPolicyDocument',
  },
  {
    name: 'a policy of 20481 characters, whitespace included',
    given: () => ({ PolicyDocument: JSON.stringify(openPolicy).padEnd(20_481) }),
    code: 'InvalidPolicyDocument',
    message: /20480/,
  },
  {
    name: 'a policy where the service does not support policies',
    given: () => ({
      ServiceName: 'com.amazonaws.us-east-1.sagemaker.runtime-fips',
      PolicyDocument: JSON.stringify(openPolicy),
    }),
    code: 'InvalidParameter',
    message: /not supported/,
  },
  {
    name: 'dualstack in subnets without IPv6',
    given: () => ({ IpAddressType: 'dualstack' }),
    code: 'InvalidParameter',
    message: /IP address type dualstack/,
  },
  {
    name: 'IPv6 for a service that has none',
    given: () => ({
      ServiceName: 'aws.sagemaker.us-east-1.notebook',
      IpAddressType: 'ipv6',
    }),
    code: 'InvalidParameter',
    message: /does not support the IP address type/,
  },
  {
    name: 'a DNS record type that the address type does not have',
    given: () => ({ DnsOptions: { DnsRecordIpType: 'ipv6' } }),
    code: 'InvalidParameter',
  },
  {
    name: 'private DNS in a VPC without DNS host names',
    given: ({ home, vpcId }) => {
      home.setVpcDns(vpcId, { enableDnsHostnames: false });
      return { PrivateDnsEnabled: true };
    },
    code: 'InvalidParameter',
    message: /requires both enableDnsSupport and enableDnsHostnames/,
  },
  {
    name: 'private DNS in a VPC without DNS support',
    given: ({ home, vpcId }) => {
      home.setVpcDns(vpcId, { enableDnsSupport: false });
      return { PrivateDnsEnabled: true };
    },
    code: 'InvalidParameter',
    message: /requires both/,
  },
  {
    name: 'private DNS left out in a VPC without DNS host names, because AWS then takes true',
    given: ({ home, vpcId }) => {
      home.setVpcDns(vpcId, { enableDnsHostnames: false });
      return { PrivateDnsEnabled: undefined };
    },
    code: 'InvalidParameter',
    message: /requires both/,
  },
  {
    name: 'private DNS where a hosted zone has the name',
    given: ({ home, vpcId }) => {
      home.addHostedZone(vpcId, 'api.sagemaker.us-east-1.amazonaws.com');
      return { PrivateDnsEnabled: true };
    },
    code: 'InvalidParameter',
    message: /conflicting DNS domain for api\.sagemaker\.us-east-1\.amazonaws\.com in the VPC/,
  },
  {
    name: 'private DNS where a hosted zone has the parent of a wildcard name',
    given: ({ home, vpcId }) => {
      home.addHostedZone(vpcId, 'notebook.us-east-1.sagemaker.aws');
      return { ServiceName: 'aws.sagemaker.us-east-1.notebook', PrivateDnsEnabled: true };
    },
    code: 'InvalidParameter',
    message: /conflicting DNS domain for \*\.notebook\.us-east-1\.sagemaker\.aws/,
  },
  {
    name: 'private DNS for a service without private names',
    given: ({ home }) => {
      home.addService({ name: 'com.example.svc' });
      return { ServiceName: 'com.example.svc', PrivateDnsEnabled: true };
    },
    code: 'InvalidParameter',
    message: /private DNS name/,
  },
  {
    name: 'a tag specification for another type of resource',
    given: () => ({
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }],
    }),
    code: 'InvalidParameterValue',
  },
];

group('AWS refuses to create an endpoint with', () => {
  for (const { name, given, code, message } of refusedCases) {
    test(
      name,
      inAws(async (aws) => {
        const refusal = await refusalOf(createEndpoint(aws, given(aws)));
        expect(refusal).toMatchObject({ code, httpStatus: 400 });
        expect(refusal.message).toMatch(message ?? /./);
        expect(aws.home.endpoints()).toEqual([]);
      }),
    );
  }
});

test(
  'an endpoint without groups gets the default group of its VPC',
  inAws(async (aws) => {
    const { Groups } = await createEndpoint(aws);
    const [defaultGroup] = aws.home.securityGroups(aws.vpcId);
    expect(Groups).toEqual([{ GroupId: defaultGroup?.id, GroupName: 'default' }]);
  }),
);

test(
  'private DNS is on when the request does not say',
  inAws(async (aws) => {
    const { PrivateDnsEnabled } = await createEndpoint(aws, { PrivateDnsEnabled: undefined });
    expect(PrivateDnsEnabled).toBe(true);
  }),
);

test(
  'an endpoint without a policy shows the default one, which has no version',
  inAws(async (aws) => {
    const { PolicyDocument = '' } = await createEndpoint(aws);
    expect(JSON.parse(PolicyDocument)).toEqual(openPolicy);
  }),
);

test(
  'a policy of exactly 20480 characters is accepted and comes back verbatim',
  inAws(async (aws) => {
    const PolicyDocument = JSON.stringify(openPolicy).padEnd(20_480);
    const { VpcEndpointId } = await createEndpoint(aws, { PolicyDocument });
    expect((await describe(aws, VpcEndpointId)).PolicyDocument).toBe(PolicyDocument);
  }),
);

test(
  'tags are there from the start',
  inAws(async (aws) => {
    const Tags = [{ Key: 'team', Value: 'ml <&>' }];
    const TagSpecifications = [{ ResourceType: 'vpc-endpoint' as const, Tags }];
    const { VpcEndpointId } = await createEndpoint(aws, { TagSpecifications });
    expect((await describe(aws, VpcEndpointId)).Tags).toEqual(Tags);
  }),
);

test(
  'a VPC has fifty interface endpoints and not one more',
  inAws(
    async (aws) => {
      for (let count = 0; count < 50; count += 1) await createEndpoint(aws);
      const { code } = await refusalOf(createEndpoint(aws));
      expect(code).toBe('VpcEndpointLimitExceeded');
    },
    { throttling: false },
  ),
);

test(
  'a gateway endpoint is available at once and has no interfaces',
  inAws(async (aws) => {
    const endpoint = await createEndpoint(aws, {
      VpcEndpointType: 'Gateway',
      ServiceName: 'com.amazonaws.us-east-1.s3',
      SubnetIds: [],
    });
    expect(endpoint).toMatchObject({ State: 'available', NetworkInterfaceIds: [] });
  }),
);
