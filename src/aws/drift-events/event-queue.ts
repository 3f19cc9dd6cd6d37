import type { EventQueue } from '../../plan/hints/event-queue.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { itemError } from '../client/to-cloud-error.ts';
import type { QueueAddress } from './queue-address.ts';

/** SQS hands out at most ten messages at once. */
const mostMessages = 10;
/** The longest wait that SQS allows: an idle queue costs three calls a minute. */
const longPollSeconds = 20;

/** A queue of SQS, read with the operator's own identity. */
export function createEventQueue(
  { url: QueueUrl, region, name }: QueueAddress,
  calls: Pick<AwsCalls, 'call'>,
): EventQueue {
  return {
    region,
    name,
    async receive(signal) {
      const input = {
        QueueUrl,
        MaxNumberOfMessages: mostMessages,
        WaitTimeSeconds: longPollSeconds,
      };
      const { Messages = [] } = await calls.call('sqs:ReceiveMessage', input, { signal });
      return Messages.flatMap(({ MessageId: id, ReceiptHandle: receipt, Body: body = '' }) =>
        id === undefined || receipt === undefined ? [] : [{ id, receipt, body }],
      );
    },
    async remove(messages, signal) {
      const Entries = messages.map(({ receipt }, index) => ({
        Id: String(index),
        ReceiptHandle: receipt,
      }));
      const action = 'sqs:DeleteMessageBatch';
      const { Failed: [failed] = [] } = await calls.call(action, { QueueUrl, Entries }, { signal });
      if (failed !== undefined) {
        throw itemError(action, failed.Code ?? 'Unknown', failed.Message ?? '');
      }
    },
  };
}
