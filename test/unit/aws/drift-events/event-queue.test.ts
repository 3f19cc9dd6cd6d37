import { expect, test } from '@jest/globals';
import { createAwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import { createEventQueue } from '../../../../src/aws/drift-events/event-queue.ts';
import { createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';
import { type Script, scriptedTransport } from '../scripted-transport.ts';

const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/drift-events';
const { signal } = new AbortController();

function queueWith(script: Script) {
  const clock = createVirtualClock();
  const transport = scriptedTransport(script);
  const calls = createAwsCalls({ transport, clock, budget: createCallBudget({ clock }) });
  const queue = createEventQueue({ url, region: 'eu-west-1', name: 'drift-events' }, calls);
  return { queue, transport, clock };
}

test('messages without an id or a receipt are none, and one without a body is empty', async () => {
  const { queue } = queueWith({
    'sqs:ReceiveMessage': () => ({
      Messages: [
        { MessageId: '1', ReceiptHandle: 'r1', Body: '{}' },
        { MessageId: '2', ReceiptHandle: 'r2' },
        { MessageId: '3' },
        { ReceiptHandle: 'r4' },
      ],
    }),
  });
  expect(await queue.receive(signal)).toEqual([
    { id: '1', receipt: 'r1', body: '{}' },
    { id: '2', receipt: 'r2', body: '' },
  ]);
});

test('an empty queue has no messages', async () => {
  const { queue } = queueWith({ 'sqs:ReceiveMessage': () => ({}) });
  expect(await queue.receive(signal)).toEqual([]);
});

test('a message that stays in the queue is an error with AWS’s words', async () => {
  const { queue } = queueWith({
    'sqs:DeleteMessageBatch': () => ({
      Failed: [{ Id: '1', SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: 'no such' }],
    }),
  });
  await expect(queue.remove([{ id: '1', receipt: 'r', body: '' }], signal)).rejects.toMatchObject({
    action: 'sqs:DeleteMessageBatch',
    code: 'ReceiptHandleIsInvalid',
  });
});

test('a flood of messages is read at a bounded rate', async () => {
  const { queue, transport, clock } = queueWith({
    'sqs:ReceiveMessage': () => ({ Messages: [{ MessageId: '1', ReceiptHandle: 'r' }] }),
  });
  const over = new AbortController();
  const reading = (async () => {
    for (;;) await queue.receive(over.signal);
  })().catch(() => undefined);
  await clock.advance(60_000);
  over.abort();
  await reading;
  expect(transport.sent.length).toBeLessThanOrEqual(5 + 60 * 5 + 1);
});
