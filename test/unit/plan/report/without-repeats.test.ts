import { expect, test } from '@jest/globals';
import { messagesOf } from '../../../../src/plan/report/report-conditions.ts';
import { withoutRepeats } from '../../../../src/plan/report/without-repeats.ts';

test('advice that several failures share is said once', () => {
  const messages = [
    'ec2:A got no answer (ECONNREFUSED). Tried again. If it stays, check the network.',
    'ec2:B got no answer (ECONNREFUSED). Tried again. If it stays, check the network.',
    'ec2:A got no answer (ECONNREFUSED). Tried again. If it stays, check the network.',
    'Subnet a is full. Choose another one.',
  ];
  expect(withoutRepeats(messages)).toEqual([
    messages[0],
    'ec2:B got no answer (ECONNREFUSED).',
    '',
    messages[3],
  ]);
  expect(messagesOf(messages.map((message) => ({ message })))).toBe(
    `${messages[0]} ec2:B got no answer (ECONNREFUSED). ${messages[3]}`,
  );
});

test('names and numbers with full stops stay whole', () => {
  const message = 'vpce-1 (api.sagemaker.eu-west-1.amazonaws.com) has 10.0.0.1, e.g. for api.';
  expect(withoutRepeats([message, message.replace('vpce-1', 'vpce-2')])).toEqual([
    message,
    message.replace('vpce-1', 'vpce-2'),
  ]);
});
