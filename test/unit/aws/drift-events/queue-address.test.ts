import { expect, test } from '@jest/globals';
import { parseQueueUrl } from '../../../../src/aws/drift-events/queue-address.ts';

test.each([
  ['https://sqs.eu-west-1.amazonaws.com/111122223333/drift-events', 'eu-west-1', 'drift-events'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/111122223333/drift', 'cn-north-1', 'drift'],
  ['https://sqs-fips.us-gov-west-1.amazonaws.com/111122223333/d_1', 'us-gov-west-1', 'd_1'],
  ['https://sqs.eu-west-1.api.aws/111122223333/drift', 'eu-west-1', 'drift'],
  ['https://us-east-1.queue.amazonaws.com/111122223333/drift', 'us-east-1', 'drift'],
  ['https://sqs.eu-west-1.amazonaws.com/111122223333/drift.fifo', 'eu-west-1', 'drift.fifo'],
])('%s names its region and its queue', (url, region, name) => {
  expect(parseQueueUrl(url)).toEqual({ url, region, name });
});

test.each([
  'drift-events',
  'arn:aws:sqs:eu-west-1:111122223333:drift-events',
  'http://sqs.eu-west-1.amazonaws.com/111122223333/drift-events',
  'https://sqs.eu-west-1.amazonaws.com/drift-events',
  'https://sqs.eu-west-1.amazonaws.com/111122223333/a/b',
  'https://sqs.eu-west-1.amazonaws.com.evil.example/111122223333/drift-events',
  'https://evil.example/111122223333/drift-events',
  'https://user:word@sqs.eu-west-1.amazonaws.com/111122223333/drift-events',
  'https://sqs.eu-west-1.amazonaws.com:8443/111122223333/drift-events',
  'https://sqs.eu-west-1.amazonaws.com/111122223333/drift-events?x=1',
  `https://sqs.eu-west-1.amazonaws.com/111122223333/${'x'.repeat(81)}`,
])('%s is no URL of a queue', (url) => {
  expect(parseQueueUrl(url)).toBeUndefined();
});
