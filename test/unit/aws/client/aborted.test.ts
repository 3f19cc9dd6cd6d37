import { expect, test } from '@jest/globals';
import { abortedBy } from '../../../../src/aws/client/aborted.ts';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import { ec2Error } from '../scripted-transport.ts';

const action = 'ec2:DescribeVpcs';

test('whatever a call fails with after our own signal, it was we who cut it off', () => {
  const failures = [
    new Error('socket hang up'),
    ec2Error('UnauthorizedOperation'),
    'text',
    undefined,
  ];
  for (const failure of failures) {
    const error = toCloudError(action, failure, AbortSignal.abort());
    expect(error).toEqual(abortedBy(action));
    expect(error).toMatchObject({
      kind: 'Aborted',
      action,
      message: expect.stringMatching(action),
    });
  }
});

test('the same failure without the signal is AWS’s', () => {
  const error = toCloudError(action, ec2Error('UnauthorizedOperation'));
  expect(error.kind).not.toBe(abortedBy(action).kind);
});
