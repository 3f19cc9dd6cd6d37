import { expect, test } from '@jest/globals';
import { type RecentWrite, recentWritesOf } from '../../../../src/aws/consistency/recent-write.ts';
import { policyWrites } from '../../../../src/aws/notebook-policy/write-table.ts';
import type { Principal } from '../../../../src/plan/facts.ts';
import { arn, documentOf, managedPolicy } from './policy-values.ts';

const other = `${arn}-2`;
const ann: Principal = { kind: 'user', name: 'Ann' };

function attachment(policyArn: string, principal: Principal) {
  return { kind: 'AttachPolicy', reason: 'r', arn: policyArn, principal } as const;
}

/** Writes of one policy and of another one, by what they changed. */
const writes: Readonly<Record<string, RecentWrite | undefined>> = {
  version: recentWritesOf(
    { kind: 'CreatePolicyVersion', reason: 'r', arn, document: documentOf('v2') },
    { versionId: 'v2' },
  )[0],
  'other version': recentWritesOf(
    { kind: 'CreatePolicyVersion', reason: 'r', arn: other, document: documentOf('v2') },
    { versionId: 'v2' },
  )[0],
  'to ann': recentWritesOf(attachment(arn, { ...ann, name: 'ann' }), {})[0],
  'to the role ann': recentWritesOf(attachment(arn, { kind: 'role', name: 'ann' }), {})[0],
  'other to ann': recentWritesOf(attachment(other, ann), {})[0],
};

function overtaken(check: (write: RecentWrite) => boolean | undefined): readonly string[] {
  return Object.entries(writes).flatMap(([name, write]) =>
    write !== undefined && check(write) === true ? [name] : [],
  );
}

test('all of these writes are told apart', () => {
  expect(overtaken(() => true)).toEqual(Object.keys(writes));
});

test('a default version makes the one before it moot', () => {
  const { CreatePolicyVersion, SetDefaultPolicyVersion } = policyWrites;
  const change = { reason: 'r', arn, document: documentOf('v1') } as const;
  const made = { kind: 'CreatePolicyVersion', ...change } as const;
  const set = { kind: 'SetDefaultPolicyVersion', versionId: 'v1', ...change } as const;
  const expected = ['version'];
  expect(overtaken((write) => CreatePolicyVersion.overtakes?.(made, write))).toEqual(expected);
  expect(overtaken((write) => SetDefaultPolicyVersion.overtakes?.(set, write))).toEqual(expected);
});

test('an attachment makes a detachment of the same principal moot, and the other way round', () => {
  const { AttachPolicy, DetachPolicy } = policyWrites;
  const detachment = { ...attachment(arn, ann), kind: 'DetachPolicy' } as const;
  const expected = ['to ann'];
  expect(overtaken((one) => AttachPolicy.overtakes?.(attachment(arn, ann), one))).toEqual(expected);
  expect(overtaken((one) => DetachPolicy.overtakes?.(detachment, one))).toEqual(expected);
});

test('a deletion, or a creation of the same name and path, makes all of the policy moot', () => {
  const { CreatePolicy, DeletePolicy } = policyWrites;
  const ofPolicy = ['version', 'to ann', 'to the role ann'];
  const deletion = { kind: 'DeletePolicy', reason: 'r', arn } as const;
  expect(overtaken((write) => DeletePolicy.overtakes?.(deletion, write))).toEqual(ofPolicy);
  const { name, tags } = managedPolicy();
  const path = '/sagemaker-privatelink/';
  const fields = { name, tags, description: '', document: documentOf('v1') };
  const creation = { kind: 'CreatePolicy', reason: 'r', path, ...fields } as const;
  expect(overtaken((write) => CreatePolicy.overtakes?.(creation, write))).toEqual(ofPolicy);
  const elsewhere = { ...creation, path: '/other/' };
  expect(overtaken((write) => CreatePolicy.overtakes?.(elsewhere, write))).toEqual([]);
});

test.each(['DeletePolicyVersion', 'TagPolicy', 'UntagPolicy'] as const)(
  '%s leaves what was written before it in force',
  (kind) => {
    expect(policyWrites[kind].overtakes).toBeUndefined();
  },
);
