import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type CloudDirectory,
  createCloudDirectory,
} from '../../../../src/aws/accounts/cloud-directory.ts';
import { awsClientEnvironment } from '../../../environment/aws-client-environment.ts';

let directory: CloudDirectory;

beforeEach(() => {
  Object.assign(process.env, awsClientEnvironment('http://127.0.0.1:1'));
  const entry = { roleArn: 'arn:aws:iam::444455556666:role/ml', accountId: '444455556666' };
  const accounts = new Map([['ml', entry]]);
  directory = createCloudDirectory({
    clusterId: 'cluster-1',
    accounts: () => accounts,
    gatherMs: 1,
  });
});

afterEach(() => directory.close());

function callerIn(region: string) {
  const cloud = directory.cloudFor({ region });
  const { signal } = new AbortController();
  return cloud.look({ kind: 'Caller' }, { since: cloud.now(), signal });
}

test('links of one account and region share a cloud', () => {
  const one = directory.cloudFor({ region: 'eu-west-1' });
  expect(directory.cloudFor({ region: 'eu-west-1' })).toBe(one);
  expect(directory.cloudFor({ region: 'eu-west-2' })).not.toBe(one);
  expect(directory.cloudFor({ account: 'ml', region: 'eu-west-1' })).not.toBe(one);
});

test('an account that the administrator did not name is refused', () => {
  expect(() => directory.cloudFor({ account: 'toString', region: 'eu-west-1' })).toThrow(
    'the account "toString" of spec.account is not in the operator\'s account map',
  );
});

test('a name that stands for another account than the link is in is refused', () => {
  const at = { account: 'ml', region: 'eu-west-1' };
  expect(() => directory.cloudFor({ ...at, boundTo: '444455556666' })).not.toThrow();
  expect(() => directory.cloudFor({ ...at, boundTo: '777788889999' })).toThrow(
    expect.objectContaining({
      code: 'AccountChanged',
      message: expect.stringContaining('what this link has is in 777788889999'),
    }),
  );
});

test('without credentials a look says so', async () => {
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  await expect(callerIn('eu-west-1')).rejects.toMatchObject({
    kind: 'Credentials',
    code: 'NoCredentials',
    message: expect.stringContaining('Could not load credentials'),
  });
});

test('an AWS that can not be reached is unavailable', async () => {
  await expect(callerIn('eu-west-1')).rejects.toMatchObject({
    kind: 'Unavailable',
    action: 'sts:GetCallerIdentity',
  });
});
