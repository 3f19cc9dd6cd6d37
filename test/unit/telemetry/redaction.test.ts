import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redacted, scrub, scrubValue } from '../../../src/telemetry/redaction.ts';

const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl`;

describe('F26: in free text', () => {
  test.each([
    ['a long-term key id', 'user AKIAIOSFODNN7EXAMPLE is denied', 'AKIAIOSFODNN7EXAMPLE'],
    ['a temporary key id', 'ASIAQNZGKIQY56JQ7WML expired', 'ASIAQNZGKIQY56JQ7WML'],
    ['a JSON web token', `the token ${jwt} is expired`, 'eyJ'],
    ['a bearer token', 'sent Bearer k8s-aws-v1.aHR0cHM6', 'k8s-aws'],
    ['a header line', 'Authorization: AWS4-HMAC-SHA256 Credential=x, Signature=abc123', 'abc123'],
    ['a header in JSON', '{"authorization":"Bearer abcdefgh12345"}', 'abcdefgh12345'],
    ['basic credentials', 'Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpw'],
    ['a security token header', 'X-Amz-Security-Token: FwoGZXIvYXdzEBYa', 'FwoGZX'],
    ['a security token in a URL', 'GET /?X-Amz-Security-Token=abc%2F123&Action=x', 'abc%2F123'],
    ['a signature in a URL', 'GET /?Action=x&X-Amz-Signature=deadbeef', 'deadbeef'],
    ['a session token on its own', 'IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3Q', 'JpZ2luX2Vj'],
    ['a shell variable', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
    ['a field of JSON', '{"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG"}', 'wJalrXUtnFEMI'],
    ['a line of an INI file', 'aws_session_token = AQoEXAMPLEH4aoAH0gNCAPy', 'AQoEXAMPLE'],
    ['a refresh token', '"refresh-token":"q1bKLFOyUiosTfawzA93"', 'q1bKLFOy'],
    [
      'a private key',
      '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----',
      'MHcCAQEE',
    ],
    ['half a private key', 'x -----BEGIN PRIVATE KEY-----\nMHcCAQEE', 'MHcCAQEE'],
  ])('%s is taken out', (_name, text, secret) => {
    const clean = scrub(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain(redacted);
  });

  test.each([
    'vpce-0123456789abcdef0 is in use by eni-0a1b2c3d4e5f67890',
    'arn:aws:iam::111122223333:role/DataScientist is not authorized to perform: ec2:CreateVpcEndpoint',
    'Kubernetes API: patch /apis/sagemaker.privatelink.dev/v1alpha1/x: 409: the object has been modified',
    'the API server does not accept the credentials; check the service account token',
    'com.amazonaws.eu-west-1.sagemaker.api',
  ])('what is no secret stays: %s', (text) => {
    expect(scrub(text)).toBe(text);
  });

  test('scrubbing again changes nothing, whatever the text', () => {
    const piece = fc.constantFrom(
      'Authorization: ',
      'Bearer ',
      'token=',
      jwt,
      'AKIAIOSFODNN7EXAMPLE',
      '"',
      '\n',
      'password: hunter2hunter2',
      ' and ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        const once = scrub(pieces.join(''));
        expect(scrub(once)).toBe(once);
      }),
    );
  });

  test('a long text does not take long', () => {
    const text = 'authorization token secret bearer eyJ AKIA ------BEGIN '.repeat(4_000);
    expect(scrub(text).length).toBeGreaterThan(0);
  });
});

describe('F26: in values', () => {
  test('fields are taken out by name at any depth, and texts by shape', () => {
    const clean = scrubValue({
      credentials: { accessKeyId: 'x', secretAccessKey: 'y', sessionToken: 'z', region: 'r' },
      list: [{ Authorization: 'q' }, `say ${jwt}`],
    });
    expect(clean).toEqual({
      credentials: {
        accessKeyId: redacted,
        secretAccessKey: redacted,
        sessionToken: redacted,
        region: 'r',
      },
      list: [{ Authorization: redacted }, `say ${redacted}`],
    });
  });

  test('an error keeps its type, message and causes, without secrets', () => {
    const cause = Object.assign(new Error(`bad ${jwt}`), { code: 'ECONNRESET' });
    const clean = scrubValue(new TypeError('failed with AKIAIOSFODNN7EXAMPLE', { cause }));
    expect(clean).toMatchObject({
      type: 'TypeError',
      message: `failed with ${redacted}`,
      cause: { message: `bad ${redacted}`, code: 'ECONNRESET' },
    });
    expect(JSON.stringify(clean)).not.toMatch(/AKIA|eyJ/);
  });

  test('a cycle ends', () => {
    const node: { next?: unknown } = {};
    node.next = node;
    expect(JSON.stringify(scrubValue(node))).toContain('[deeper]');
  });
});
