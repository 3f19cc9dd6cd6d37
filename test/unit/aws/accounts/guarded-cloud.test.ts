import { expect, test } from '@jest/globals';
import { guardedCloud } from '../../../../src/aws/accounts/guarded-cloud.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { scriptedTransport } from '../scripted-transport.ts';
import { createCloud } from '../../../../src/aws/cloud.ts';

const fields = { kind: 'Credentials', action: 'a', code: 'NoLeave', message: 'no leave' } as const;
const noLeave = new CloudError(fields);
const { signal } = new AbortController();
const question = { kind: 'SubnetsById', ids: ['subnet-1'] } as const;
const deletion = { kind: 'DeleteSecurityGroup', reason: 'r', groupId: 'sg-1' } as const;

/** An AWS that deletes what it is told to and shows one subnet, and a leave that can be withdrawn. */
function guarded() {
  const transport = scriptedTransport({
    'ec2:DescribeSubnets': () => ({ Subnets: [{ SubnetId: 'subnet-1' }] }),
    'ec2:DeleteSecurityGroup': () => ({}),
  });
  const leave = { isGiven: true };
  const cloud = guardedCloud(
    createCloud({ clusterId: 'c', transport, gatherMs: 0 }),
    'arn:aws:iam::1:role/r',
    () => {
      if (!leave.isGiven) throw noLeave;
    },
  );
  return { cloud, leave, transport };
}

test('with leave, looks are answered and changes are made', async () => {
  const { cloud, transport } = guarded();
  expect(cloud.role).toBe('arn:aws:iam::1:role/r');
  const found = await cloud.look(question, { since: cloud.now(), signal });
  expect(found).toMatchObject([{ id: 'subnet-1' }]);
  await cloud.apply(deletion, { signal });
  expect(transport.inputsOf('ec2:DeleteSecurityGroup')).toEqual([{ GroupId: 'sg-1' }]);
});

test('leave that is withdrawn ends looks and changes before anything is sent', async () => {
  const { cloud, leave, transport } = guarded();
  await cloud.apply(deletion, { signal });
  leave.isGiven = false;
  await expect(cloud.look(question, { since: 0, signal })).rejects.toBe(noLeave);
  await expect(cloud.apply(deletion, { signal })).rejects.toBe(noLeave);
  expect(transport.sent).toHaveLength(1);
});
