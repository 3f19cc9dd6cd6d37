/** Cluster-scoped policies of every flavor while an address is not known. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type {
  NetworkInterfaceStatus,
  SageMakerPrivateLink,
} from '../../../../../src/api/sagemaker-private-link.ts';
import type {
  Flavor,
  ServedKind,
} from '../../../../../src/plan/clients/cluster-policy/choose-flavor.ts';
import {
  type ClusterPolicyPlan,
  planClusterPolicy,
} from '../../../../../src/plan/clients/cluster-policy/plan-cluster-policy.ts';
import type { ExistingPolicy } from '../../../../../src/plan/clients/cluster-policy/policy-manifest.ts';
import type { ClusterPolicyObject } from '../../../../../src/plan/clients/cluster-policy/policy-object.ts';
import { runsFactor } from '../../../../environment/runs-factor.ts';
import { clientLink, plainPolicy } from '../client-links.ts';

const served: Readonly<Record<Flavor, readonly ServedKind[]>> = {
  NetworkPolicyAPI: [
    { group: 'policy.networking.k8s.io', version: 'v1alpha2', kind: 'ClusterNetworkPolicy' },
  ],
  EKS: [{ group: 'networking.k8s.aws', version: 'v1alpha1', kind: 'ClusterNetworkPolicy' }],
  Cilium: [{ group: 'cilium.io', version: 'v2', kind: 'CiliumClusterwideNetworkPolicy' }],
  Calico: [
    { group: 'projectcalico.org', version: 'v3', kind: 'GlobalNetworkPolicy' },
    { group: 'projectcalico.org', version: 'v3', kind: 'Tier' },
  ],
};
const flavors = Object.keys(served) as readonly Flavor[];

type Addresses = readonly (string | undefined)[];

/** A link with two endpoints; an interface without an address is one that AWS has not told of yet. */
function linkWith(api: Addresses, runtime: Addresses, ports = 1): SageMakerPrivateLink {
  const interfaces = (all: Addresses): NetworkInterfaceStatus[] =>
    all.map((ipv4, index) => ({
      id: `eni-${index}`,
      subnetId: `subnet-${index}`,
      ...(ipv4 === undefined ? {} : { ipv4 }),
    }));
  const rules = Array.from({ length: ports }, (_, port) => ({
    to: [{ ipBlock: { cidr: `100.64.${port}.0/24` } }],
    ports: [{ protocol: 'TCP' as const, port: port + 1 }],
  }));
  const egress = { ...plainPolicy.egress, namespaces: 'None' as const, rules };
  return clientLink({
    clients: {
      networkPolicy: { ...plainPolicy, egress },
      clusterPolicy: {
        flavor: 'Auto',
        priority: 50,
        others: 'Deny',
        namespacedPolicies: 'Write',
      },
    },
    spec: {
      endpoints: [
        { service: 'api', privateDNS: true },
        { service: 'runtime', privateDNS: true },
      ] as never,
    },
    status: {
      endpoints: [
        { service: 'api', state: 'available', networkInterfaces: interfaces(api) },
        { service: 'runtime', state: 'available', networkInterfaces: interfaces(runtime) },
      ] as never,
    },
  });
}

/** Calico's API server answers with both ends of each rule, empty where nothing was written. */
function asCalicoAnswers(object: ClusterPolicyObject): ClusterPolicyObject {
  const { egress, ...rest } = object.spec as { readonly egress?: readonly object[] };
  if (egress === undefined) return object;
  const ends = { source: {}, destination: {} };
  return { ...object, spec: { ...rest, egress: egress.map((rule) => ({ ...ends, ...rule })) } };
}

class Cluster {
  existing: readonly ExistingPolicy[] = [];
  private readonly flavor: Flavor;

  constructor(flavor: Flavor) {
    this.flavor = flavor;
  }

  plan(link: SageMakerPrivateLink): ClusterPolicyPlan {
    return planClusterPolicy(link, {
      served: served[this.flavor],
      existing: this.existing,
      cluster: { kubernetesAPI: [] },
      areNamespacesHeld: true,
    });
  }

  /** Carries out a plan; what each write left is handed to `look`. */
  carryOut({ steps }: ClusterPolicyPlan, look: () => void = () => undefined): void {
    for (const { verb, object } of steps) {
      const others = this.existing.filter(
        (one) => one.object.metadata.name !== object.metadata.name,
      );
      const stored = this.flavor === 'Calico' ? asCalicoAnswers(object) : object;
      const written = {
        flavor: this.flavor,
        object: stored,
        uid: '',
        managers: [],
        editors: [],
      };
      this.existing = verb === 'Delete' ? others : [...others, written];
      look();
    }
  }

  /** Addresses of endpoints that some rule of these parts names as ones to reach, or to deny. */
  addresses(part: 'allow' | 'others'): ReadonlySet<string> {
    const texts = this.existing
      .filter(
        ({ object }) => object.metadata.labels['sagemaker.privatelink.dev/policy-part'] === part,
      )
      .map(({ object: { spec, specs } }) => JSON.stringify(spec ?? specs));
    return new Set(texts.flatMap((text) => text.match(/10\.0\.\d+\.\d+(?=\/32)/g) ?? []));
  }
}

function known(...all: readonly Addresses[]): readonly string[] {
  return all.flat().flatMap((one) => one ?? []);
}

describe.each(flavors)('%s, while an address is not known', (flavor) => {
  test('opens the addresses that are new, in writes that take nothing away', () => {
    const cluster = new Cluster(flavor);
    cluster.carryOut(cluster.plan(linkWith(['10.0.1.1', '10.0.2.1'], ['10.0.1.2'])));
    const link = linkWith(['10.0.1.1', undefined], ['10.0.1.2', '10.0.3.2']);
    const plan = cluster.plan(link);
    expect(plan.waits.map(({ reason }) => reason)).toEqual(['AddressesUnknown']);
    expect(plan.steps.map(({ verb }) => verb)).toContain('Apply');
    expect(plan.steps.map(({ verb }) => verb)).not.toContain('Delete');
    cluster.carryOut(plan);
    const wanted = ['10.0.1.1', '10.0.1.2', '10.0.2.1', '10.0.3.2'];
    for (const part of ['allow', 'others'] as const) {
      expect([...cluster.addresses(part)].sort()).toEqual(wanted);
    }
    expect(cluster.plan(link).steps).toEqual([]);
  });

  test('leaves an object as it is that somebody has edited', () => {
    const cluster = new Cluster(flavor);
    cluster.carryOut(cluster.plan(linkWith(['10.0.1.1'], ['10.0.1.2'])));
    cluster.existing = cluster.existing.map((one) => ({ ...one, editors: ['kubectl-edit'] }));
    expect(cluster.plan(linkWith([undefined], ['10.0.1.2', '10.0.3.2'])).steps).toEqual([]);
  });

  test('begins no policy', () => {
    const cluster = new Cluster(flavor);
    expect(cluster.plan(linkWith([undefined], ['10.0.1.2'])).steps).toEqual([]);
  });
});

test.each(flavors)('%s: it stays while an older CRD drops what the spec says of it', (flavor) => {
  const cluster = new Cluster(flavor);
  const link = linkWith(['10.0.1.1'], ['10.0.1.2']);
  cluster.carryOut(cluster.plan(link));
  const { clusterPolicy: _policy, ...clients } = link.spec.clients ?? {};
  const pruned = {
    ...link,
    spec: { ...link.spec, clients: { ...clients, networkPolicy: { podSelector: {} } } },
  } as unknown as SageMakerPrivateLink;
  expect(cluster.plan(pruned)).toMatchObject({
    steps: [],
    waits: [{ reason: 'EnforcementUnknown' }],
  });
  const metadata = { ...pruned.metadata, deletionTimestamp: '2026-11-29T00:00:00Z' };
  expect(cluster.plan({ ...pruned, metadata }).steps.length).toBeGreaterThan(0);
});

/** The spec of the clients' own object after an address came while another one is not known. */
function specWithNews(flavor: Flavor): unknown {
  const cluster = new Cluster(flavor);
  cluster.carryOut(cluster.plan(linkWith(['10.0.1.1'], ['10.0.1.2'])));
  cluster.carryOut(cluster.plan(linkWith([undefined], ['10.0.1.2', '10.0.3.2'])));
  const allowing = cluster.existing.find(
    ({ object }) => object.metadata.labels['sagemaker.privatelink.dev/policy-part'] === 'allow',
  );
  return allowing?.object.spec;
}

test('Cilium: the address that is opened is not among those that are denied', () => {
  const { egressDeny } = specWithNews('Cilium') as {
    readonly egressDeny: readonly {
      readonly toCIDRSet: readonly { readonly except: string[] }[];
    }[];
  };
  expect(egressDeny[0]?.toCIDRSet[0]?.except).toEqual(
    expect.arrayContaining(['10.0.1.1/32', '10.0.1.2/32', '10.0.3.2/32']),
  );
});

test('Calico: the rule that denies the rest stays the last one', () => {
  const { egress } = specWithNews('Calico') as {
    readonly egress: readonly { readonly destination: object }[];
  };
  expect(egress.at(-1)).toEqual({ action: 'Deny', source: {}, destination: {} });
  const everywhere = egress.filter(({ destination }) => Object.keys(destination).length === 0);
  expect(everywhere).toHaveLength(1);
});

test('a list of rules that gets too long for one object goes on in another one', () => {
  const cluster = new Cluster('NetworkPolicyAPI');
  // Two rules for DNS, one for the agent and one for each endpoint beside these.
  cluster.carryOut(cluster.plan(linkWith(['10.0.1.1'], ['10.0.1.2'], 20)));
  const rules = ({ object }: ExistingPolicy): number =>
    (object.spec as { readonly egress: readonly object[] }).egress.length;
  const before = cluster.existing.map(rules);
  expect(Math.max(...before)).toBe(25);
  cluster.carryOut(cluster.plan(linkWith([undefined], ['10.0.1.2', '10.0.3.2'], 20)));
  expect(Math.max(...cluster.existing.map(rules))).toBe(25);
  expect(cluster.existing).toHaveLength(before.length + 1);
  cluster.carryOut(cluster.plan(linkWith(['10.0.1.1'], ['10.0.1.2', '10.0.3.2'], 20)));
  expect(cluster.existing).toHaveLength(before.length);
});

const address = fc.option(
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
    .map(([a, b]) => `10.0.${a}.${b}`),
  { nil: undefined, freq: 4 },
);
const addresses = fc.array(address, { minLength: 1, maxLength: 3 });
const lives = fc.array(fc.tuple(addresses, addresses), { minLength: 1, maxLength: 6 });

test.each(flavors)(
  '%s loses no address while one is not known, and has those of AWS once all are',
  (flavor) => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 23 }), (all, ports) => {
        const cluster = new Cluster(flavor);
        cluster.carryOut(cluster.plan(linkWith(['10.0.9.9'], ['10.0.9.8'], ports)));
        for (const [api, runtime] of all) {
          const link = linkWith(api, runtime, ports);
          const isWhole = [...api, ...runtime].every((one) => one !== undefined);
          const before = cluster.addresses('allow');
          cluster.carryOut(cluster.plan(link), () => {
            if (isWhole) return;
            expect([...cluster.addresses('allow')]).toEqual(expect.arrayContaining([...before]));
          });
          const after = [...cluster.addresses('allow')];
          if (isWhole) expect(after.sort()).toEqual([...new Set(known(api, runtime))].sort());
          else expect(after).toEqual(expect.arrayContaining([...known(api, runtime)]));
          expect(cluster.plan(link).steps).toEqual([]);
        }
      }),
      { numRuns: 40 * runsFactor },
    );
  },
);
