import { describe as group, expect, test } from '@jest/globals';
import { DeleteVpcEndpointsCommand, ModifyVpcEndpointCommand } from '@aws-sdk/client-ec2';
import { createEndpoint, describe, inAws, minuteMs, refusalOf } from '../../simulated-aws.ts';
import type { SimulatedAws } from '../../simulated-aws.ts';

async function namesOf(aws: SimulatedAws, ServiceName: string): Promise<string[]> {
  const { VpcEndpointId, DnsEntries = [] } = await createEndpoint(aws, {
    ServiceName,
    PrivateDnsEnabled: true,
  });
  return DnsEntries.map(({ DnsName = '' }) =>
    DnsName.replace(VpcEndpointId, 'ID').replace(/ID-[0-9a-z]{8}/, 'ID-HASH'),
  );
}

test(
  'an endpoint has a regional name, a name in each zone, and the private names last',
  inAws(async (aws) => {
    expect(await namesOf(aws, 'com.amazonaws.us-east-1.sagemaker.api')).toEqual([
      'ID-HASH.api.sagemaker.us-east-1.vpce.amazonaws.com',
      'ID-HASH-us-east-1a.api.sagemaker.us-east-1.vpce.amazonaws.com',
      'ID-HASH-us-east-1b.api.sagemaker.us-east-1.vpce.amazonaws.com',
      'ID-HASH-us-east-1c.api.sagemaker.us-east-1.vpce.amazonaws.com',
      'api.sagemaker.us-east-1.amazonaws.com',
      'api.sagemaker.us-east-1.api.aws',
    ]);
  }),
);

test(
  'names of a studio endpoint end in sagemaker.aws, and four private names follow them',
  inAws(async (aws) => {
    expect(await namesOf(aws, 'aws.sagemaker.us-east-1.studio')).toEqual([
      'ID-HASH.studio.us-east-1.vpce.sagemaker.aws',
      'ID-HASH-us-east-1a.studio.us-east-1.vpce.sagemaker.aws',
      'ID-HASH-us-east-1b.studio.us-east-1.vpce.sagemaker.aws',
      'ID-HASH-us-east-1c.studio.us-east-1.vpce.sagemaker.aws',
      'studio.us-east-1.sagemaker.aws',
      '*.studio.us-east-1.sagemaker.aws',
      'studio.sagemaker.us-east-1.app.aws',
      '*.studio.sagemaker.us-east-1.app.aws',
    ]);
  }),
);

test(
  'without private DNS there are no private names',
  inAws(async (aws) => {
    const { DnsEntries = [] } = await createEndpoint(aws);
    expect(DnsEntries).toHaveLength(4);
    expect(DnsEntries.every(({ DnsName }) => DnsName?.startsWith('vpce-'))).toBe(true);
  }),
);

test(
  'the hosted zone of the private names has no id while the endpoint is pending',
  inAws(async (aws) => {
    const { VpcEndpointId, DnsEntries } = await createEndpoint(aws, { PrivateDnsEnabled: true });
    expect(DnsEntries?.at(-1)?.HostedZoneId).toBe('ZONEIDPENDING');
    aws.clock.advance(minuteMs);
    const { DnsEntries: later } = await describe(aws, VpcEndpointId);
    expect(later?.at(-1)?.HostedZoneId).toMatch(/^Z[0-9A-Z]{12}$/);
  }),
);

group('a private name belongs to one endpoint of a VPC', () => {
  const conflict = {
    code: 'InvalidParameter',
    message: expect.stringMatching(/already a conflicting DNS domain for api\.sagemaker/),
  };

  test(
    'so a second one with private DNS is refused, and one without is not',
    inAws(async (aws) => {
      await createEndpoint(aws, { PrivateDnsEnabled: true });
      const second = createEndpoint(aws, { PrivateDnsEnabled: true });
      expect(await refusalOf(second)).toMatchObject(conflict);
      await createEndpoint(aws, { PrivateDnsEnabled: false });
    }),
  );

  test(
    'so it cannot be turned on for a second one',
    inAws(async (aws) => {
      await createEndpoint(aws, { PrivateDnsEnabled: true });
      const { VpcEndpointId } = await createEndpoint(aws);
      aws.clock.advance(minuteMs);
      const modify = new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: true });
      expect(await refusalOf(aws.ec2.send(modify))).toMatchObject(conflict);
    }),
  );

  test(
    'also while the other one is deleting, and not any more when it is deleted',
    inAws(async (aws) => {
      const { VpcEndpointId } = await createEndpoint(aws, { PrivateDnsEnabled: true });
      await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
      const early = createEndpoint(aws, { PrivateDnsEnabled: true });
      expect(await refusalOf(early)).toMatchObject(conflict);
      aws.clock.advance(minuteMs);
      await createEndpoint(aws, { PrivateDnsEnabled: true });
    }),
  );

  test(
    'but endpoints of other services and VPCs are free to have theirs',
    inAws(async (aws) => {
      await createEndpoint(aws, { PrivateDnsEnabled: true });
      const ServiceName = 'com.amazonaws.us-east-1.sagemaker.runtime';
      await createEndpoint(aws, { PrivateDnsEnabled: true, ServiceName });
      const vpc = aws.home.createVpc({ cidr: '10.0.0.0/16', enableDnsHostnames: true });
      await createEndpoint(aws, { PrivateDnsEnabled: true, VpcId: vpc.id, SubnetIds: [] });
    }),
  );
});

group('a private name inside of the VPC', () => {
  const host = 'api.sagemaker.us-east-1.amazonaws.com';

  test(
    'answers before its endpoint takes traffic, when it is asked for with the endpoint',
    inAws(async (aws) => {
      const { VpcEndpointId: endpointId } = await createEndpoint(aws, { PrivateDnsEnabled: true });
      const resolved = () => aws.home.resolve(aws.vpcId, host);
      expect(resolved()).toEqual({ endpointId, isServing: false });
      aws.clock.advance(minuteMs);
      expect(resolved()).toEqual({ endpointId, isServing: true });
      expect(aws.home.resolve(aws.vpcId, 'other.example.com')).toBeUndefined();
    }),
  );

  test(
    'comes and goes after the lag of DNS, while the endpoint serves',
    inAws(
      async (aws) => {
        const { VpcEndpointId } = await createEndpoint(aws);
        const isResolved = () => aws.home.resolve(aws.vpcId, host) !== undefined;
        const turn = (PrivateDnsEnabled: boolean) =>
          aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled }));
        for (const wanted of [true, false]) {
          aws.clock.advance(2 * minuteMs);
          await turn(wanted);
          expect(isResolved()).toBe(!wanted);
          aws.clock.advance(30_000);
          expect(isResolved()).toBe(wanted);
        }
      },
      { dnsLagMs: 30_000 },
    ),
  );

  test(
    'cannot be had before the owner of the service has accepted',
    inAws(async (aws) => {
      const ServiceName = 'com.example.svc';
      aws.home.addService({
        name: ServiceName,
        acceptanceRequired: true,
        privateDnsNames: ['svc.example.com'],
      });
      const message = /can only be enabled after the endpoint connection is accepted/;
      const create = createEndpoint(aws, { ServiceName, PrivateDnsEnabled: true });
      expect((await refusalOf(create)).message).toMatch(message);
      const { VpcEndpointId, PrivateDnsEnabled } = await createEndpoint(aws, {
        ServiceName,
        PrivateDnsEnabled: undefined,
      });
      expect(PrivateDnsEnabled).toBe(false);
      const turnOn = () =>
        aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: true }));
      expect((await refusalOf(turnOn())).message).toMatch(message);
      aws.home.setEndpointState(VpcEndpointId, 'available');
      await turnOn();
    }),
  );
});

test(
  'a creation may answer long after it took effect',
  inAws(
    async (aws) => {
      const created = createEndpoint(aws);
      while (aws.home.endpoints().length === 0) await new Promise(setImmediate);
      let isAnswered = false;
      void created.then(() => (isAnswered = true));
      await describe(aws, aws.home.endpoints()[0]?.id ?? '');
      expect(isAnswered).toBe(false);
      aws.clock.advance(30_000);
      expect((await created).State).toBe('pending');
    },
    { createAnswerMs: 30_000 },
  ),
);
