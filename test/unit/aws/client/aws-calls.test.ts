import { expect, test } from '@jest/globals';
import { type CallRecord, createAwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import { createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { CredentialsFailure } from '../../../../src/aws/accounts/credentials-failure.ts';
import { ec2Error, scriptedTransport } from '../scripted-transport.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

function callsThatFail(errors: readonly Error[]) {
  const clock = createVirtualClock();
  const left = [...errors];
  const answer = () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return {};
  };
  const transport = scriptedTransport({
    'ec2:DescribeVpcs': answer,
    'ec2:CreateTags': answer,
    'ec2:CreateVpcEndpoint': answer,
  });
  const records: CallRecord[] = [];
  const calls = createAwsCalls({
    transport,
    clock,
    budget: createCallBudget({ clock }),
    onCall: (record) => records.push(record),
  });
  const { signal } = new AbortController();
  return { clock, transport, records, calls, signal };
}

const throttled = ec2Error('RequestLimitExceeded', 'Request limit exceeded.', 503);
const hungUp = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

test('a throttled call is repeated twice, a second apart, and then surfaces', async () => {
  const { clock, transport, records, calls, signal } = callsThatFail(Array(9).fill(throttled));
  const outcome = calls.call('ec2:DescribeVpcs', {}, { signal }).catch((error: unknown) => error);
  await clock.advance(10_000);
  expect(await outcome).toMatchObject({ kind: 'Throttled', code: 'RequestLimitExceeded' });
  expect(transport.sent).toHaveLength(3);
  expect(records.map(({ result }) => result)).toEqual(['Throttled', 'Throttled', 'Throttled']);
});

test('a throttled change that has to wait for long is given back to the caller', async () => {
  const { clock, transport, calls, signal } = callsThatFail(Array(9).fill(throttled));
  const place = 'endpoint-1';
  const outcome = calls
    .call('ec2:CreateVpcEndpoint', { VpcId: 'vpc-1' }, { signal, place })
    .catch((error: unknown) => error);
  await clock.advance(20_000);
  expect(await outcome).toMatchObject({ kind: 'Throttled', retryAfterMs: expect.any(Number) });
  expect(transport.sent.length).toBeLessThanOrEqual(3);
});

test('a read that got no answer is repeated, a change is not', async () => {
  const reading = callsThatFail([hungUp]);
  const read = reading.calls.call('ec2:DescribeVpcs', {}, { signal: reading.signal });
  await reading.clock.advance(1000);
  await read;
  expect(reading.records.map(({ result }) => result)).toEqual(['Unavailable', 'ok']);
  const changing = callsThatFail([hungUp]);
  const input = { Resources: [], Tags: [] };
  await expect(
    changing.calls.call('ec2:CreateTags', input, { signal: changing.signal }),
  ).rejects.toMatchObject({ kind: 'Unavailable' });
  expect(changing.transport.sent).toHaveLength(1);
});

test('the pause before a read is repeated ends with the signal of the call', async () => {
  const { clock, transport, calls } = callsThatFail([hungUp]);
  const controller = new AbortController();
  const { signal } = controller;
  const outcome = calls.call('ec2:DescribeVpcs', {}, { signal }).catch((error: unknown) => error);
  await clock.advance(100);
  controller.abort();
  expect(await outcome).toMatchObject({ kind: 'Aborted', action: 'ec2:DescribeVpcs' });
  expect(transport.sent).toHaveLength(1);
  expect(clock.timers).toBe(0);
});

test('a call that found no credentials is not repeated, and does not slow its action down', async () => {
  const failure = new CredentialsFailure('sts:AssumeRole', throttled);
  const { clock, transport, calls, signal } = callsThatFail([failure]);
  await expect(calls.call('ec2:DescribeVpcs', {}, { signal })).rejects.toMatchObject({
    kind: 'Throttled',
    message: expect.stringContaining('sts:AssumeRole failed: RequestLimitExceeded'),
  });
  const before = clock.now();
  await calls.call('ec2:DescribeVpcs', {}, { signal });
  expect(clock.now()).toBe(before);
  expect(transport.sent).toHaveLength(2);
});

test('each request is recorded with its service, its operation and its duration', async () => {
  const { records, calls, signal } = callsThatFail([]);
  await calls.call('ec2:DescribeVpcs', {}, { signal });
  expect(records).toEqual([
    { service: 'ec2', action: 'DescribeVpcs', result: 'ok', durationMs: 0 },
  ]);
});

test('a change is told with the id that AWS gave its request, and a read without', async () => {
  const clock = createVirtualClock();
  const answer = () => ({ $metadata: { requestId: 'request-1' } });
  const script = {
    'ec2:DescribeVpcs': answer,
    'ec2:CreateTags': answer,
    'sqs:DeleteMessageBatch': answer,
  };
  const records: CallRecord[] = [];
  const calls = createAwsCalls({
    transport: scriptedTransport(script),
    clock,
    budget: createCallBudget({ clock }),
    onCall: (record) => records.push(record),
  });
  const { signal } = new AbortController();
  await calls.call('ec2:DescribeVpcs', {}, { signal });
  await calls.call('ec2:CreateTags', { Resources: ['vpce-1'], Tags: [] }, { signal });
  await calls.call('sqs:DeleteMessageBatch', { QueueUrl: 'q', Entries: [] }, { signal });
  expect(records.map(({ action, requestId }) => [action, requestId])).toEqual([
    ['DescribeVpcs', undefined],
    ['CreateTags', 'request-1'],
    // No event tells of a message.
    ['DeleteMessageBatch', undefined],
  ]);
});
