import { describe as group, expect, test } from '@jest/globals';
import { DescribeVpcEndpointsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { GetUserCommand } from '@aws-sdk/client-iam';
import { createEndpoint, inAws, refusalOf } from './simulated-aws.ts';

const describeVpcs = new DescribeVpcsCommand({});

test(
  'an error before the effect leaves the world as it was',
  inAws(async (aws) => {
    aws.simulator.faults.add({
      action: 'CreateVpcEndpoint',
      nth: 1,
      effect: { kind: 'error', code: 'InternalError', httpStatus: 500, message: 'broken' },
    });
    expect(await refusalOf(createEndpoint(aws))).toEqual({
      code: 'InternalError',
      httpStatus: 500,
      message: 'broken',
    });
    expect(aws.home.endpoints()).toEqual([]);
    await createEndpoint(aws);
  }),
);

test(
  'an error after the effect hides that the call succeeded',
  inAws(async (aws) => {
    aws.simulator.faults.add({
      action: 'CreateVpcEndpoint',
      nth: 1,
      when: 'after',
      effect: { kind: 'error', code: 'Unavailable', httpStatus: 503 },
    });
    expect((await refusalOf(createEndpoint(aws))).code).toBe('Unavailable');
    expect(aws.home.endpoints()).toHaveLength(1);
  }),
);

test(
  'a connection is reset before or after the effect',
  inAws(async (aws) => {
    const effect = { kind: 'reset' } as const;
    aws.simulator.faults.add({ action: 'CreateVpcEndpoint', nth: 1, effect });
    aws.simulator.faults.add({ action: 'CreateVpcEndpoint', nth: 2, when: 'after', effect });
    await expect(createEndpoint(aws)).rejects.toThrow('ECONNRESET');
    expect(aws.home.endpoints()).toHaveLength(0);
    await expect(createEndpoint(aws)).rejects.toThrow('ECONNRESET');
    expect(aws.home.endpoints()).toHaveLength(1);
  }),
);

test(
  'only the n-th call is struck',
  inAws(async ({ simulator, ec2 }) => {
    const fault = simulator.faults.add({
      action: 'DescribeVpcs',
      nth: 3,
      effect: { kind: 'error', code: 'Third' },
    });
    await ec2.send(describeVpcs);
    await ec2.send(describeVpcs);
    expect((await refusalOf(ec2.send(describeVpcs))).code).toBe('Third');
    await ec2.send(describeVpcs);
    expect(fault.hits()).toBe(1);
  }),
);

test(
  'a fault strikes as often as it says, or until it is removed',
  inAws(async ({ simulator, ec2 }) => {
    const effect = { kind: 'error', code: 'Broken' } as const;
    simulator.faults.add({ action: '*', times: 1, effect });
    const removable = simulator.faults.add({ action: '*', effect });
    for (let count = 0; count < 3; count += 1) await refusalOf(ec2.send(describeVpcs));
    removable.remove();
    await ec2.send(describeVpcs);
    expect(removable.hits()).toBe(3);
  }),
);

test(
  'a fault strikes only the calls that it is meant for',
  inAws(async (aws) => {
    const there = aws.ec2Client({ region: 'eu-west-1' });
    const effect = { kind: 'error', code: 'Broken' } as const;
    const { faults } = aws.simulator;
    faults.add({ service: 'iam', action: '*', effect });
    faults.add({ action: 'DescribeVpcs', region: 'eu-west-1', effect });
    faults.add({
      action: 'DescribeVpcs',
      matches: ({ parameters }) => parameters['VpcId.1'] !== undefined,
      effect,
    });
    await aws.ec2.send(describeVpcs);
    await refusalOf(there.send(describeVpcs));
    await refusalOf(aws.ec2.send(new DescribeVpcsCommand({ VpcIds: [aws.vpcId] })));
    faults.clear();
    await there.send(describeVpcs);
  }),
);

test(
  "a delayed answer comes when the simulator's clock has reached it",
  inAws(async ({ simulator, ec2, clock }) => {
    simulator.faults.add({ action: 'DescribeVpcs', effect: { kind: 'delay', ms: 5000 } });
    const answer = ec2.send(describeVpcs);
    const first = await Promise.race([
      answer.then(() => 'answered'),
      // An answer that does not wait would come within one exchange with the simulator.
      ec2.send(new DescribeVpcEndpointsCommand({})).then(() => 'waits'),
    ]);
    expect(first).toBe('waits');
    clock.advance(5000);
    expect((await answer).Vpcs).toHaveLength(1);
  }),
);

test(
  'an answer that hangs never comes, and closing the simulator ends it',
  inAws(async ({ simulator, ec2 }) => {
    simulator.faults.add({ action: 'DescribeVpcs', effect: { kind: 'hang' } });
    const answer = ec2.send(describeVpcs);
    const rejected = expect(answer).rejects.toThrow();
    while (simulator.calls().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.calls()).toMatchObject([{ action: 'DescribeVpcs', httpStatus: 0 }]);
    await simulator.close();
    await rejected;
  }),
);

test(
  'a stale read answers the world before the last change, once',
  inAws(async (aws) => {
    const count = async () =>
      (await aws.ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints?.length;
    await createEndpoint(aws);
    await createEndpoint(aws);
    aws.simulator.faults.add({
      action: 'DescribeVpcEndpoints',
      nth: 1,
      effect: { kind: 'stale' },
    });
    expect(await count()).toBe(1);
    expect(await count()).toBe(2);
  }),
);

group("a denial is worded as the service's own", () => {
  test(
    'UnauthorizedOperation with an encoded message by EC2',
    inAws(async (aws) => {
      aws.simulator.faults.add({ action: 'CreateVpcEndpoint', effect: { kind: 'deny' } });
      const refusal = await refusalOf(createEndpoint(aws));
      expect(refusal).toMatchObject({ code: 'UnauthorizedOperation', httpStatus: 403 });
      expect(refusal.message).toMatch(
        /^You are not authorized .* perform: ec2:CreateVpcEndpoint .*Encoded authorization failure message: /,
      );
      expect(aws.home.endpoints()).toEqual([]);
    }),
  );

  test(
    'UnauthorizedOperation for a dry run as well',
    inAws(async (aws) => {
      aws.simulator.faults.add({ action: 'CreateVpcEndpoint', effect: { kind: 'deny' } });
      const { code } = await refusalOf(createEndpoint(aws, { DryRun: true }));
      expect(code).toBe('UnauthorizedOperation');
    }),
  );

  test(
    'AccessDenied by IAM',
    inAws(async ({ simulator, iam }) => {
      simulator.faults.add({ service: 'iam', action: 'GetUser', effect: { kind: 'deny' } });
      expect(await refusalOf(iam.send(new GetUserCommand({ UserName: 'u' })))).toMatchObject({
        code: 'AccessDenied',
        httpStatus: 403,
        message: expect.stringMatching(/user\/operator is not authorized to perform: iam:GetUser/),
      });
    }),
  );
});

test(
  'faults can be there from the start',
  inAws(async ({ ec2 }) => expect((await refusalOf(ec2.send(describeVpcs))).code).toBe('Broken'), {
    faults: [{ action: '*', effect: { kind: 'error', code: 'Broken' } }],
  }),
);

test(
  'the call log says what came and how it was answered, until it is reset',
  inAws(async (aws) => {
    await createEndpoint(aws);
    await refusalOf(createEndpoint(aws, { ServiceName: 'x' }));
    await aws.ec2.send(describeVpcs);
    expect(aws.simulator.calls()).toMatchObject([
      { seq: 1, action: 'CreateVpcEndpoint', readOnly: false, httpStatus: 200 },
      { seq: 2, httpStatus: 400, errorCode: 'InvalidServiceName' },
      { seq: 3, action: 'DescribeVpcs', readOnly: true, region: 'us-east-1', service: 'ec2' },
    ]);
    expect(aws.simulator.calls()[1]?.parameters).toMatchObject({ ServiceName: 'x' });
    expect(aws.simulator.callCounts()).toEqual({ CreateVpcEndpoint: 2, DescribeVpcs: 1 });
    aws.simulator.resetCalls();
    expect(aws.simulator.callCounts()).toEqual({});
  }),
);
