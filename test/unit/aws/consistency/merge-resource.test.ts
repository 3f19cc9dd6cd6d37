import { expect, test } from '@jest/globals';
import { mergeResource } from '../../../../src/aws/consistency/merge-resource.ts';
import { recentWritesOf } from '../../../../src/aws/consistency/recent-write.ts';
import { endpoint, modification } from '../aws-values.ts';

const writes = recentWritesOf(modification({ endpointId: 'vpce-1', privateDnsEnabled: false }), {});

test('a change that a read does not show is put into it, and one that it shows is told of', () => {
  const before = endpoint({ id: 'vpce-1', privateDnsEnabled: true });
  const unseen = mergeResource({ endpoint: before }, writes);
  expect(unseen.facts.endpoint).toMatchObject({ settling: true });
  expect(unseen.shown).toEqual([]);
  const after = { ...before, privateDnsEnabled: false };
  const seen = mergeResource({ endpoint: after }, writes);
  expect(seen.facts.endpoint).toBe(after);
  expect(seen.shown).toEqual(writes);
});
