/**
 * Policies judged by engines that are not ours: does what was rendered mean what the spec says?
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServedFlavor } from '../../../src/plan/clients/cluster-policy/choose-flavor.ts';
import { renderClusterPolicy } from '../../../src/plan/clients/cluster-policy/cluster-policy.ts';
import { renderNetworkPolicy } from '../../../src/plan/clients/network-policy/network-policy.ts';
import type { ClusterPolicyObject } from '../../../src/plan/clients/cluster-policy/policy-object.ts';
import {
  judgeByAnalyzer,
  judgeByCilium,
  judgeByKubeNetworkPolicies,
  type Packet,
  type Verdicts,
  prepareJudges,
  prepareJudgesMs,
} from '../../environment/policy-judges.ts';
import { runsFactor } from '../../environment/runs-factor.ts';
import { agentLets } from './eks-agent.ts';
import { isClient, lets, type View } from './oracle.ts';
import { kubernetesAPI, nodes, packetsOf, type World, world } from './world.ts';

interface Rendered extends World {
  readonly objects: readonly ClusterPolicyObject[];
  readonly packets: readonly Packet[];
}

/** Worlds whose policy the flavour can say, as many as are asked for, with each nth packet. */
function draw(served: ServedFlavor, count: number, every = 1): readonly Rendered[] {
  const drawn = fc.sample(world, { numRuns: 6 * count * runsFactor });
  const rendered = drawn.flatMap((one): readonly Rendered[] => {
    const { objects, problems } = renderClusterPolicy(served, one.input);
    const packets = packetsOf(one.pods).filter((_, index) => index % every === 0);
    return problems.length > 0 ? [] : [{ ...one, objects, packets }];
  });
  expect(rendered.length).toBeGreaterThanOrEqual(count * runsFactor);
  return rendered.slice(0, count * runsFactor);
}

/** Every packet on which the engine and the meaning of the spec differ, the first few of them. */
function differences(
  worlds: readonly Rendered[],
  verdicts: Verdicts,
  viewOf: (one: Rendered) => View,
): readonly unknown[] {
  return worlds
    .flatMap((one, index) =>
      one.packets.flatMap((packet, at) => {
        const wanted = lets(one.input, one.pods, packet, viewOf(one));
        const judged = verdicts[index]?.[at];
        return wanted === judged ? [] : [{ world: index, packet, wanted, judged }];
      }),
    )
    .slice(0, 5)
    .map((one) => ({ ...one, ...worlds[one.world], packets: undefined }));
}

/** A table where everything passes, or nothing, would show nothing. */
function expectBoth(worlds: readonly Rendered[], verdicts: Verdicts): void {
  const ofClients = worlds.flatMap(({ input, pods, packets }, index) =>
    packets.flatMap((packet, at) => {
      const from = pods.find(({ ip }) => ip === packet.from);
      return from !== undefined && isClient(input, from) ? [verdicts[index]?.[at]] : [];
    }),
  );
  const passed = ofClients.filter((one) => one === true).length;
  expect(passed).toBeGreaterThan(ofClients.length / 50);
  expect(passed).toBeLessThan(ofClients.length - ofClients.length / 50);
}

const ownOf = ({ input }: World, own: View['own']): View['own'] =>
  input.namespacedPolicies === 'Write' ? own : 'Own';

beforeAll(prepareJudges, prepareJudgesMs);

test('kube-network-policies reads our ClusterNetworkPolicies as they are meant', async () => {
  const apiVersion = 'policy.networking.k8s.io/v1alpha2';
  const worlds = draw({ flavor: 'NetworkPolicyAPI', apiVersion, tiers: false }, 100);
  const verdicts = await judgeByKubeNetworkPolicies(
    worlds.map(({ pods, packets, objects }) => ({
      pods,
      packets,
      networkPolicies: [],
      clusterNetworkPolicies: objects,
    })),
  );
  const view = (one: Rendered): View => ({
    blocksTakePods: true,
    own: ownOf(one, 'All'),
    nodes: [],
  });
  expect(differences(worlds, verdicts, view)).toEqual([]);
  expectBoth(worlds, verdicts);
});

test("our ClusterNetworkPolicies for EKS are meant the same to the VPC CNI's agent", () => {
  const apiVersion = 'networking.k8s.aws/v1alpha1';
  const worlds = draw({ flavor: 'EKS', apiVersion, tiers: false }, 60);
  const verdicts = worlds.map(({ pods, packets, objects }) =>
    packets.map((packet) => agentLets(objects, pods, packet)),
  );
  const view = (one: Rendered): View => ({
    blocksTakePods: true,
    own: ownOf(one, 'All'),
    nodes: [],
  });
  expect(differences(worlds, verdicts, view)).toEqual([]);
  expectBoth(worlds, verdicts);
});

test('with a NetworkPolicy in each namespace, both together let pods reach their own namespace alone', async () => {
  const apiVersion = 'policy.networking.k8s.io/v1alpha2';
  const drawn = draw({ flavor: 'NetworkPolicyAPI', apiVersion, tiers: false }, 60);
  const worlds = drawn.filter(({ input }) => input.namespacedPolicies === 'Write');
  const verdicts = await judgeByKubeNetworkPolicies(
    worlds.map(({ input, pods, packets, objects }) => ({
      pods,
      packets,
      networkPolicies: namespacedPolicies(input, pods),
      clusterNetworkPolicies: objects,
    })),
  );
  const view = (): View => ({ blocksTakePods: true, own: 'Own', nodes: [] });
  expect(differences(worlds, verdicts, view)).toEqual([]);
  expectBoth(worlds, verdicts);
});

describe('a NetworkPolicy means what the spec says to', () => {
  const worlds = fc.sample(world, 60 * runsFactor).map(({ input, pods }): Rendered => {
    return { input: { ...input, others: 'Allow' }, pods, objects: [], packets: packetsOf(pods) };
  });

  test('kube-network-policies', async () => {
    const verdicts = await judgeByKubeNetworkPolicies(
      worlds.map(({ input, pods, packets }) => ({
        pods,
        packets,
        networkPolicies: namespacedPolicies(input, pods),
        clusterNetworkPolicies: [],
      })),
    );
    const view = (): View => ({ blocksTakePods: true, own: 'Own', nodes: [] });
    expect(differences(worlds, verdicts, view)).toEqual([]);
    expectBoth(worlds, verdicts);
  });

  test('network-config-analyzer', async () => {
    const some = worlds.slice(0, 15 * runsFactor).map((one) => {
      return { ...one, packets: one.packets.filter((_, index) => index % 5 === 0) };
    });
    const verdicts = await judgeByAnalyzer(
      some.map(({ input, pods, packets }) => ({
        pods,
        packets,
        policies: namespacedPolicies(input, pods),
      })),
    );
    const view = (): View => ({ blocksTakePods: false, own: 'Own', nodes: [] });
    expect(differences(some, verdicts, view)).toEqual([]);
    expectBoth(some, verdicts);
  });
});

/** The NetworkPolicy of each namespace that the link selects, as the API server gives it back. */
function namespacedPolicies(input: World['input'], pods: World['pods']): readonly unknown[] {
  const everyPod = { ...input, wanted: { ...input.wanted, podSelector: {} } };
  const namespaces = pods
    .filter((pod) => isClient(everyPod, pod))
    .map(({ namespace }) => namespace);
  const { egress, ...spec } = renderNetworkPolicy(input.wanted);
  return [...new Set(namespaces)].map((namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'sagemaker-privatelink', namespace },
    spec: { ...spec, ...(egress.length > 0 ? { egress } : {}) },
  }));
}

test('what a namespace keeps shut, a ClusterNetworkPolicy does not open', async () => {
  const apiVersion = 'policy.networking.k8s.io/v1alpha2';
  const worlds = draw({ flavor: 'NetworkPolicyAPI', apiVersion, tiers: false }, 20);
  const shut = (namespace: string) => ({
    metadata: { name: 'shut', namespace },
    spec: { podSelector: {}, policyTypes: ['Egress'] },
  });
  const verdicts = await judgeByKubeNetworkPolicies(
    worlds.map(({ pods, packets, objects }) => ({
      pods,
      packets,
      networkPolicies: pods.map(({ namespace }) => shut(namespace)),
      clusterNetworkPolicies: objects,
    })),
  );
  expect(verdicts.flat().some((passes) => passes)).toBe(false);
});

test('Cilium reads our CiliumClusterwideNetworkPolicies as they are meant', async () => {
  const worlds = draw({ flavor: 'Cilium', apiVersion: 'cilium.io/v2', tiers: false }, 60);
  const verdicts = await judgeByCilium(
    worlds.map(({ pods, packets, objects }) => ({
      pods,
      packets,
      nodes,
      kubernetesAPI,
      clusterwidePolicies: objects,
    })),
  );
  const view = (one: Rendered): View => ({
    blocksTakePods: false,
    own: ownOf(one, 'Nobody'),
    nodes,
  });
  expect(differences(worlds, verdicts, view)).toEqual([]);
  expectBoth(worlds, verdicts);
});

test('to addresses outside, Cilium lets no policy of a namespace open more', async () => {
  const worlds = draw({ flavor: 'Cilium', apiVersion: 'cilium.io/v2', tiers: false }, 30);
  const open = {
    metadata: { name: 'open' },
    spec: { endpointSelector: {}, egress: [{ toEntities: ['all'] }] },
  };
  const verdicts = await judgeByCilium(
    worlds.map(({ pods, packets, objects }) => ({
      pods,
      packets,
      nodes,
      kubernetesAPI,
      clusterwidePolicies: [...objects, open],
    })),
  );
  const opened = worlds.flatMap(({ input, pods, packets }, index) =>
    packets.filter((packet, at) => {
      const from = pods.find(({ ip }) => ip === packet.from);
      const inside = [...pods.map(({ ip }) => ip), ...nodes].includes(packet.to);
      if (inside || from === undefined || !isClient(input, from)) return false;
      const anyPort = packets.some((other) => {
        const same = other.from === packet.from && other.to === packet.to;
        return same && lets(input, pods, other, { blocksTakePods: false, own: 'Own', nodes });
      });
      return !anyPort && verdicts[index]?.[at] === true;
    }),
  );
  expect(opened).toEqual([]);
});

test.each([
  { tiers: true, apiVersion: 'projectcalico.org/v3' },
  { tiers: false, apiVersion: 'crd.projectcalico.org/v1' },
])(
  'network-config-analyzer reads our GlobalNetworkPolicies as they are meant: $apiVersion',
  async ({ tiers, apiVersion }) => {
    const worlds = draw({ flavor: 'Calico', apiVersion, tiers }, 15, 5);
    const verdicts = await judgeByAnalyzer(
      worlds.map(({ pods, packets, objects }) => ({
        pods,
        packets,
        policies: objects.flatMap(withoutTiers),
      })),
    );
    const view = (one: Rendered): View => ({
      blocksTakePods: false,
      own: ownOf(one, 'All'),
      nodes: [],
    });
    expect(differences(worlds, verdicts, view)).toEqual([]);
    expectBoth(worlds, verdicts);
  },
);

/**
 * The analyzer knows no tiers and no annotations of rules. Alone in the cluster, a tier that passes
 * a packet on allows it, and so does one that says nothing about it.
 */
function withoutTiers(object: ClusterPolicyObject): readonly unknown[] {
  if (object.kind === 'Tier') return [];
  const { tier, egress, ...rest } = object.spec as {
    readonly tier?: string;
    readonly egress: readonly { readonly action: string; readonly metadata?: unknown }[];
  };
  const rules = egress.map((rule) => ({
    ...rule,
    metadata: undefined,
    action: rule.action === 'Pass' ? 'Allow' : rule.action,
  }));
  const passesOn = tier === undefined ? [] : [{ action: 'Allow' }];
  return [
    {
      ...object,
      apiVersion: 'projectcalico.org/v3',
      spec: { ...rest, egress: [...rules, ...passesOn] },
    },
  ];
}
