import { expect, test } from '@jest/globals';
import type { SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import {
  createRuleMemory,
  type RuleMemory,
} from '../../../../src/aws/security-group/rule-memory.ts';
import type { SecurityGroupRule } from '../../../../src/plan/facts.ts';

interface Drawn {
  readonly isEgress: boolean;
  readonly port: number;
  readonly source: { readonly cidr: string } | { readonly securityGroupId: string };
  readonly description: string;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  isEgress: fc.boolean(),
  port: fc.constantFrom(443, 80),
  source: fc.oneof(
    fc.constantFrom('10.0.0.0/8', '::/0').map((cidr) => ({ cidr })),
    fc.constantFrom('sg-1', 'sg-2').map((securityGroupId) => ({ securityGroupId })),
  ),
  description: fc.constantFrom('', 'the office'),
});
const keyOf = (one: Drawn): string => JSON.stringify(one);
const rulesDrawn = fc.uniqueArray(drawn, { selector: keyOf, maxLength: 5 });

function ruleOf({ isEgress, port, source, description }: Drawn, index: number): SecurityGroupRule {
  const told = description === '' ? {} : { description };
  const ports = { protocol: 'tcp', fromPort: port, toPort: port };
  return { id: `sgr-${index}`, isEgress, ...ports, source, ...told, tags: {} };
}

/** As AWS describes a group that has these rules. */
function groupOf(rules: readonly Drawn[]): SdkGroup {
  const permissions = (isEgress: boolean) =>
    rules
      .filter((one) => one.isEgress === isEgress)
      .map(({ port, source, description }) => {
        const told = description === '' ? {} : { Description: description };
        const ports = { IpProtocol: 'tcp', FromPort: port, ToPort: port };
        if ('securityGroupId' in source) {
          return { ...ports, UserIdGroupPairs: [{ GroupId: source.securityGroupId, ...told }] };
        }
        const isV6 = source.cidr.includes(':');
        return isV6
          ? { ...ports, Ipv6Ranges: [{ CidrIpv6: source.cidr, ...told }] }
          : { ...ports, IpRanges: [{ CidrIp: source.cidr, ...told }] };
      });
  return {
    GroupId: 'sg',
    IpPermissions: permissions(false),
    IpPermissionsEgress: permissions(true),
  };
}

test('rules are known of a group that has the permissions that they make, in whatever order, and of no other', () => {
  fc.assert(
    fc.property(rulesDrawn, rulesDrawn, rulesDrawn, (described, read, later) => {
      const memory = createRuleMemory();
      const rules = read.map(ruleOf);
      memory.note([groupOf(described)], new Map([['sg', rules]]), 0);
      const sameAs = (one: readonly Drawn[], other: readonly Drawn[]): boolean =>
        JSON.stringify(one.map(keyOf).sort()) === JSON.stringify(other.map(keyOf).sort());
      const isKnown = sameAs(described, read) && sameAs(described, later);
      expect(memory.rulesOf(groupOf(later), 1)).toBe(isKnown ? rules : undefined);
      const reversed = groupOf(described.toReversed());
      expect(memory.rulesOf(reversed, 1)).toBe(sameAs(described, read) ? rules : undefined);
    }),
  );
});

test('rules are read anew after an hour, and after a change that failed', () => {
  const memory = createRuleMemory();
  const rules: readonly SecurityGroupRule[] = [];
  const note = (at: number): void => memory.note([groupOf([])], new Map([['sg', rules]]), at);
  note(0);
  // A read in between that took them over makes them no younger.
  note(1_800_000);
  expect(memory.rulesOf(groupOf([]), 3_599_999)).toBe(rules);
  expect(memory.rulesOf(groupOf([]), 3_600_000)).toBeUndefined();
  memory.forgetAll(3_700_000);
  expect(memory.rulesOf(groupOf([]), 0)).toBeUndefined();
});

test.each([
  ['its group', (memory: RuleMemory) => memory.forget('sg-1', 10)],
  ['the rule', (memory: RuleMemory) => memory.forget('sgr-0', 10)],
  ['something, which AWS refused,', (memory: RuleMemory) => memory.forgetAll(10)],
])(
  'a rule that is made anew as it was is read, once %s was changed, also where an older read ends later',
  (_what, change) => {
    const memory = createRuleMemory();
    const one: Drawn = { isEgress: false, port: 80, source: { cidr: '::/0' }, description: '' };
    const group = { ...groupOf([one]), GroupId: 'sg-1' };
    const rules = [ruleOf(one, 0)];
    const note = (at: number): void => memory.note([group], new Map([['sg-1', rules]]), at);
    note(0);
    memory.forget('vpce-1', 5);
    expect(memory.rulesOf(group, 5)).toBe(rules);
    change(memory);
    expect(memory.rulesOf(group, 11)).toBeUndefined();
    // Its answer is of before the change.
    note(9);
    expect(memory.rulesOf(group, 12)).toBeUndefined();
    note(13);
    expect(memory.rulesOf(group, 14)).toBe(rules);
  },
);
