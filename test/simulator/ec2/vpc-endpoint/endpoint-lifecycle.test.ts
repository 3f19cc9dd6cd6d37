import { expect, test } from '@jest/globals';
import {
  CreateVpcEndpointCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcEndpointsCommand,
  DescribeNetworkInterfacesCommand,
  ModifyVpcEndpointCommand,
} from '@aws-sdk/client-ec2';
import { createEndpoint, describe, inAws, minuteMs, refusalOf } from '../../simulated-aws.ts';

test(
  'an endpoint is pending for a minute and then available',
  inAws(async (aws) => {
    const { VpcEndpointId, State } = await createEndpoint(aws);
    expect(State).toBe('pending');
    aws.clock.advance(minuteMs - 1);
    expect((await describe(aws, VpcEndpointId)).State).toBe('pending');
    aws.clock.advance(1);
    expect((await describe(aws, VpcEndpointId)).State).toBe('available');
  }),
);

test(
  'the time that an endpoint is pending can be chosen',
  inAws(
    async (aws) => {
      const { VpcEndpointId } = await createEndpoint(aws);
      aws.clock.advance(5);
      expect((await describe(aws, VpcEndpointId)).State).toBe('available');
    },
    { pendingMs: 5 },
  ),
);

test(
  'a modified endpoint is pending again',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    aws.clock.advance(minuteMs);
    await aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: true }));
    expect((await describe(aws, VpcEndpointId)).State).toBe('pending');
    aws.clock.advance(minuteMs);
    expect((await describe(aws, VpcEndpointId)).State).toBe('available');
  }),
);

test(
  'a second modify while one is in flight is refused',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    aws.clock.advance(minuteMs);
    const modify = new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: true });
    await aws.ec2.send(modify);
    expect(await refusalOf(aws.ec2.send(modify))).toMatchObject({ code: 'OperationInProgress' });
    aws.clock.advance(minuteMs);
    await aws.ec2.send(modify);
  }),
);

test(
  'an endpoint that is still being created cannot be modified',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    const modify = new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: true });
    expect(await refusalOf(aws.ec2.send(modify))).toMatchObject({ code: 'IncorrectState' });
  }),
);

test(
  'a deleted endpoint is deleting, then a tombstone, then not found',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
    expect((await describe(aws, VpcEndpointId)).State).toBe('deleting');
    aws.clock.advance(minuteMs);
    expect((await describe(aws, VpcEndpointId)).State).toBe('deleted');
    aws.clock.advance(minuteMs);
    expect(await refusalOf(describe(aws, VpcEndpointId))).toMatchObject({
      code: 'InvalidVpcEndpointId.NotFound',
      httpStatus: 400,
    });
  }),
);

test(
  'a delete succeeds for HTTP and lists the endpoints that it did not delete',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    const unknown = 'vpce-0123456789abcdef0';
    const command = new DeleteVpcEndpointsCommand({ VpcEndpointIds: [unknown, VpcEndpointId] });
    const { Unsuccessful } = await aws.ec2.send(command);
    const Error = expect.objectContaining({ Code: 'InvalidVpcEndpoint.NotFound' });
    expect(Unsuccessful).toEqual([{ ResourceId: unknown, Error }]);
    expect((await describe(aws, VpcEndpointId)).State).toBe('deleting');
  }),
);

test(
  'an endpoint that a delete was refused for stays available',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    aws.clock.advance(minuteMs);
    aws.home.refuseDelete(VpcEndpointId, { code: 'IncorrectState', message: 'in use' });
    const command = new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] });
    const { Unsuccessful } = await aws.ec2.send(command);
    expect(Unsuccessful?.[0]?.Error).toEqual({ Code: 'IncorrectState', Message: 'in use' });
    expect((await describe(aws, VpcEndpointId)).State).toBe('available');
  }),
);

test(
  'a deleting endpoint can be deleted again, a tombstone cannot',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    const command = new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] });
    await aws.ec2.send(command);
    aws.clock.advance(minuteMs - 1);
    expect((await aws.ec2.send(command)).Unsuccessful).toEqual([]);
    aws.clock.advance(1); // The second delete did not begin anew.
    expect((await describe(aws, VpcEndpointId)).State).toBe('deleted');
    expect((await aws.ec2.send(command)).Unsuccessful).toHaveLength(1);
  }),
);

test(
  'a group is in use and interfaces exist until the endpoint is deleted',
  inAws(async (aws) => {
    const { id: GroupId } = aws.home.createSecurityGroup({ vpcId: aws.vpcId, name: 'endpoints' });
    const { VpcEndpointId } = await createEndpoint(aws, { SecurityGroupIds: [GroupId] });
    await aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
    const interfaces = async () =>
      (await aws.ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces;
    const deleteGroup = new DeleteSecurityGroupCommand({ GroupId });
    expect(await interfaces()).toHaveLength(3);
    expect(await refusalOf(aws.ec2.send(deleteGroup))).toMatchObject({
      code: 'DependencyViolation',
    });
    aws.clock.advance(minuteMs);
    expect(await interfaces()).toEqual([]);
    await aws.ec2.send(deleteGroup);
  }),
);

test(
  'an endpoint that failed says why',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    aws.home.setEndpointState(VpcEndpointId, 'failed', { code: 'X', message: 'no capacity' });
    expect(await describe(aws, VpcEndpointId)).toMatchObject({
      State: 'failed',
      LastError: { Code: 'X', Message: 'no capacity' },
    });
  }),
);

test(
  'an endpoint of a service that asks for acceptance waits for it',
  inAws(async (aws) => {
    aws.home.addService({ name: 'com.example.svc', acceptanceRequired: true });
    const endpoint = { ServiceName: 'com.example.svc', PrivateDnsEnabled: false };
    const { VpcEndpointId } = await createEndpoint(aws, endpoint);
    aws.clock.advance(minuteMs);
    expect((await describe(aws, VpcEndpointId)).State).toBe('pendingAcceptance');
    aws.home.setEndpointState(VpcEndpointId, 'rejected');
    expect((await describe(aws, VpcEndpointId)).State).toBe('rejected');
  }),
);

test(
  'an endpoint that is erased behind the back is gone at once',
  inAws(async (aws) => {
    const { VpcEndpointId } = await createEndpoint(aws);
    aws.home.eraseEndpoint(VpcEndpointId);
    const { code } = await refusalOf(describe(aws, VpcEndpointId));
    expect(code).toBe('InvalidVpcEndpointId.NotFound');
    expect(aws.home.endpoints()).toEqual([]);
    expect(aws.home.endpointHistory()).toMatchObject([{ id: VpcEndpointId, state: 'gone' }]);
  }),
);

test(
  'a dry run says that it would succeed, as an error, and does nothing',
  inAws(async (aws) => {
    const input = { VpcId: aws.vpcId, ServiceName: 'x', DryRun: true };
    const refusal = await refusalOf(aws.ec2.send(new CreateVpcEndpointCommand(input)));
    expect(refusal).toMatchObject({ code: 'DryRunOperation', httpStatus: 412 });
    expect(aws.home.endpoints()).toEqual([]);
  }),
);
