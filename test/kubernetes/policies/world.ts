import fc from 'fast-check';
import type { LabelSelector } from '../../../src/api/sagemaker-private-link.ts';
import type { AllowedEgress, PortRange } from '../../../src/plan/clients/egress.ts';
import type { ClusterPolicyInput } from '../../../src/plan/clients/cluster-policy/policy-object.ts';
import type { JudgedPod, Packet } from '../../environment/policy-judges.ts';

/** A cluster policy with a cluster to judge it in. */
export interface World {
  readonly input: ClusterPolicyInput;
  readonly pods: readonly JudgedPod[];
}

/** What the node gives itself: NodeLocal DNSCache and the Pod Identity agent. */
export const nodes = ['169.254.20.10', '169.254.170.23'];
export const kubernetesAPI = ['10.0.9.1'];
const endpointCidrs = ['10.0.1.5/32', '10.0.2.5/32', 'fd12::5/128'];

/** Addresses inside and outside of every block that is drawn, and beside its edges. */
const outside = `
  10.0.1.5 10.0.1.6 10.0.2.5 10.0.3.7 10.0.3.200 10.0.9.1 172.20.0.1 52.218.1.1 52.219.0.0 8.8.8.8
  169.254.169.254 169.254.20.10 169.254.170.23 fd12::5 fd12::6 2001:db8::1`
  .trim()
  .split(/\s+/);
const blocks = `
  10.0.1.5/32 10.0.2.5/32 10.0.3.0/24 52.218.0.0/16 172.20.0.0/16 10.0.0.0/8 169.254.170.23/32
  169.254.20.10/32 fd12::5/128 2001:db8::/32`
  .trim()
  .split(/\s+/);
const doors: readonly Pick<Packet, 'protocol' | 'port'>[] = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
  { protocol: 'TCP', port: 80 },
  { protocol: 'TCP', port: 443 },
  { protocol: 'UDP', port: 443 },
  { protocol: 'TCP', port: 8005 },
  { protocol: 'TCP', port: 8011 },
];

/** Every pod to every pod and address, on every port. */
export function packetsOf(pods: readonly JudgedPod[]): readonly Packet[] {
  const targets = [...pods.map(({ ip }) => ip), ...outside];
  return pods.flatMap(({ ip }) =>
    targets
      .filter((to) => to !== ip)
      .flatMap((to) => doors.map((door) => ({ from: ip, to, ...door }))),
  );
}

const key = fc.constantFrom('ml', 'team', 'example.com/app');
const value = fc.constantFrom('true', 'a', 'b');
const values = fc.uniqueArray(value, { minLength: 1, maxLength: 2 });

const requirement = fc.oneof(
  fc.record({ key, operator: fc.constantFrom('In' as const, 'NotIn' as const), values }),
  fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);

const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.record({ matchLabels: fc.dictionary(key, value, { minKeys: 1, maxKeys: 2 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      matchExpressions: fc.array(requirement, { minLength: 1, maxLength: 2 }),
    }),
  },
);

const port: fc.Arbitrary<PortRange> = fc.constantFrom(
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
  { protocol: 'TCP', port: 80 },
  { protocol: 'TCP', port: 443 },
  { protocol: 'TCP', port: 8000, endPort: 8010 },
  { protocol: 'UDP', port: 443, endPort: 443 },
);
const ports = fc.uniqueArray(port, { maxLength: 3 });

const networks: fc.Arbitrary<AllowedEgress> = fc.record({
  kind: fc.constant('Networks' as const),
  reason: fc.constantFrom('endpoint of api', 'egress.awsServices: s3'),
  cidrs: fc
    .uniqueArray(fc.constantFrom(...blocks), { minLength: 1, maxLength: 4 })
    .map((some) => some.toSorted()),
  ports,
});

const apiServer: AllowedEgress = {
  kind: 'Networks',
  reason: 'egress.kubernetesAPI',
  cidrs: kubernetesAPI.map((ip) => `${ip}/32`),
  ports: [{ protocol: 'TCP', port: 443 }],
};

const pods: fc.Arbitrary<AllowedEgress> = fc
  .record({
    namespaces: fc.oneof(
      fc.constant({ kind: 'Own' as const }),
      fc.constant({ kind: 'All' as const }),
      selector.map((some) => ({ kind: 'Selected' as const, selector: some })),
    ),
    podSelector: fc.option(selector, { nil: undefined }),
    ports,
  })
  .map(({ podSelector, ...rest }) => ({
    kind: 'Pods',
    reason: 'egress.namespaces',
    ...rest,
    ...(podSelector === undefined ? {} : { podSelector }),
  }));

const peer = fc.oneof(
  fc.constantFrom(
    { ipBlock: { cidr: '10.0.3.0/24', except: ['10.0.3.128/25'] } },
    { ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.1.0/24', '10.99.0.0/16'] } },
    { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '169.254.0.0/16'] } },
    { ipBlock: { cidr: '2001:db8::/32' } },
  ),
  selector.map((namespaceSelector) => ({ namespaceSelector })),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
  selector.map((podSelector) => ({ podSelector })),
);

const nativePort = fc.oneof(port, fc.constant({ protocol: 'TCP' as const }));
const native: fc.Arbitrary<AllowedEgress> = fc
  .record({
    to: fc.array(peer, { minLength: 1, maxLength: 2 }),
    ports: fc.uniqueArray(nativePort, { maxLength: 2 }),
  })
  .map((rule) => ({ kind: 'Native', rule }));

/** Everything that the neutral form can say, in few words. */
const allowed: fc.Arbitrary<AllowedEgress> = fc.oneof(
  networks,
  pods,
  native,
  fc.constant(apiServer),
);

export const input: fc.Arbitrary<ClusterPolicyInput> = fc.record({
  link: fc.constantFrom('main', 'team.a'),
  namespaceSelector: selector,
  protectedNamespaces: fc.constantFrom([], ['n0', 'n9']),
  wanted: fc.record({ podSelector: selector, allowed: fc.array(allowed, { maxLength: 5 }) }),
  endpointCidrs: fc.constant(endpointCidrs),
  priority: fc.constantFrom(0, 50, 999),
  others: fc.constantFrom('Allow', 'Deny'),
  namespacedPolicies: fc.constantFrom('Write', 'Omit'),
});

const labels = fc.dictionary(key, value, { maxKeys: 2 });

/** Two pods in each of two namespaces and one in a third. */
export const somePods: fc.Arbitrary<readonly JudgedPod[]> = fc
  .tuple(
    fc.array(labels, { minLength: 3, maxLength: 3 }),
    fc.array(labels, { minLength: 5, maxLength: 5 }),
  )
  .map(([ofNamespaces, ofPods]) =>
    ofPods.map((own, index) => {
      const namespace = `n${index % 3}`;
      return {
        name: `p${index}`,
        namespace,
        ip: `10.99.0.${index + 1}`,
        labels: own,
        namespaceLabels: { 'kubernetes.io/metadata.name': namespace, ...ofNamespaces[index % 3] },
      };
    }),
  );

export const world: fc.Arbitrary<World> = fc.record({ input, pods: somePods });

/** More rules, blocks and ports than one object takes, in the larger kinds as well. */
export const manyRules: fc.Arbitrary<ClusterPolicyInput> = fc
  .record({
    base: input,
    rules: fc.integer({ min: 30, max: 120 }),
    size: fc.integer({ min: 1, max: 700 }),
    doors: fc.constantFrom(1, 12, 120),
  })
  .map(({ base, rules, size, doors: count }) => ({
    ...base,
    namespaceSelector: { matchLabels: { ml: 'true' } },
    others: 'Allow',
    wanted: {
      podSelector: {},
      allowed: [
        ...Array.from({ length: rules }, (_, index): AllowedEgress => manyBlocks(index, 1)),
        { ...manyBlocks(rules, size), ports: manyPorts(count) } as AllowedEgress,
      ],
    },
  }));

function manyPorts(count: number): readonly PortRange[] {
  return Array.from({ length: count }, (_, index) => ({ protocol: 'TCP', port: 1000 + 2 * index }));
}

/** One rule for so many addresses of a range of its own. */
export function manyBlocks(index: number, size: number): AllowedEgress {
  const cidrs = Array.from({ length: size }, (_, n) => `100.${index}.${n >> 8}.${n & 255}/32`);
  const ports: readonly PortRange[] = [{ protocol: 'TCP', port: 443 }];
  return { kind: 'Networks', reason: `rule ${index}`, cidrs: cidrs.toSorted(), ports };
}
