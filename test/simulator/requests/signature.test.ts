/** Presigned requests, and what clients know of the end of a session. */
import { expect, test } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { scaledClock } from '../../../src/simulator/clock.ts';
import type { IssuedKey } from '../raw-request.ts';
import { inAws, type SimulatedAws } from '../simulated-aws.ts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';

/** Credentials of a role of the default account. */
async function issue({ simulator }: SimulatedAws): Promise<IssuedKey & { expiration?: Date }> {
  const role = simulator.world.account().createPrincipal({ kind: 'role', name: 'signer' });
  return fromTemporaryCredentials({
    masterCredentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    params: { RoleArn: role.arn, RoleSessionName: 'session' },
    clientConfig: { endpoint: simulator.url, region: 'us-east-1', maxAttempts: 1 },
  })();
}

/** As tools ask for a token of an EKS cluster: a URL that says who somebody is. */
function presigned(url: string, key: IssuedKey): string {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const scope = '20260101/us-east-1/sts/aws4_request';
  const query = new URLSearchParams({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${key.accessKeyId}/${scope}`,
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-Expires': '60',
    'X-Amz-Security-Token': key.sessionToken ?? '',
    'X-Amz-SignedHeaders': 'host',
  });
  const { host } = new URL(url);
  const request = `GET\n/\n${query.toString()}\nhost:${host}\n\nhost\n${hash('')}`;
  const text = `AWS4-HMAC-SHA256\n20260101T000000Z\n${scope}\n${hash(request)}`;
  const signingKey = scope
    .split('/')
    .reduce<Buffer>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      Buffer.from(`AWS4${key.secretAccessKey}`),
    );
  const signature = createHmac('sha256', signingKey).update(text).digest('hex');
  return `${url}/?${query.toString()}&X-Amz-Signature=${signature}`;
}

test(
  'a presigned URL is who signed it, and nobody when it was changed',
  inAws(async (aws) => {
    const key = await issue(aws);
    const url = presigned(aws.simulator.url, key);
    expect(await (await fetch(url)).text()).toContain(':assumed-role/signer/session</Arn>');
    const changed = await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'));
    expect(changed.status).toBe(403);
    expect(await changed.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
  }),
);

test('a session says by the clock of its client when it ends, however fast time goes here', async () => {
  const timeScale = 60;
  await inAws(
    async (aws) => {
      const before = Date.now();
      const { expiration } = await issue(aws);
      // An hour passes in a minute; whole seconds are told.
      const minuteMs = 60_000;
      expect(expiration?.getTime()).toBeGreaterThanOrEqual(before + minuteMs - 2000);
      expect(expiration?.getTime()).toBeLessThanOrEqual(Date.now() + minuteMs);
    },
    { clock: scaledClock(timeScale) },
  )();
});
