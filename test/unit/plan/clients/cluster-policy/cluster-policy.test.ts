import { describe, expect, test } from '@jest/globals';
import type { ServedFlavor } from '../../../../../src/plan/clients/cluster-policy/choose-flavor.ts';
import { renderClusterPolicy } from '../../../../../src/plan/clients/cluster-policy/cluster-policy.ts';
import type { AllowedEgress } from '../../../../../src/plan/clients/egress.ts';
import type { ClusterPolicyInput } from '../../../../../src/plan/clients/cluster-policy/policy-object.ts';
import { manyBlocks } from '../../../../kubernetes/policies/world.ts';

const networkPolicyApi: ServedFlavor = {
  flavor: 'NetworkPolicyAPI',
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  tiers: false,
};
const eks: ServedFlavor = {
  flavor: 'EKS',
  apiVersion: 'networking.k8s.aws/v1alpha1',
  tiers: false,
};
const cilium: ServedFlavor = { flavor: 'Cilium', apiVersion: 'cilium.io/v2', tiers: false };
const calico: ServedFlavor = { flavor: 'Calico', apiVersion: 'projectcalico.org/v3', tiers: true };
const oldCalico: ServedFlavor = { ...calico, tiers: false };
const all = [networkPolicyApi, eks, cilium, calico, oldCalico];

const own: AllowedEgress = {
  kind: 'Pods',
  reason: 'egress.namespaces',
  namespaces: { kind: 'Own' },
  ports: [],
};

function inputOf(
  allowed: readonly AllowedEgress[],
  rest: Partial<ClusterPolicyInput> = {},
): ClusterPolicyInput {
  return {
    link: 'main',
    namespaceSelector: { matchLabels: { ml: 'true' } },
    protectedNamespaces: ['kube-system'],
    wanted: { podSelector: {}, allowed },
    endpointCidrs: ['10.0.1.5/32'],
    priority: 50,
    others: 'Allow',
    namespacedPolicies: 'Omit',
    ...rest,
  };
}

describe('pods of the own namespace', () => {
  test.each(all)('are refused in place of namespaced policies: $flavor', (served) => {
    const { objects, problems } = renderClusterPolicy(served, inputOf([own]));
    expect(objects).toEqual([]);
    expect(problems.map(({ reason }) => reason)).toEqual(['OwnNamespace']);
    expect(problems[0]?.message).toMatch(
      /^egress.namespaces: Own means .* Take None, Selected or All/,
    );
  });

  test('are refused beside namespaced policies too where those are not asked any more', () => {
    const input = inputOf([own], { namespacedPolicies: 'Write' });
    const refused = all.filter((served) => renderClusterPolicy(served, input).problems.length > 0);
    expect(refused).toEqual([oldCalico]);
  });

  test('are named by the entry of egress.rules that means them', () => {
    const rule: AllowedEgress = { kind: 'Native', rule: { to: [{ podSelector: {} }] } };
    const { problems } = renderClusterPolicy(eks, inputOf([manyBlocks(1, 1), rule]));
    expect(problems[0]?.message).toMatch(/^egress.rules, entry 1: podSelector means/);
  });
});

test('more ports than the agent of the VPC CNI holds are refused, since it would drop some', () => {
  const ports = (count: number): AllowedEgress => ({
    kind: 'Networks',
    reason: 'egress.rules',
    cidrs: ['10.0.0.0/8'],
    ports: Array.from({ length: count }, (_, port) => ({ protocol: 'TCP', port: port + 1 })),
  });
  const inside = { ...manyBlocks(1, 1), cidrs: ['10.0.1.5/32'] } as AllowedEgress;
  expect(renderClusterPolicy(eks, inputOf([ports(22), inside])).problems).toEqual([]);
  const { objects, problems } = renderClusterPolicy(eks, inputOf([ports(23), inside]));
  expect(objects).toEqual([]);
  expect(problems[0]?.reason).toBe('TooManyPorts');
  expect(problems[0]?.message).toContain('up to 25 ports on one address');
});

test('a selector or a list of rules that is larger than Calico takes is refused', () => {
  const values = Array.from({ length: 20 }, (_, index) => `${'v'.repeat(60)}-${index}`);
  const long = { matchExpressions: [{ key: 'team', operator: 'In' as const, values }] };
  const selected = renderClusterPolicy(calico, inputOf([], { namespaceSelector: long }));
  expect(selected.problems.map(({ reason }) => reason)).toEqual(['TooLarge']);
  expect(selected.problems[0]?.message).toMatch(/a selector of 1\d\d\d characters, where 1024 are/);
  const rules = Array.from({ length: 1024 }, (_, rule) => manyBlocks(rule, 1));
  const many = renderClusterPolicy(calico, inputOf(rules));
  expect(many.problems[0]?.message).toMatch(/need 1025 rules, where 1024 are taken/);
  expect(renderClusterPolicy(calico, inputOf(rules.slice(1))).problems).toEqual([]);
});

test('others: Deny is refused where Calico has no tiers, unless there is nothing to deny', () => {
  const deny = inputOf([], { others: 'Deny' });
  expect(renderClusterPolicy(calico, deny).problems).toEqual([]);
  expect(renderClusterPolicy(oldCalico, deny).problems.map(({ reason }) => reason)).toEqual([
    'OthersDeny',
  ]);
  expect(renderClusterPolicy(oldCalico, { ...deny, endpointCidrs: [] }).problems).toEqual([]);
});

test('objects of no flavor are more or larger than its kind takes', () => {
  const allowed = Array.from({ length: 120 }, (_, rule) => manyBlocks(rule, rule === 7 ? 700 : 1));
  const counts = [networkPolicyApi, eks].map((served) => {
    const { objects } = renderClusterPolicy(served, inputOf(allowed));
    return objects.map(({ spec }) => (spec as { egress: readonly unknown[] }).egress.length);
  });
  expect(counts).toEqual([
    [25, 25, 25, 25, 21, 1],
    [100, 20, 1],
  ]);
});

test('names and objects follow from the content alone, in whatever order it comes', () => {
  const allowed = Array.from({ length: 40 }, (_, rule) => manyBlocks(rule, 1));
  for (const served of all) {
    expect(renderClusterPolicy(served, inputOf(allowed.toReversed()))).toEqual(
      renderClusterPolicy(served, inputOf(allowed)),
    );
  }
});

test('links whose names differ in a dot alone have names apart, and none has a dot of its own', () => {
  const names = ['a.b', 'a-b'].map((link) => {
    const { objects } = renderClusterPolicy(calico, inputOf([], { link }));
    return objects.map(({ kind, metadata }) => [kind, metadata.name]);
  });
  expect(names[0]).not.toEqual(names[1]);
  const [tier, policy] = names[0] ?? [];
  expect(tier?.[1]).not.toContain('.');
  expect(policy?.[1]).toBe(`${tier?.[1]}.egress`);
});
