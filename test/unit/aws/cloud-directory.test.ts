import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type CloudDirectory, createCloudDirectory } from '../../../src/aws/cloud-directory.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';

let directory: CloudDirectory;

beforeEach(() => {
  Object.assign(process.env, awsClientEnvironment('http://127.0.0.1:1'));
  const accounts = { ml: { roleArn: 'arn:aws:iam::111122223333:role/ml' } };
  directory = createCloudDirectory({ clusterId: 'cluster-1', accounts, gatherMs: 1 });
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
  const other = directory.cloudFor({ account: 'ml', region: 'eu-west-1' });
  expect(other).not.toBe(one);
  expect(directory.cloudFor({ account: 'ml', region: 'eu-west-1' })).toBe(other);
});

test('an account that the administrator did not name is refused', () => {
  expect(() => directory.cloudFor({ account: 'toString', region: 'eu-west-1' })).toThrow(
    'the account "toString" is not in the operator\'s account map',
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
