import { expect, test } from '@jest/globals';
import type { AwsCredentialIdentity } from '@smithy/types';
import { CredentialsFailure } from '../../../src/aws/credentials-failure.ts';
import { memoiseCredentials } from '../../../src/aws/credentials.ts';

const minute = 60_000;

/** A chain that hands out keys for an hour, and can fail. */
function chain() {
  let nowMs = Date.parse('2026-11-23T10:00:00Z');
  let made = 0;
  let isBroken = false;
  async function provide(): Promise<AwsCredentialIdentity> {
    made += 1;
    if (isBroken) throw new Error('no role');
    const expiration = new Date(nowMs + 60 * minute);
    return { accessKeyId: `key-${made}`, secretAccessKey: 'not-a-secret', expiration };
  }
  const credentials = memoiseCredentials(provide, 'sts:AssumeRole', () => nowMs);
  return {
    keyId: async () => (await credentials()).accessKeyId,
    pass(ms: number) {
      nowMs += ms;
    },
    break() {
      isBroken = true;
    },
    repair() {
      isBroken = false;
    },
  };
}

test('all who ask get the same credentials until shortly before they expire', async () => {
  const { keyId, pass } = chain();
  expect(await Promise.all([keyId(), keyId()])).toEqual(['key-1', 'key-1']);
  pass(54 * minute);
  expect(await keyId()).toBe('key-1');
  pass(2 * minute);
  expect(await Promise.all([keyId(), keyId()])).toEqual(['key-2', 'key-2']);
});

test('a failed renewal is no trouble while the old credentials are valid', async () => {
  const broken = chain();
  await broken.keyId();
  broken.pass(56 * minute);
  broken.break();
  expect(await broken.keyId()).toBe('key-1');
  broken.pass(5 * minute);
  await expect(broken.keyId()).rejects.toBeInstanceOf(CredentialsFailure);
  broken.repair();
  expect(await broken.keyId()).toBe('key-4');
});
