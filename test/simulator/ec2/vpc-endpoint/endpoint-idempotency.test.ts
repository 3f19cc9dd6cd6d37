import { expect, test } from '@jest/globals';
import { DeleteVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import { createEndpoint, inAws, minuteMs, refusalOf } from '../../simulated-aws.ts';

test(
  'the same client token with the same parameters answers the same endpoint',
  inAws(async (aws) => {
    const first = await createEndpoint(aws, { ClientToken: 'once' });
    const second = await createEndpoint(aws, { ClientToken: 'once' });
    expect(second.VpcEndpointId).toBe(first.VpcEndpointId);
    expect(aws.home.endpoints()).toHaveLength(1);
  }),
);

test(
  'the same client token with other parameters is refused',
  inAws(async (aws) => {
    await createEndpoint(aws, { ClientToken: 'once' });
    const again = createEndpoint(aws, { ClientToken: 'once', SubnetIds: aws.subnetIds.slice(1) });
    expect((await refusalOf(again)).code).toBe('IdempotentParameterMismatch');
  }),
);

test(
  'another client token makes another endpoint',
  inAws(async (aws) => {
    await createEndpoint(aws, { ClientToken: 'one' });
    await createEndpoint(aws, { ClientToken: 'two' });
    await createEndpoint(aws);
    expect(aws.home.endpoints()).toHaveLength(3);
  }),
);

test(
  'a call that was refused does not use its client token up',
  inAws(async (aws) => {
    await refusalOf(createEndpoint(aws, { ClientToken: 'once', VpcId: 'vpc-0123456789abcdef0' }));
    const { VpcEndpointId } = await createEndpoint(aws, { ClientToken: 'once' });
    expect(VpcEndpointId).toMatch(/^vpce-0[0-9a-f]{16}$/);
  }),
);

test(
  'a client token answers the tombstone while it is described, and a new endpoint afterwards',
  inAws(async (aws) => {
    const first = await createEndpoint(aws, { ClientToken: 'once' });
    const VpcEndpointIds = [first.VpcEndpointId];
    await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds }));
    const whileDeleting = await createEndpoint(aws, { ClientToken: 'once' });
    expect(whileDeleting).toMatchObject({
      VpcEndpointId: first.VpcEndpointId,
      State: 'deleting',
    });
    aws.clock.advance(2 * minuteMs);
    const afterwards = await createEndpoint(aws, { ClientToken: 'once' });
    expect(afterwards.VpcEndpointId).not.toBe(first.VpcEndpointId);
  }),
);

test(
  'a client token is free for other parameters when its endpoint is gone',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws, { ClientToken: 'once' });
    aws.home.eraseEndpoint(VpcEndpointId);
    await createEndpoint(aws, { ClientToken: 'once', SubnetIds: aws.subnetIds.slice(1) });
    expect(aws.home.endpoints()).toHaveLength(1);
  }),
);

test(
  'a client token longer than 64 characters is refused',
  inAws(async (aws) => {
    const { code } = await refusalOf(createEndpoint(aws, { ClientToken: 'x'.repeat(65) }));
    expect(code).toBe('InvalidParameterValue');
  }),
);

test(
  'client tokens of two regions have nothing to do with each other',
  inAws(async (aws) => {
    await createEndpoint(aws, { ClientToken: 'once' });
    const there = aws.simulator.world.region('eu-west-1');
    const vpcId = there.defaultVpc().id;
    const subnetIds = there.subnets(vpcId).map(({ id }) => id);
    const elsewhere = { ...aws, ec2: aws.ec2Client({ region: 'eu-west-1' }), vpcId, subnetIds };
    const ServiceName = 'com.amazonaws.eu-west-1.sagemaker.api';
    await createEndpoint(elsewhere, { ClientToken: 'once', ServiceName });
    expect(there.endpoints()).toHaveLength(1);
  }),
);
