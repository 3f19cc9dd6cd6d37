import { Agent } from 'node:https';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createTransports } from '../../../../src/aws/accounts/account-transports.ts';
import { CredentialsFailure } from '../../../../src/aws/accounts/credentials-failure.ts';
import { regionNotFound, suggestion } from '../../../../src/aws/client/region-not-found.ts';
import { createRequestHandler } from '../../../../src/aws/client/request-handler.ts';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import type { CloudError } from '../../../../src/plan/cloud.ts';
import { awsClientEnvironment } from '../../../environment/aws-client-environment.ts';
import { startForwardProxy } from '../../../environment/forward-proxy.ts';

const before = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, awsClientEnvironment(''));
  delete process.env['AWS_ENDPOINT_URL'];
});

afterEach(() => {
  process.env = { ...before };
});

/** What a look in the region fails with. */
async function failureIn(
  region: string,
  requestHandler: NodeHttpHandler,
  action: 'ec2:DescribeVpcs' | 'iam:ListPolicies' = 'ec2:DescribeVpcs',
): Promise<CloudError> {
  const transports = createTransports({
    clusterId: 'c',
    requestHandler,
    mayWrite: undefined,
    ownCalls: () => ({ call: () => Promise.reject(new Error('not needed')) }),
  });
  const { signal } = new AbortController();
  try {
    await transports.reading(region, undefined).send(action, {}, { signal });
  } catch (error) {
    return toCloudError(action, error, signal);
  } finally {
    requestHandler.destroy();
  }
  throw new Error('the call succeeded');
}

/** Names are resolved by a DNS that has none of them, or does not answer. */
function resolving(code: 'ENOTFOUND' | 'EAI_AGAIN'): NodeHttpHandler {
  const httpsAgent = new Agent({
    lookup: (hostname, _options, callback) => {
      const message = `getaddrinfo ${code} ${hostname}`;
      callback(Object.assign(new Error(message), { code, hostname, syscall: 'getaddrinfo' }), '');
    },
  });
  return new NodeHttpHandler({ httpsAgent });
}

test('a region that no SDK and no DNS knows is a mistake of the spec', async () => {
  expect(await failureIn('eu-wset-1', resolving('ENOTFOUND'))).toMatchObject({
    kind: 'Invalid',
    code: 'RegionNotFound',
    message:
      'there is no AWS region eu-wset-1: the address of its endpoints does not resolve; did you mean eu-west-1?',
  });
});

test('the credentials of a pod are asked for there first', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  Object.assign(process.env, {
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/operator',
    AWS_WEB_IDENTITY_TOKEN_FILE: import.meta.filename,
  });
  const error = await failureIn('eu-wset-1', resolving('ENOTFOUND'));
  expect(error).toMatchObject({ code: 'RegionNotFound' });
});

test.each([
  ['a region that the SDK knows', 'eu-west-1', 'ENOTFOUND'],
  ['a DNS that does not answer', 'eu-wset-1', 'EAI_AGAIN'],
] as const)('%s is out of reach for another cause', async (_what, region, code) => {
  const error = await failureIn(region, resolving(code));
  expect(error).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
});

test('the address of IAM is not that of the region', async () => {
  const error = await failureIn('eu-wset-1', resolving('ENOTFOUND'), 'iam:ListPolicies');
  expect(error).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
});

test('behind a proxy the proxy tells', async () => {
  const proxy = await startForwardProxy({ hosts: {} });
  try {
    const misspelt = await failureIn(
      'eu-wset-1',
      createRequestHandler(() => proxy.url),
    );
    expect(misspelt).toMatchObject({ code: 'RegionNotFound' });
    const known = await failureIn(
      'eu-west-1',
      createRequestHandler(() => proxy.url),
    );
    expect(known).toMatchObject({ code: 'NoAnswer' });
    expect(proxy.requests).toEqual([
      'CONNECT ec2.eu-wset-1.amazonaws.com:443',
      'CONNECT ec2.eu-west-1.amazonaws.com:443',
    ]);
  } finally {
    await proxy.close();
  }
});

test.each([
  ['eu-wset-1', '; did you mean eu-west-1?'],
  ['us-east1', '; did you mean us-east-1?'],
  ['mars-north-7', ''],
])('near %s is%s', (region, words) => {
  expect(suggestion(region)).toBe(words);
});

const unresolved = { message: 'getaddrinfo ENOTFOUND ec2.eu-wset-1.amazonaws.com' };
const noGateway = { $metadata: { httpStatusCode: 502 } };

test.each<[string, unknown, boolean]>([
  ['an address without an answer', unresolved, true],
  ['the same behind credentials', new CredentialsFailure('sts:AssumeRole', unresolved), true],
  ['a proxy that reaches nobody', noGateway, true],
  ['AWS itself with that status', { ...noGateway, Code: 'InternalError' }, false],
  ['an address of another region', { message: 'ENOTFOUND ec2.eu-west-1.amazonaws.com' }, false],
  ['a reset connection', { code: 'ECONNRESET' }, false],
  ['text', 'ENOTFOUND eu-wset-1', false],
  ['nothing', undefined, false],
])('%s: whether there is no such region', (_what, error, isMissing) => {
  expect(regionNotFound('ec2:DescribeVpcs', 'eu-wset-1', error) !== undefined).toBe(isMissing);
  expect(regionNotFound('ec2:DescribeVpcs', 'eu-west-1', error)).toBeUndefined();
});
