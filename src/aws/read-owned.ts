import type { SecurityGroup, SecurityGroupRule } from '../plan/facts.ts';
import { ownershipTags } from '../plan/ownership/ownership.ts';
import { type AskOptions, createSharedRead } from './consistency/shared-read.ts';
import type { OwnedRead } from './merge-owned.ts';
import type { ReadContext } from './read-context.ts';
import { factsOf, findRules, findSdkGroups } from './security-group/read-security-groups.ts';
import type { RuleMemory } from './security-group/rule-memory.ts';
import { findEndpoints } from './endpoint/read-endpoints.ts';

const nothing: OwnedRead = { endpoints: [], securityGroups: [], begunAt: 0 };

/**
 * Reads all that the cluster owns, for all links at once: two calls plus pages, however many links ask,
 * and one more for each 200 groups whose rules are not known. Its answer is the whole snapshot; the
 * caller picks its link's part.
 */
export function createOwnedReader(clusterId: string, context: ReadContext, ruleMemory: RuleMemory) {
  const { calls, clock, gatherMs } = context;
  const filters = [{ Name: `tag:${ownershipTags.cluster}`, Values: [clusterId] }];

  async function readGroups(signal: AbortSignal): Promise<readonly SecurityGroup[]> {
    const begunAt = clock.now();
    const groups = await findSdkGroups(calls, filters, signal);
    const facts = groups.map(factsOf);
    const rules = new Map<string, readonly SecurityGroupRule[]>();
    for (const group of groups) {
      const known = ruleMemory.rulesOf(group, begunAt);
      if (known !== undefined) rules.set(group.GroupId ?? '', known);
    }
    const unknown = facts.flatMap(({ id }) => (rules.has(id) ? [] : [id]));
    for (const [id, found] of await findRules(calls, unknown, signal)) rules.set(id, found);
    ruleMemory.note(groups, rules, begunAt);
    return facts.map((group) => ({ ...group, rules: rules.get(group.id) ?? [] }));
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
