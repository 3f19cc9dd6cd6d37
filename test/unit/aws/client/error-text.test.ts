import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeDenial, stableText } from '../../../../src/aws/client/error-text.ts';

test('two attempts that failed for one reason have one text', () => {
  const attempt = (id: string, time: string, key: string, session: string): string =>
    stableText(
      `arn:aws:sts::111122223333:assumed-role/operator/${session} with key ${key} may not, at ${time} (RequestId: ${id})`,
    );
  const first = attempt(
    '8f1c8b0a-1111-4222-8333-444455556666',
    '2026-11-29T10:00:00.123Z',
    'ASIAABCDEFGHIJKLMNOP',
    'one-session',
  );
  const second = attempt(
    '00000000-9999-4888-8777-666655554444',
    '20261129T110000Z',
    'AKIAZZZZZZZZZZZZZZZZ',
    'another@session',
  );
  expect(first).toBe(second);
  expect(first).toContain('assumed-role/operator with key');
});

test('a text is one line of printable characters and of bounded length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
      const stable = stableText(text);
      expect(stable).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(stable.length).toBeLessThanOrEqual(503);
    }),
  );
});

test('the encoded policies of a denial are not passed on', () => {
  const text = 'You are not authorized. Encoded authorization failure message: c2VjcmV0IHBvbGljeQ';
  expect(stableText(text)).toBe('You are not authorized.');
});

test.each([
  [
    'ec2:CreateVpcEndpoint',
    'User: arn:aws:sts::1:assumed-role/op is not authorized to perform: ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:1:vpc-endpoint/* because no identity-based policy allows the ec2:CreateTags action',
    'ec2:CreateTags is denied to arn:aws:sts::1:assumed-role/op on arn:aws:ec2:eu-west-1:1:vpc-endpoint/*: no identity-based policy allows it (ec2:CreateVpcEndpoint needs it)',
  ],
  [
    'ec2:DescribeVpcs',
    'User: arn:aws:iam::1:user/op is not authorized to perform: ec2:DescribeVpcs with an explicit deny in a service control policy',
    'ec2:DescribeVpcs is denied to arn:aws:iam::1:user/op by an explicit deny in the service control policy',
  ],
  [
    'ec2:DescribeVpcs',
    'You are not authorized to perform this operation.',
    'ec2:DescribeVpcs is denied',
  ],
])(
  'a denial of %s names the permission, the principal, the resource and the policy',
  (action, text, said) => {
    expect(describeDenial(action, text)).toBe(said);
  },
);
