import { expect, test } from '@jest/globals';
import type { AwsCredentialIdentity } from '@smithy/types';
import { createAwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import { createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { CredentialsFailure } from '../../../../src/aws/accounts/credentials-failure.ts';
import { createRoleCredentials } from '../../../../src/aws/accounts/credentials.ts';
import { shareCredentials } from '../../../../src/aws/accounts/shared-credentials.ts';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import { scriptedTransport } from '../scripted-transport.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

const minute = 60_000;

/** A chain that hands out keys for an hour, and can fail. */
function chain() {
  let nowMs = Date.parse('2026-11-23T10:00:00Z');
  let made = 0;
  let isBroken = false;
  async function load(): Promise<AwsCredentialIdentity> {
    made += 1;
    if (isBroken) throw new Error('no role');
    const expiration = new Date(nowMs + 60 * minute);
    return { accessKeyId: `key-${made}`, secretAccessKey: 'not-a-secret', expiration };
  }
  const credentials = shareCredentials({ load, step: 'sts:AssumeRole', wallNow: () => nowMs });
  return {
    keyId: async () => (await credentials.provide()).accessKeyId,
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

/** Credentials that come when the test says so. */
function slowChain() {
  const loads: { readonly signal: AbortSignal; finish(accessKeyId: string): void }[] = [];
  const credentials = shareCredentials({
    step: 'credentials',
    wallNow: () => 0,
    load: (signal) =>
      new Promise((resolve) => {
        const finish = (accessKeyId: string): void =>
          resolve({ accessKeyId, secretAccessKey: 'not-a-secret' });
        loads.push({ signal, finish });
      }),
  });
  return { credentials, loads };
}

test('a wait for credentials ends with the signal of its call, and nobody else is disturbed', async () => {
  const { credentials, loads } = slowChain();
  const [leaving, staying] = [new AbortController(), new AbortController()];
  const cutOff = credentials.ready(leaving.signal).catch((error: unknown) => error);
  const served = credentials.ready(staying.signal);
  leaving.abort();
  expect(await cutOff).toMatchObject({ kind: 'Aborted' });
  expect(loads.map(({ signal }) => signal.aborted)).toEqual([false]);
  loads[0]?.finish('key-1');
  await served;
  expect((await credentials.provide()).accessKeyId).toBe('key-1');
});

test('a load that nobody waits for any more is ended, and the next to come begins another', async () => {
  const { credentials, loads } = slowChain();
  const leaving = new AbortController();
  const cutOff = credentials.ready(leaving.signal).catch((error: unknown) => error);
  leaving.abort();
  expect(await cutOff).toMatchObject({ kind: 'Aborted' });
  expect(loads[0]?.signal.aborted).toBe(true);
  const served = credentials.ready(new AbortController().signal);
  loads[1]?.finish('key-2');
  await served;
  expect((await credentials.provide()).accessKeyId).toBe('key-2');
});

/** Sessions of three roles, of which AWS gives one a second. */
function roles() {
  const clock = createVirtualClock();
  const transport = scriptedTransport({
    'sts:AssumeRole': ({ RoleArn }) => ({
      Credentials: {
        AccessKeyId: `key of ${RoleArn}`,
        SecretAccessKey: 'not-a-secret',
        SessionToken: 'token',
        Expiration: new Date(60 * minute),
      },
      AssumedRoleUser: { AssumedRoleId: 'id', Arn: 'arn:aws:sts::444455556666:assumed-role/r/s' },
    }),
  });
  const limits = { 'sts:AssumeRole': { burst: 1, perSecond: 1 } };
  const calls = createAwsCalls({
    transport,
    clock,
    budget: createCallBudget({ clock, limits, maxWaitMs: 1500 }),
  });
  const credentialsOf = (name: string) =>
    createRoleCredentials(
      { roleArn: name, accountId: '444455556666', externalId: 'x', sessionName: 's' },
      { calls, wallNow: () => clock.now() },
    );
  const takenOn = () => transport.inputsOf('sts:AssumeRole').map(({ RoleArn }) => RoleArn);
  return { clock, credentialsOf, takenOn };
}

test('roles are taken on in turn, one call for all who wait for the same', async () => {
  const { clock, credentialsOf, takenOn } = roles();
  const [one, two, three] = [credentialsOf('one'), credentialsOf('two'), credentialsOf('three')];
  const { signal } = new AbortController();
  const served = Promise.all([one.ready(signal), two.ready(signal), two.ready(signal)]);
  await clock.advance(0);
  const sentAway = await three.ready(signal).catch((error: unknown) => error);
  expect(takenOn()).toEqual(['one']);
  await clock.advance(1000);
  await served;
  expect(takenOn()).toEqual(['one', 'two']);
  expect(toCloudError('ec2:DescribeVpcs', sentAway)).toMatchObject({
    kind: 'Throttled',
    code: 'CallBudgetSpent',
    action: 'ec2:DescribeVpcs',
    retryAfterMs: expect.any(Number),
    message: expect.stringContaining('sts:AssumeRole waits for the call budget'),
  });
});

test('a turn that is waited for is given to the next when its call is cut off', async () => {
  const { clock, credentialsOf, takenOn } = roles();
  const { signal } = new AbortController();
  await credentialsOf('one').ready(signal);
  const leaving = new AbortController();
  const cutOff = credentialsOf('two')
    .ready(leaving.signal)
    .catch((error: unknown) => error);
  await clock.advance(500);
  leaving.abort();
  expect(await cutOff).toMatchObject({ kind: 'Aborted' });
  const served = credentialsOf('three').ready(signal);
  await clock.advance(500);
  await served;
  expect(takenOn()).toEqual(['one', 'three']);
});
