import type { SecurityGroup } from '../plan/facts.ts';
import { ownershipTags } from '../plan/ownership/ownership.ts';
import { type AskOptions, createSharedRead } from './consistency/shared-read.ts';
import type { OwnedRead } from './merge-owned.ts';
import type { ReadContext } from './read-context.ts';
import { findRules, findSecurityGroups } from './security-group/read-security-groups.ts';
import { findEndpoints } from './endpoint/read-endpoints.ts';

const nothing: OwnedRead = { endpoints: [], securityGroups: [], begunAt: 0 };

/**
 * Reads all that the cluster owns, for all links at once: three calls plus pages, however many
 * links ask. Its answer is the whole snapshot; the caller picks its link's part.
 */
export function createOwnedReader(clusterId: string, context: ReadContext) {
  const { calls, clock, gatherMs } = context;
  const filters = [{ Name: `tag:${ownershipTags.cluster}`, Values: [clusterId] }];

  async function readGroups(signal: AbortSignal): Promise<readonly SecurityGroup[]> {
    const groups = await findSecurityGroups(calls, filters, signal);
    const groupIds = groups.map(({ id }) => id);
    const rules = await findRules(calls, groupIds, signal);
    return groups.map((group) => ({ ...group, rules: rules.get(group.id) ?? [] }));
  }

  const read = createSharedRead<OwnedRead>({
    action: 'ec2:DescribeVpcEndpoints',
    clock,
    gatherMs,
    async load(_keys, signal) {
      const begunAt = clock.now();
      const [endpoints, securityGroups] = await Promise.all([
        findEndpoints(calls, filters, signal),
        readGroups(signal),
      ]);
      return new Map([['', { endpoints, securityGroups, begunAt }]]);
    },
  });

  return async (options: AskOptions): Promise<OwnedRead> => {
    const snapshot = (await read.ask([''], options)).get('');
    return snapshot ?? nothing;
  };
}
