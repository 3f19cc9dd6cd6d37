import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AllowedEgress, AllowedNetworks } from '../../../../../src/plan/clients/egress.ts';
import { renderNetworkPolicy } from '../../../../../src/plan/clients/network-policy/network-policy.ts';
import { cases } from '../../../../model/cases.ts';

const tcp443 = [{ protocol: 'TCP', port: 443 }] as const;

function egressOf(...allowed: readonly AllowedEgress[]) {
  return renderNetworkPolicy({ podSelector: {}, allowed }).egress;
}

function networks(cidrs: readonly string[], ports: AllowedNetworks['ports']) {
  return { kind: 'Networks', reason: 'x', cidrs, ports } as const;
}

test('it is a policy for egress alone, also without a rule', () => {
  const podSelector = { matchLabels: { role: 'training' } };
  expect(renderNetworkPolicy({ podSelector, allowed: [] })).toEqual({
    podSelector,
    policyTypes: ['Egress'],
    egress: [],
  });
});

test('blocks with the same ports are one rule', () => {
  const rules = egressOf(
    networks(['10.0.0.2/32', '10.0.0.1/32'], tcp443),
    networks(['10.0.0.1/32', '10.0.0.3/32'], tcp443),
    networks(['10.0.0.4/32'], []),
  );
  expect(rules).toEqual([
    { to: [{ ipBlock: { cidr: '10.0.0.4/32' } }] },
    {
      to: ['10.0.0.1/32', '10.0.0.2/32', '10.0.0.3/32'].map((cidr) => ({ ipBlock: { cidr } })),
      ports: tcp443,
    },
  ]);
});

test('pods are peers of the own, of selected or of all namespaces', () => {
  const podSelector = { matchLabels: { app: 'x' } };
  const selector = { matchLabels: { team: 'ml' } };
  const pods = { kind: 'Pods', reason: 'x', ports: [] } as const;
  const peers = egressOf(
    { ...pods, namespaces: { kind: 'Own' } },
    { ...pods, namespaces: { kind: 'Own' }, podSelector },
    { ...pods, namespaces: { kind: 'All' } },
    { ...pods, namespaces: { kind: 'Selected', selector }, podSelector },
  ).map(({ to }) => to);
  expect(peers).toHaveLength(4);
  for (const peer of [
    { podSelector: {} },
    { podSelector },
    { namespaceSelector: {} },
    { namespaceSelector: selector, podSelector },
  ]) {
    expect(peers).toContainEqual([peer]);
  }
});

test('what the API server drops is not written', () => {
  const [rule] = egressOf({
    kind: 'Native',
    rule: {
      to: [
        { ipBlock: { cidr: '10.0.0.0/8', except: [] } },
        {
          podSelector: {
            matchLabels: {},
            matchExpressions: [{ key: 'a', operator: 'Exists', values: [] }],
          },
        },
        { namespaceSelector: { matchLabels: {}, matchExpressions: [] } },
      ],
      ports: [],
    },
  });
  expect(rule).toEqual({
    to: [
      { ipBlock: { cidr: '10.0.0.0/8' } },
      { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
      { namespaceSelector: {} },
    ],
  });
});

test('a rule without destinations, which would allow all of them, is never rendered', () => {
  expect(() => egressOf(networks([], tcp443))).toThrow('without destinations');
  expect(() => egressOf({ kind: 'Native', rule: { to: [] } })).toThrow('without destinations');
});

const cidr = fc.integer({ min: 1, max: 5 }).map((last) => `10.0.0.${last}/32`);
const ports = fc.subarray([
  { protocol: 'TCP' as const, port: 443 },
  { protocol: 'UDP' as const, port: 53 },
]);
const anyAllowed: fc.Arbitrary<AllowedEgress> = fc.oneof(
  fc.record({
    kind: fc.constant('Networks' as const),
    reason: fc.constantFrom('a', 'b'),
    cidrs: fc.array(cidr, { minLength: 1, maxLength: 4 }),
    ports,
  }),
  fc.record({
    kind: fc.constant('Pods' as const),
    reason: fc.constantFrom('a', 'b'),
    namespaces: fc.constantFrom({ kind: 'Own' as const }, { kind: 'All' as const }),
    ports,
  }),
  fc.record({
    kind: fc.constant('Native' as const),
    rule: fc.record({
      to: fc.array(fc.record({ ipBlock: fc.record({ cidr }) }), { minLength: 1 }),
      ports,
    }),
  }),
);

test('the order in which egress is put together does not show', () => {
  fc.assert(
    fc.property(
      fc.array(anyAllowed, { maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (allowed, order) => {
        const shuffled = allowed
          .map((one) => ({ one, at: order.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(egressOf(...shuffled)).toEqual(egressOf(...allowed));
      },
    ),
    { numRuns: cases(200) },
  );
});
