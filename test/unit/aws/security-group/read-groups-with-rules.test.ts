import { expect, test } from '@jest/globals';
import type { SecurityGroup as SdkGroup, SecurityGroupRule as SdkRule } from '@aws-sdk/client-ec2';
import type { AwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import type { AnswerSieve } from '../../../../src/aws/client/operations.ts';
import { createGroupsWithRulesReader } from '../../../../src/aws/security-group/read-groups-with-rules.ts';
import { createRuleMemory } from '../../../../src/aws/security-group/rule-memory.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { countTurns } from '../../../time/count-turns.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

/** An account with groups, each of which has one rule, and the reads of it. */
function account(groups = 2) {
  const clock = createVirtualClock(0);
  const numbers = Array.from({ length: groups }, (_one, at) => at + 1);
  const cidrs = new Map(numbers.map((one) => [`sg-${one}`, '10.0.0.0/8']));
  const ruleIds = new Map(numbers.map((one) => [`sg-${one}`, `sgr-${one}`]));
  const state = { cidrs, ruleIds, parsed: 0, ruleReads: 0, areRulesDenied: false };
  const groupOf = ([GroupId, CidrIp]: readonly [string, string]): SdkGroup => {
    const ports = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    return { GroupId, VpcId: 'vpc-1', IpPermissions: [{ ...ports, IpRanges: [{ CidrIp }] }] };
  };
  const ruleOf = ([GroupId, CidrIpv4]: readonly [string, string]): SdkRule => {
    const ports = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    return { SecurityGroupRuleId: ruleIds.get(GroupId), GroupId, ...ports, CidrIpv4 };
  };
  /** AWS's words for a group are its JSON here: they only have to differ where the group does. */
  const textOf = (groups: readonly SdkGroup[]): string =>
    `<a><securityGroupInfo>${groups.map((one) => `<item>${JSON.stringify(one)}</item>`).join('')}</securityGroupInfo></a>`;
  const call = async (action: string, _input: object, options: { sieve?: AnswerSieve }) => {
    if (action === 'ec2:DescribeSecurityGroups') {
      const answer = options.sieve?.begin();
      answer?.add(textOf([...cidrs].map(groupOf)));
      const [left = ''] = answer?.documents() ?? [];
      const SecurityGroups = [...left.matchAll(/<item>(.*?)<\/item>/g)].map(([, json = '']) =>
        JSON.parse(json),
      );
      state.parsed += SecurityGroups.length;
      return { SecurityGroups };
    }
    state.ruleReads += 1;
    const denied = {
      kind: 'Denied',
      action,
      code: 'UnauthorizedOperation',
      message: 'no',
    } as const;
    if (state.areRulesDenied) throw new CloudError(denied);
    return { SecurityGroupRules: [...cidrs].map(ruleOf) };
  };
  const memory = createRuleMemory();
  const calls = { call, callFilled: call } as unknown as AwsCalls;
  const read = createGroupsWithRulesReader([], { calls, clock, gatherMs: 0 }, memory);
  return {
    cidrs,
    ruleIds,
    state,
    clock,
    memory,
    async read(signal = new AbortController().signal) {
      const { all, rulesError } = await read(signal);
      return {
        all,
        rulesError,
        rules: all.map((one) => one.fact().rules?.map(({ id, source }) => [id, source])),
      };
    },
  };
}

const anywhereIn10 = { cidr: '10.0.0.0/8' };

test('a read of groups that are as they were parses nothing, asks for no rules, and leaves the same objects', async () => {
  const { read, state } = account();
  const first = await read();
  expect(first.rules).toEqual([[['sgr-1', anywhereIn10]], [['sgr-2', anywhereIn10]]]);
  const second = await read();
  expect(second.all[0]).toBe(first.all[0]);
  expect(second.all[1]).toBe(first.all[1]);
  expect(state).toMatchObject({ parsed: 2, ruleReads: 1 });
});

test('a group whose permissions somebody changed is read with its new rules, and no other', async () => {
  const { read, state, cidrs, ruleIds } = account();
  await read();
  cidrs.set('sg-2', '192.0.2.0/24');
  ruleIds.set('sg-2', 'sgr-3');
  const { rules } = await read();
  expect(rules).toEqual([[['sgr-1', anywhereIn10]], [['sgr-3', { cidr: '192.0.2.0/24' }]]]);
  expect(state).toMatchObject({ parsed: 3, ruleReads: 2 });
});

test('a rule that was made anew as it was is found after a change of the group, and after an hour', async () => {
  const { read, memory, clock, ruleIds } = account();
  await read();
  ruleIds.set('sg-1', 'sgr-3');
  await clock.advance(1);
  memory.forget('sg-1', clock.now());
  await clock.advance(1);
  expect((await read()).rules[0]).toEqual([['sgr-3', anywhereIn10]]);
  ruleIds.set('sg-2', 'sgr-4');
  expect((await read()).rules[1]).toEqual([['sgr-2', anywhereIn10]]);
  await clock.advance(3_600_000);
  expect((await read()).rules[1]).toEqual([['sgr-4', anywhereIn10]]);
});

test('a group that is gone is gone, and rules that could not be read are read the next time', async () => {
  const { read, state, cidrs } = account();
  state.areRulesDenied = true;
  const denied = await read();
  expect(denied.rulesError?.kind).toBe('Denied');
  expect(denied.rules).toEqual([undefined, undefined]);
  state.areRulesDenied = false;
  cidrs.delete('sg-1');
  const later = await read();
  expect(later.rulesError).toBeUndefined();
  expect(later.rules).toEqual([[['sgr-2', anywhereIn10]]]);
});

test('a read of many new groups lets others compute in between, and one of known groups does not wait for them', async () => {
  const { read } = account(2_000);
  const turns = countTurns();
  const first = await read();
  // Described, compared with what is known, and packed: each some groups at a time.
  expect(turns.count()).toBeGreaterThanOrEqual(3 * 19);
  expect(first.rules).toHaveLength(2_000);
  expect(first.rules[1_999]).toEqual([['sgr-2000', anywhereIn10]]);
  const atFirst = turns.count();
  const second = await read();
  expect(turns.count() - atFirst).toBeLessThan(3);
  turns.stop();
  expect(second.all[1_999]).toBe(first.all[1_999]);
});

test('a group that is changed while a read of many goes on is read with its rules at the next one', async () => {
  const { read, memory, clock, ruleIds, state } = account(500);
  const reading = read();
  while (state.ruleReads < 3) await new Promise((resolve) => setImmediate(resolve));
  ruleIds.set('sg-7', 'sgr-new');
  memory.forget('sg-7', clock.now());
  expect((await reading).rules[6]).toEqual([['sgr-7', anywhereIn10]]);
  await clock.advance(1);
  expect((await read()).rules[6]).toEqual([['sgr-new', anywhereIn10]]);
});

test('a read that nobody waits for any more leaves what was known', async () => {
  const { read, cidrs, ruleIds, state } = account(500);
  const first = await read();
  for (const id of cidrs.keys()) cidrs.set(id, '192.0.2.0/24');
  for (const id of ruleIds.keys()) ruleIds.set(id, 'sgr-new');
  const controller = new AbortController();
  const cutOff = read(controller.signal);
  while (state.ruleReads < 6) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('nobody waits'));
  await expect(cutOff).rejects.toThrow('nobody waits');
  for (const id of cidrs.keys()) cidrs.set(id, '10.0.0.0/8');
  for (const id of ruleIds.keys()) ruleIds.set(id, `sgr-${id.slice(3)}`);
  const later = await read();
  expect(later.all.every((one, at) => one === first.all[at])).toBe(true);
  expect(state.ruleReads).toBe(6);
  for (const id of cidrs.keys()) cidrs.set(id, '192.0.2.0/24');
  for (const id of ruleIds.keys()) ruleIds.set(id, 'sgr-new');
  expect((await read()).rules[499]).toEqual([['sgr-new', { cidr: '192.0.2.0/24' }]]);
});
