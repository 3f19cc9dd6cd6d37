import { expect, test } from '@jest/globals';
import { recentWritesOf } from '../../../../src/aws/consistency/recent-write.ts';
import { endpointWrites } from '../../../../src/aws/endpoint/write-table.ts';
import { modification } from '../aws-values.ts';

const { ModifyVpcEndpoint, DeleteVpcEndpoints } = endpointWrites;

function deletionOf(...endpointIds: readonly string[]) {
  return { kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds } as const;
}

test('a later modification makes an earlier one of the same endpoint moot, and nothing else', () => {
  const later = modification({ endpointId: 'vpce-1', privateDnsEnabled: true });
  const [same] = recentWritesOf(modification({ endpointId: 'vpce-1' }), {});
  const [other] = recentWritesOf(modification({ endpointId: 'vpce-2' }), {});
  const [deleted] = recentWritesOf(deletionOf('vpce-1'), {});
  const earlier = [same, other, deleted].map(
    (write) => write !== undefined && ModifyVpcEndpoint.overtakes?.(later, write),
  );
  expect(earlier).toEqual([true, false, false]);
});

test('of several endpoints AWS may delete a part; of one it may not', () => {
  expect(DeleteVpcEndpoints.isOfSeveral?.(deletionOf('vpce-1'))).toBe(false);
  expect(DeleteVpcEndpoints.isOfSeveral?.(deletionOf('vpce-1', 'vpce-2'))).toBe(true);
});
