import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCallerReader } from '../../../../src/aws/accounts/read-caller.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { accountId, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

test('the caller is who the credentials belong to, and is asked for once', async () => {
  const { reading, ask, sent } = world;
  const caller = createCallerReader(reading);
  const found = await caller({ ...ask(), since: 0 });
  expect(found).toMatchObject({ account: accountId, partition: 'aws' });
  expect(found.arn).toContain(`:${accountId}:`);
  expect(await caller({ ...ask(), since: 0 })).toEqual(found);
  expect(sent('GetCallerIdentity')).toBe(1);
});

test.each([
  ['arn:aws-cn:iam::1:user/ann', 'aws-cn'],
  ['arn:aws-us-gov:sts::1:assumed-role/a/b', 'aws-us-gov'],
  ['no ARN', 'aws'],
])('the partition of %s is %s', async (Arn, partition) => {
  const { reading, ask, answering } = world;
  answering('sts:GetCallerIdentity', (answer) => ({ ...answer, Arn }));
  expect(await createCallerReader(reading)(ask())).toMatchObject({ arn: Arn, partition });
});

test.each(['Account', 'Arn'] as const)('an answer without %s is no caller', async (part) => {
  const { reading, ask, answering } = world;
  answering('sts:GetCallerIdentity', (answer) => ({ ...answer, [part]: undefined }));
  await expect(createCallerReader(reading)(ask())).rejects.toMatchObject({
    kind: 'Unknown',
    code: 'IncompleteAnswer',
    message: expect.stringContaining('check the endpoint of STS'),
  });
});

test('a caller that may not be worked as is an error, and is asked for anew each time', async () => {
  const { reading, ask, sent } = world;
  const fields = { kind: 'Credentials', action: 'a', code: 'OtherAccount', message: 'm' } as const;
  const refusal = new CloudError(fields);
  let isRefused = true;
  const caller = createCallerReader(reading, ({ account }) => {
    expect(account).toBe(accountId);
    if (isRefused) throw refusal;
  });
  await expect(caller({ ...ask(), since: 0 })).rejects.toBe(refusal);
  isRefused = false;
  expect(await caller({ ...ask(), since: 0 })).toMatchObject({ account: accountId });
  expect(sent('GetCallerIdentity')).toBe(2);
});
