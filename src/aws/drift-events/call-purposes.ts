import type { CallPurpose } from '../call-purpose.ts';
import type { AwsAction } from '../client/operations.ts';

/** Operations on the queues of `--drift-events-queue`. */
export const driftEventPurposes = {
  'sqs:ReceiveMessage': {
    purpose:
      'reads events about changes at AWS, in the region of a queue of `--drift-events-queue`',
  },
  'sqs:DeleteMessageBatch': {
    purpose: 'takes the events that were read out of the queue',
    permission: 'sqs:DeleteMessage',
  },
} as const satisfies Partial<Readonly<Record<AwsAction, CallPurpose>>>;
