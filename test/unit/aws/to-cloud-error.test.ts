import { expect, test } from '@jest/globals';
import { CredentialsFailure } from '../../../src/aws/credentials-failure.ts';
import { toCloudError } from '../../../src/aws/to-cloud-error.ts';
import { CloudError } from '../../../src/plan/cloud.ts';
import { ec2Error } from './scripted-transport.ts';

const create = 'ec2:CreateVpcEndpoint';

function messageOf(error: unknown): string {
  return toCloudError(create, error).message;
}

test('the wire code counts, not the name that the SDK gives the error', () => {
  const error = Object.assign(ec2Error('NoSuchEntity'), { name: 'NoSuchEntityException' });
  expect(toCloudError('iam:GetPolicy', error)).toMatchObject({
    kind: 'NotFound',
    code: 'NoSuchEntity',
    action: 'iam:GetPolicy',
  });
});

test('a denial names the permission that is missing', () => {
  const denial = (text: string) => messageOf(ec2Error('UnauthorizedOperation', text, 403));
  const principal = 'User: arn:aws:sts::111122223333:assumed-role/operator/1700000000';
  expect(denial('You are not authorized to perform this operation.')).toBe(
    'ec2:CreateVpcEndpoint is denied',
  );
  expect(
    denial(
      `You are not authorized to perform this operation. ${principal} is not authorized to perform: ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/* because no identity-based policy allows the ec2:CreateTags action. Encoded authorization failure message: Zm9vYmFy`,
    ),
  ).toBe('ec2:CreateTags is denied, which ec2:CreateVpcEndpoint needs');
  expect(
    denial(
      `${principal} is not authorized to perform: ec2:CreateVpcEndpoint on resource: * with an explicit deny in a service control policy`,
    ),
  ).toBe('ec2:CreateVpcEndpoint is denied by an explicit deny in the service control policy');
});

test('a message is the same for each attempt and holds nothing secret', () => {
  const attempt = (id: string, time: string) =>
    messageOf(
      ec2Error('InvalidParameter', `subnet-1 is bad. Request ID: ${id} (at ${time})\n  Try again`),
    );
  const first = attempt('11111111-2222-3333-4444-555555555555', '2026-11-23T10:00:00.000Z');
  expect(first).toBe(attempt('99999999-2222-3333-4444-555555555555', '2026-11-23T10:00:07.123Z'));
  expect(first).toContain('InvalidParameter: subnet-1 is bad.');
  expect(messageOf(ec2Error('AuthFailure', 'key ASIAABCDEFGHIJKLMNOP expired'))).not.toMatch(
    /ASIA/,
  );
  expect(messageOf(ec2Error('InvalidParameter', 'x'.repeat(5000))).length).toBeLessThan(600);
});

test.each([
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['an unknown host', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })],
  ['a certificate', Object.assign(new Error('tls'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
  ['a time-out', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
  ['a page of a proxy', Object.assign(new Error('xml'), { $metadata: { httpStatusCode: 502 } })],
])('%s is no answer of AWS', (_what, error) => {
  expect(toCloudError(create, error)).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
});

test('what was cut off by our own signal is aborted, whatever was thrown', () => {
  const controller = new AbortController();
  controller.abort();
  const error = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  expect(toCloudError(create, error, controller.signal)).toMatchObject({ kind: 'Aborted' });
});

test('credentials that are missing are not a denial of the call', () => {
  const missing = new CredentialsFailure('credentials', new Error('Could not load credentials'));
  expect(toCloudError(create, missing)).toMatchObject({
    kind: 'Credentials',
    code: 'NoCredentials',
    message: expect.stringContaining('Could not load credentials'),
  });
  const denied = new CredentialsFailure('sts:AssumeRole', ec2Error('AccessDenied', '', 403));
  expect(toCloudError(create, denied)).toMatchObject({
    kind: 'Credentials',
    message: expect.stringContaining('sts:AssumeRole is denied'),
  });
});

test('an STS that does not answer is a passing trouble', () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const failure = new CredentialsFailure('sts:AssumeRole', cause);
  expect(toCloudError(create, failure)).toMatchObject({ kind: 'Unavailable', action: create });
});

test('anything can be thrown', () => {
  for (const thrown of [undefined, null, 'text', 7, {}, new Error('?')]) {
    expect(toCloudError(create, thrown)).toMatchObject({ kind: 'Unknown' });
  }
  const known = new CloudError({ kind: 'Quota', action: create, code: 'X', message: 'm' });
  expect(toCloudError(create, known)).toBe(known);
});
