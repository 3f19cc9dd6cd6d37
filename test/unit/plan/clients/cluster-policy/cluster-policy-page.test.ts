/** docs/cluster-policy.md says what the code does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  flavorKinds,
  type ServedFlavor,
} from '../../../../../src/plan/clients/cluster-policy/choose-flavor.ts';
import { renderClusterPolicy } from '../../../../../src/plan/clients/cluster-policy/cluster-policy.ts';
import type { ClusterPolicyInput } from '../../../../../src/plan/clients/cluster-policy/policy-object.ts';
import { manyBlocks } from '../../../../kubernetes/policies/world.ts';

const page = readFileSync(
  join(import.meta.dirname, '../../../../../docs/cluster-policy.md'),
  'utf8',
);

/** The cells of the table below a heading, without its first two lines. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const [, text = ''] = page.split(`\n## ${heading}\n`);
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.startsWith('| --- '));
  const rest = lines.slice(begin + 1);
  const rows = rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('|')),
  );
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the order of Auto', () => {
  const rows = flavorKinds.map(({ flavor, kind, versions }, index) => [
    `${index + 1}`,
    `\`${flavor}\``,
    `\`${kind}\``,
    versions.map((version) => `\`${version.join('/')}\``).join(', '),
  ]);
  expect(tableOf('Flavors')).toEqual(rows);
});

const columns: readonly ServedFlavor[] = [
  { flavor: 'Cilium', apiVersion: 'cilium.io/v2', tiers: false },
  { flavor: 'Calico', apiVersion: 'projectcalico.org/v3', tiers: true },
  { flavor: 'Calico', apiVersion: 'projectcalico.org/v3', tiers: false },
  { flavor: 'EKS', apiVersion: 'networking.k8s.aws/v1alpha1', tiers: false },
  { flavor: 'NetworkPolicyAPI', apiVersion: 'policy.networking.k8s.io/v1beta1', tiers: false },
];

const plain: ClusterPolicyInput = {
  link: 'main',
  namespaceSelector: { matchLabels: { ml: 'true' } },
  protectedNamespaces: [],
  wanted: { podSelector: {}, allowed: [] },
  endpointCidrs: ['10.0.1.5/32'],
  priority: 50,
  others: 'Allow',
  namespacedPolicies: 'Omit',
};
const own = {
  podSelector: {},
  allowed: [{ kind: 'Pods', reason: 'own', namespaces: { kind: 'Own' }, ports: [] }],
} as const;
const manyPorts = Array.from(
  { length: 30 },
  (_, port) => ({ protocol: 'TCP', port: port + 1 }) as const,
);

const rows: Readonly<Record<string, Partial<ClusterPolicyInput>>> = {
  'pods of the own namespace, `namespacedPolicies: Write`': {
    wanted: own,
    namespacedPolicies: 'Write',
  },
  'pods of the own namespace, `namespacedPolicies: Omit`': { wanted: own },
  '`others: Deny`': { others: 'Deny' },
  '30 ports on one block': {
    wanted: {
      podSelector: {},
      allowed: [{ kind: 'Networks', reason: 'many', cidrs: ['10.0.0.0/8'], ports: manyPorts }],
    },
  },
  '120 rules': {
    wanted: { podSelector: {}, allowed: Array.from({ length: 120 }, (_, n) => manyBlocks(n, 1)) },
  },
};

test('what each flavor can say', () => {
  const table = Object.entries(rows).map(([name, fields]) => [
    name,
    ...columns.map((served) => {
      const { problems } = renderClusterPolicy(served, { ...plain, ...fields });
      return problems.length === 0 ? 'yes' : 'no';
    }),
  ]);
  expect(tableOf('How they differ')).toEqual(table);
});
