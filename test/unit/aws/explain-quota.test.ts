import { expect, test } from '@jest/globals';
import { explainQuota } from '../../../src/aws/explain-quota.ts';
import { CloudError, type CloudErrorKind } from '../../../src/plan/cloud.ts';

const full = 'role Lead has as many managed policies as IAM allows';

function failingWith(kind: CloudErrorKind, message: string, text?: string): Promise<unknown> {
  const fields = { kind, action: 'iam:AttachRolePolicy', code: 'LimitExceeded', message };
  const error = new CloudError({ ...fields, ...(text === undefined ? {} : { text }) });
  return explainQuota(full, () => Promise.reject(error)).catch((thrown: unknown) => thrown);
}

test('a quota is said with the thing that is full, and keeps AWS’s own words', async () => {
  expect(await failingWith('Quota', 'failed: Cannot exceed', 'Cannot exceed')).toMatchObject({
    kind: 'Quota',
    action: 'iam:AttachRolePolicy',
    code: 'LimitExceeded',
    text: 'Cannot exceed',
    message: `failed: Cannot exceed (${full})`,
  });
  // Without them, the message has all there is.
  expect(await failingWith('Quota', 'failed')).toMatchObject({ text: 'failed' });
});

test('a document that is too long is not about how many there are', async () => {
  const message = 'Cannot exceed quota for PolicySize: 6144';
  expect(await failingWith('Quota', message)).toMatchObject({ message });
});

test('other failures and answers are left alone', async () => {
  expect(await failingWith('Denied', 'no')).toMatchObject({ kind: 'Denied', message: 'no' });
  const failure = new TypeError('no');
  await expect(explainQuota(full, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(await explainQuota(full, () => Promise.resolve(7))).toBe(7);
});
