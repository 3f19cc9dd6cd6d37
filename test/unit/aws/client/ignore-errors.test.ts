import { expect, test } from '@jest/globals';
import { ignoreErrors } from '../../../../src/aws/client/ignore-errors.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';

function error(kind: 'NotFound' | 'Denied'): CloudError {
  return new CloudError({ kind, action: 'ec2:DeleteTags', code: 'c', message: 'm' });
}

test('a failure of the kind means that the change was made before', async () => {
  await ignoreErrors('NotFound', () => Promise.reject(error('NotFound')));
  await ignoreErrors('NotFound', () => Promise.resolve());
});

test.each([error('Denied'), Object.assign(new TypeError('no'), { kind: 'NotFound' })])(
  'any other failure stays one: %s',
  async (failure) => {
    await expect(ignoreErrors('NotFound', () => Promise.reject(failure))).rejects.toBe(failure);
  },
);
