import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SecurityGroupRule, Vpc } from '../../../../src/plan/facts.ts';
import {
  ruleDifferences,
  ruleWords,
  wantedRules,
} from '../../../../src/plan/security-group/ingress-rules.ts';
import { plainSpec } from '../../../model/generated-specs.ts';

const vpc: Vpc = {
  id: 'vpc-1',
  ownerId: '1',
  cidrs: ['10.0.0.0/16', '10.1.0.0/16'],
  ipv6Cidrs: ['2001:DB8::/56'],
  tags: {},
};

function rule(id: string, parts: Partial<SecurityGroupRule>): SecurityGroupRule {
  const tcp443 = { isEgress: false, protocol: 'tcp', fromPort: 443, toPort: 443 };
  return { id, ...tcp443, source: { cidr: '10.0.0.0/16' }, tags: {}, ...parts };
}

test.each([
  ['ipv4', ['10.0.0.0/16', '10.1.0.0/16']],
  ['ipv6', ['2001:db8::/56']],
  ['dualstack', ['10.0.0.0/16', '10.1.0.0/16', '2001:db8::/56']],
] as const)(
  'without a list, %s endpoints admit all blocks of the VPC: %j',
  (ipAddressType, cidrs) => {
    const rules = wantedRules({ ...plainSpec, ipAddressType }, vpc);
    expect(rules).toEqual(
      cidrs.map((cidr) => ({ port: 443, source: { cidr }, description: 'HTTPS from vpc-1' })),
    );
  },
);

test('a list replaces the blocks of the VPC', () => {
  const ingress = [{ securityGroupId: 'sg-1', description: 'pods' }, { prefixListId: 'pl-1' }];
  expect(wantedRules({ ...plainSpec, securityGroup: { ingress } }, vpc)).toEqual([
    { port: 443, source: { securityGroupId: 'sg-1' }, description: 'pods' },
    { port: 443, source: { prefixListId: 'pl-1' } },
  ]);
});

const wanted = [
  { port: 443, source: { cidr: '10.0.0.0/16' }, description: 'VPC' },
  { port: 443, source: { securityGroupId: 'sg-1' } },
];

test('a group that has exactly the wanted rules has no differences, in whatever order', () => {
  const actual = [
    rule('sgr-1', { source: { securityGroupId: 'sg-1' } }),
    rule('sgr-2', { description: 'VPC', protocol: '6' }),
  ];
  const none = { missing: [], unwanted: [], egress: [], otherDescriptions: [] };
  expect(ruleDifferences(wanted, actual)).toEqual(none);
  expect(ruleDifferences([...wanted].reverse(), actual)).toEqual(none);
});

test('a description is no part of a rule’s identity: it is changed, the rule stays', () => {
  const [first] = wanted;
  const actual = [rule('sgr-1', { description: 'by hand' })];
  expect(ruleDifferences(first === undefined ? [] : [first], actual)).toEqual({
    missing: [],
    unwanted: [],
    egress: [],
    otherDescriptions: [{ ruleId: 'sgr-1', description: 'VPC' }],
  });
});

test.each([
  ['another port', { fromPort: 80, toPort: 80 }],
  ['a range with the port in it', { fromPort: 0, toPort: 65535 }],
  ['another protocol', { protocol: 'udp' }],
  ['all traffic', { protocol: '-1', fromPort: -1, toPort: -1 }],
  ['another block', { source: { cidr: '10.0.0.0/8' } }],
])('a rule of %s is unwanted and does not stand for the wanted one', (_what, parts) => {
  const [first] = wanted;
  const actual = rule('sgr-1', parts);
  const { missing, unwanted } = ruleDifferences(first === undefined ? [] : [first], [actual]);
  expect(missing).toEqual([first]);
  expect(unwanted).toEqual([actual]);
});

test('every egress rule goes, and none counts as ingress', () => {
  const out = rule('sgr-1', { isEgress: true });
  const { missing, unwanted, egress } = ruleDifferences(wanted, [out]);
  expect({ missing, unwanted, egress }).toEqual({ missing: wanted, unwanted: [], egress: [out] });
});

test('adding what is missing and taking the rest away gives exactly the wanted sources', () => {
  const source = fc.constantFrom(
    { cidr: '10.0.0.0/16' },
    { cidr: '10.1.0.0/16' },
    { cidr: '::/0' },
    { securityGroupId: 'sg-1' },
    { prefixListId: 'pl-1' },
  );
  const sources = fc.uniqueArray(source, { selector: (one) => JSON.stringify(one) });
  fc.assert(
    fc.property(sources, sources, (want, have) => {
      const wantedNow = want.map((one) => ({ port: 443, source: one }));
      const actual = have.map((one, index) => rule(`sgr-${index}`, { source: one }));
      const { missing, unwanted } = ruleDifferences(wantedNow, actual);
      const after = [...actual.filter((one) => !unwanted.includes(one)), ...missing];
      const texts = (list: readonly { source: object }[]): string[] =>
        list.map((one) => JSON.stringify(one.source)).sort();
      expect(texts(after)).toEqual(texts(wantedNow));
    }),
  );
});

test('rules in words', () => {
  expect(ruleWords(rule('x', {}))).toBe('tcp 443 from 10.0.0.0/16');
  expect(ruleWords(rule('x', { fromPort: 0, toPort: 80, source: { prefixListId: 'pl-1' } }))).toBe(
    'tcp 0-80 from pl-1',
  );
  const everything = { isEgress: true, protocol: '-1', fromPort: -1, toPort: -1 };
  expect(ruleWords(rule('x', { ...everything, source: { cidr: '::/0' } }))).toBe(
    'all traffic to ::/0',
  );
});
