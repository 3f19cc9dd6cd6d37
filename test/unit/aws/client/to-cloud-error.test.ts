import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CredentialsFailure } from '../../../../src/aws/accounts/credentials-failure.ts';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import { findingFromError } from '../../../../src/plan/cloud-problems.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { ec2Error } from '../scripted-transport.ts';

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

const principal = 'arn:aws:sts::111122223333:assumed-role/operator';

function denial(text: string): string {
  return messageOf(ec2Error('UnauthorizedOperation', text, 403));
}

test('a denial names the permission, to whom it is denied, on what, and by what', () => {
  const user = `User: ${principal}/1700000000`;
  expect(denial('You are not authorized to perform this operation.')).toBe(
    'ec2:CreateVpcEndpoint is denied',
  );
  expect(
    denial(
      `You are not authorized to perform this operation. ${user} is not authorized to perform: ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/* because no identity-based policy allows the ec2:CreateTags action. Encoded authorization failure message: Zm9vYmFy`,
    ),
  ).toBe(
    `ec2:CreateTags is denied to ${principal} on arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/*: no identity-based policy allows it (ec2:CreateVpcEndpoint needs it)`,
  );
  expect(
    denial(
      `${user} is not authorized to perform: ec2:CreateVpcEndpoint on resource: * with an explicit deny in a service control policy`,
    ),
  ).toBe(
    `ec2:CreateVpcEndpoint is denied to ${principal} on * by an explicit deny in the service control policy`,
  );
  expect(denial('The bucket is in the other account')).toBe(
    'ec2:CreateVpcEndpoint is denied: The bucket is in the other account',
  );
});

/** The policies that AWS's texts name, as its user guide lists them, with who has to act. */
const policies = [
  ['identity-based policy', /Grant the action|own.*role|denying statement/],
  ['resource-based policy', /resource's owner/],
  ['service control policy', /organization's administrator/],
  ['resource control policy', /organization's administrator/],
  ['VPC endpoint policy', /owner of that VPC/],
  ['permissions boundary', /account's administrator/],
  ['session policy', /session/],
  ['role trust policy', /trust policy/],
] as const;

test('each denial keeps what AWS says, has words of its own, and is the same for each attempt', () => {
  const word = (...words: string[]) => fc.constantFrom(...words);
  fc.assert(
    fc.property(
      fc.constantFrom(...policies),
      word('ec2:CreateVpcEndpoint', 'ec2:CreateTags', 'iam:AttachRolePolicy', 'sts:AssumeRole'),
      word('*', 'arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/*', 'policy path /a/'),
      fc.boolean(),
      word('', ': arn:aws:organizations::1:policy/o-1/service_control_policy/p-1'),
      fc.tuple(fc.uuid(), fc.uuid()),
      ([policy, words], action, resource, isExplicit, arn, [one, another]) => {
        const why = isExplicit
          ? `with an explicit deny in a ${policy}${arn}`
          : `because no ${policy} allows the ${action} action`;
        const attempt = (id: string): string =>
          `You are not authorized to perform this operation. User: ${principal}/${id} is not authorized to perform: ${action} on resource: ${resource} ${why}. Encoded authorization failure message: ${id} (Request ID: ${id})`;
        const error = toCloudError(create, ec2Error('UnauthorizedOperation', attempt(one), 403));
        expect(error.message).toBe(denial(attempt(another)));
        expect(error.message).toContain(`${action} is denied to ${principal} on ${resource}`);
        expect(error.message).toContain(
          isExplicit ? `explicit deny in the ${policy}${arn}` : policy,
        );
        expect(error.message).not.toContain(one);
        const found = findingFromError({ error, subject: 'EndpointsAvailable' });
        expect(found).toMatchObject({ problem: { reason: 'AccessDenied', severity: 'stalled' } });
        expect(JSON.stringify(found)).toMatch(words);
      },
    ),
  );
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

test('an endpoint that is no URL is named as a setting', () => {
  const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });
  expect(messageOf(error)).toMatch(/no answer .*AWS_ENDPOINT_URL/);
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
