import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type SimulatedCloud, startSimulatedCloud } from './simulated-cloud.ts';

const account = '444455556666';
let world: SimulatedCloud;

beforeEach(async () => {
  const roleArn = `arn:aws:iam::${account}:role/links`;
  const role = { roleArn, externalId: 'shared-word' };
  world = await startSimulatedCloud({ directory: { accounts: { ml: role } } });
  world.simulator.world
    .account(account)
    .createPrincipal({ kind: 'role', name: 'links', trustPolicy: trustPolicy() });
});

afterEach(() => world.close());

/** Lets the operator's account in, if it knows the word. */
function trustPolicy(): string {
  const Principal = { AWS: 'arn:aws:iam::111122223333:root' };
  const Condition = { StringEquals: { 'sts:ExternalId': 'shared-word' } };
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, Condition }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

test('a named account is worked in with its role, which is assumed once', async () => {
  const { simulator, directory } = world;
  const cloud = directory.cloudFor({ account: 'ml', region: 'eu-west-1' });
  const { signal } = new AbortController();
  const options = { since: cloud.now(), signal };
  const caller = await cloud.look({ kind: 'Caller' }, options);
  expect(caller).toMatchObject({ account, partition: 'aws' });
  const vpcId = simulator.world.region('eu-west-1', account).defaultVpc().id;
  expect(await cloud.look({ kind: 'Subnets', vpcId }, options)).toHaveLength(3);
  expect(simulator.callCounts()['AssumeRole']).toBe(1);
  expect(await world.look({ kind: 'Caller' })).toMatchObject({ account: '111122223333' });
});

test('a role that may not be assumed is a matter of credentials', async () => {
  const { simulator, directory } = world;
  simulator.faults.add({ service: 'sts', action: 'AssumeRole', effect: { kind: 'deny' } });
  const cloud = directory.cloudFor({ account: 'ml', region: 'eu-west-1' });
  const { signal } = new AbortController();
  await expect(
    cloud.look({ kind: 'Caller' }, { since: cloud.now(), signal }),
  ).rejects.toMatchObject({
    kind: 'Credentials',
    action: 'sts:GetCallerIdentity',
    message: expect.stringContaining('sts:AssumeRole is denied'),
  });
});
