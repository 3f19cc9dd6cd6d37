import { describe as group, expect, test } from '@jest/globals';
import { ModifyVpcEndpointCommand, type ModifyVpcEndpointCommandInput } from '@aws-sdk/client-ec2';
import {
  createEndpoint,
  describe,
  inAws,
  minuteMs,
  refusalOf,
  type SimulatedAws,
} from '../../simulated-aws.ts';

const unknownEndpoint = 'vpce-0123456789abcdef0';
const policy = '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}';

type Change = Omit<ModifyVpcEndpointCommandInput, 'VpcEndpointId'>;

async function availableEndpoint(
  aws: SimulatedAws,
  given: Parameters<typeof createEndpoint>[1] = {},
): Promise<string> {
  const { VpcEndpointId } = await createEndpoint(aws, given);
  aws.clock.advance(minuteMs);
  return VpcEndpointId;
}

async function modify(aws: SimulatedAws, VpcEndpointId: string, change: Change): Promise<void> {
  await aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...change }));
  aws.clock.advance(minuteMs);
}

/** One more subnet of the default VPC. */
function anotherSubnet({ home, vpcId }: SimulatedAws, zone: string): string {
  return home.createSubnet({ vpcId, zone, cidr: '172.31.128.0/24' }).id;
}

test(
  'one call carries all differences',
  inAws(async (aws) => {
    const { home, vpcId } = aws;
    const [a = '', b = '', c = ''] = aws.subnetIds;
    const id = await availableEndpoint(aws, { SubnetIds: [a, b] });
    const [before] = home.securityGroups(vpcId);
    const added = home.createSecurityGroup({ vpcId, name: 'endpoints' });
    await modify(aws, id, {
      AddSubnetIds: [c],
      RemoveSubnetIds: [a],
      AddSecurityGroupIds: [added.id],
      RemoveSecurityGroupIds: [before?.id ?? ''],
      PolicyDocument: policy,
      PrivateDnsEnabled: true,
    });
    expect(await describe(aws, id)).toMatchObject({
      SubnetIds: [b, c],
      Groups: [{ GroupId: added.id }],
      PolicyDocument: policy,
      PrivateDnsEnabled: true,
    });
  }),
);

test(
  'a reset policy is the default one again',
  inAws(async (aws) => {
    const id = await availableEndpoint(aws, { PolicyDocument: policy });
    await modify(aws, id, { ResetPolicy: true });
    expect((await describe(aws, id)).PolicyDocument).toContain('"Allow"');
  }),
);

test(
  'an interface keeps its id and address when other subnets change',
  inAws(async (aws) => {
    const [a = '', b = ''] = aws.subnetIds;
    const id = await availableEndpoint(aws, { SubnetIds: [a] });
    const [before] = aws.home.interfaces();
    await modify(aws, id, { AddSubnetIds: [b] });
    expect(aws.home.interfaces()).toEqual([before, expect.objectContaining({ subnetId: b })]);
  }),
);

test(
  'a subnet is exchanged for one of the same zone in two steps',
  inAws(async (aws) => {
    const [a = ''] = aws.subnetIds;
    const twin = anotherSubnet(aws, 'us-east-1a');
    const id = await availableEndpoint(aws, { SubnetIds: [a] });
    const swap = modify(aws, id, { RemoveSubnetIds: [a], AddSubnetIds: [twin] });
    expect((await refusalOf(swap)).code).toBe('DuplicateSubnetsInSameZone');
    await modify(aws, id, { RemoveSubnetIds: [a] });
    await modify(aws, id, { AddSubnetIds: [twin] });
    expect((await describe(aws, id)).SubnetIds).toEqual([twin]);
  }),
);

test(
  'an address that is fixed later replaces the interface',
  inAws(async (aws) => {
    const [SubnetId = ''] = aws.subnetIds;
    const id = await availableEndpoint(aws, { SubnetIds: [SubnetId] });
    const [before] = aws.home.interfaces();
    await modify(aws, id, { SubnetConfigurations: [{ SubnetId, Ipv4: '172.31.0.99' }] });
    const [after] = aws.home.interfaces();
    expect(after).toMatchObject({ ipv4: '172.31.0.99' });
    expect(after?.id).not.toBe(before?.id);
  }),
);

interface RefusedCase {
  readonly name: string;
  readonly change: (aws: SimulatedAws) => Change;
  readonly code: string;
  readonly message?: RegExp;
}

const refusedCases: readonly RefusedCase[] = [
  {
    name: 'a second subnet in a zone',
    change: (aws) => ({ AddSubnetIds: [anotherSubnet(aws, 'us-east-1b')] }),
    code: 'DuplicateSubnetsInSameZone',
  },
  {
    name: 'a subnet in a zone that the service is not in',
    change: (aws) => {
      aws.home.setServiceZones('com.amazonaws.us-east-1.sagemaker.api', ['us-east-1a']);
      return { PolicyDocument: policy };
    },
    code: 'InvalidParameter',
    message: /availability zone/,
  },
  {
    name: 'the removal of all groups',
    change: ({ home, vpcId }) => ({
      RemoveSecurityGroupIds: home.securityGroups(vpcId).map(({ id }) => id),
    }),
    code: 'InvalidParameter',
    message: /at least one security group/,
  },
  {
    name: 'the removal of a group that it does not have',
    change: ({ home, vpcId }) => ({
      RemoveSecurityGroupIds: [home.createSecurityGroup({ vpcId, name: 'other' }).id],
    }),
    code: 'InvalidParameter',
  },
  {
    name: 'a group that does not exist',
    change: () => ({ AddSecurityGroupIds: ['sg-0123456789abcdef0'] }),
    code: 'InvalidGroup.NotFound',
  },
  {
    name: 'a policy that is none',
    change: () => ({ PolicyDocument: '[]' }),
    code: 'InvalidPolicyDocument',
  },
  {
    name: 'private DNS in a VPC whose attributes are off',
    change: ({ home, vpcId }) => {
      home.setVpcDns(vpcId, { enableDnsHostnames: false });
      return { PrivateDnsEnabled: true };
    },
    code: 'InvalidParameter',
    message: /enableDnsHostnames/,
  },
  {
    name: 'dualstack in subnets without IPv6',
    change: () => ({ IpAddressType: 'dualstack' }),
    code: 'InvalidParameter',
  },
];

group('AWS refuses to give an endpoint', () => {
  for (const { name, change, code, message } of refusedCases) {
    test(
      name,
      inAws(async (aws) => {
        const id = await availableEndpoint(aws);
        const given = change(aws);
        const before = aws.home.endpoints();
        const refusal = await refusalOf(modify(aws, id, given));
        expect(refusal.code).toBe(code);
        expect(refusal.message).toMatch(message ?? /./);
        expect(aws.home.endpoints()).toEqual(before);
      }),
    );
  }
});

test(
  'an endpoint that does not exist cannot be modified',
  inAws(async (aws) => {
    const refusal = await refusalOf(modify(aws, unknownEndpoint, { PrivateDnsEnabled: false }));
    expect(refusal.code).toBe('InvalidVpcEndpointId.NotFound');
  }),
);

test(
  'an id that is none is called malformed',
  inAws(async (aws) => {
    const refusal = await refusalOf(modify(aws, 'endpoint-1', { PrivateDnsEnabled: false }));
    expect(refusal.code).toBe('InvalidVpcEndpointId.Malformed');
  }),
);

test(
  'an endpoint that a service of AWS manages cannot be modified or deleted',
  inAws(async (aws) => {
    const id = await availableEndpoint(aws);
    aws.home.changeEndpoint(id, { requesterManaged: true });
    const refusal = await refusalOf(modify(aws, id, { PrivateDnsEnabled: true }));
    expect(refusal.code).toBe('OperationNotPermitted');
    aws.home.run('DeleteVpcEndpoints', { 'VpcEndpointId.1': id });
    expect((await describe(aws, id)).State).toBe('available');
  }),
);
