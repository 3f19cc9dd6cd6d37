import { expect, test } from '@jest/globals';
import type { SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import {
  createRuleMemory,
  permissionsIn,
  permissionsOf,
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

/** The permissions of a group and of the rules that were read of it. */
function readOf(group: SdkGroup, rules: readonly SecurityGroupRule[]) {
  const permissions = { described: permissionsOf(group), ofRules: permissionsIn(rules) };
  return new Map([[group.GroupId ?? '', permissions]]);
}

function knows(memory: RuleMemory, group: SdkGroup, nowMs: number): boolean {
  return memory.knows(group.GroupId ?? '', permissionsOf(group), nowMs);
}

test('rules are known of a group that has the permissions that they make, in whatever order, and of no other', () => {
  fc.assert(
    fc.property(rulesDrawn, rulesDrawn, rulesDrawn, (described, read, later) => {
      const memory = createRuleMemory();
      const rules = read.map(ruleOf);
      memory.note({ read: readOf(groupOf(described), rules), readAt: 0, known: [] });
      const sameAs = (one: readonly Drawn[], other: readonly Drawn[]): boolean =>
        JSON.stringify(one.map(keyOf).sort()) === JSON.stringify(other.map(keyOf).sort());
      const isKnown = sameAs(described, read) && sameAs(described, later);
      expect(knows(memory, groupOf(later), 1)).toBe(isKnown);
      const reversed = groupOf(described.toReversed());
      expect(knows(memory, reversed, 1)).toBe(sameAs(described, read));
    }),
  );
});

test('rules are read anew after an hour, and after a change that failed', () => {
  const memory = createRuleMemory();
  memory.note({ read: readOf(groupOf([]), []), readAt: 0, known: [] });
  // A read in between that took them over makes them no younger.
  memory.note({ read: new Map(), readAt: 1_800_000, known: ['sg', 'sg-of-nobody'] });
  expect(knows(memory, groupOf([]), 3_599_999)).toBe(true);
  expect(memory.areKnown('sg', 3_599_999)).toBe(true);
  expect(knows(memory, groupOf([]), 3_600_000)).toBe(false);
  expect(memory.areKnown('sg', 3_600_000)).toBe(false);
  expect(memory.areKnown('sg-of-nobody', 1_800_000)).toBe(false);
  memory.forgetAll(3_700_000);
  expect(knows(memory, groupOf([]), 0)).toBe(false);
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
    const note = (readAt: number): void =>
      memory.note({ read: readOf(group, rules), readAt, known: [] });
    note(0);
    memory.forget('vpce-1', 5);
    expect(knows(memory, group, 5)).toBe(true);
    change(memory);
    expect(knows(memory, group, 11)).toBe(false);
    // Its answer is of before the change.
    note(9);
    expect(knows(memory, group, 12)).toBe(false);
    note(13);
    expect(knows(memory, group, 14)).toBe(true);
  },
);
