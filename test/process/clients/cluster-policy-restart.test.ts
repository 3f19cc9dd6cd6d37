/** Cluster-scoped policies over the deaths of the operator as it is shipped, between any two writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { eventually } from '../../environment/eventually.ts';
import { type Crd, installCrd } from '../../environment/install-crd.ts';
import { startProxiedOperator } from '../api-faults/proxied-operator.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { liveEndpoints } from '../cluster/seen-at-aws.ts';

jest.setTimeout(240_000);

const root = join(import.meta.dirname, '../../..');
const roles = join(root, 'deploy/components/clients/roles.yaml');
const crdFile = 'test/kubernetes/policies/crds/networking.k8s.aws_clusternetworkpolicies.yaml';
const policies = '/apis/networking.k8s.aws/v1alpha1/clusternetworkpolicies';
// Without a lease, so that no successor has to wait until the dead one's has run out.
const args = ['--clients', unlimitedEndpoints, '--orphan-sweep=1h', '--no-leader-elect'];
/** Several clusters may share a busy machine. */
const patience = { withinMs: 90_000, everyMs: 150 };

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  await cluster.kubectlOrThrow(['apply', '-f', roles]);
  await installCrd(cluster.server, parse(readFileSync(join(root, crdFile), 'utf8')) as Crd);
  await cluster.apply(ofSomebody);
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

interface Policy {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec: {
    readonly priority: number;
    readonly egress?: readonly {
      readonly action: string;
      readonly to: readonly { readonly networks?: readonly string[] }[];
    }[];
  };
}

const ofSomebody = {
  apiVersion: 'networking.k8s.aws/v1alpha1',
  kind: 'ClusterNetworkPolicy',
  metadata: { name: 'somebody' },
  spec: {
    tier: 'Admin',
    priority: 900,
    subject: { namespaces: { matchLabels: { team: 'other' } } },
    egress: [{ name: 'open', action: 'Pass', to: [{ networks: ['10.9.0.0/16'] }] }],
  },
};

async function stored(): Promise<readonly Policy[]> {
  const { status, body } = await cluster.server.request({ path: policies });
  if (status !== 200) throw new Error(`GET ${policies}: ${status}`);
  return (body as { items: readonly Policy[] }).items;
}

async function own(): Promise<readonly Policy[]> {
  return (await stored()).filter(({ metadata }) => metadata.name !== 'somebody');
}

async function foreign(): Promise<Policy | undefined> {
  return (await stored()).find(({ metadata }) => metadata.name === 'somebody');
}

function link(priority: number): Record<string, unknown> {
  return sampleLink(region, 'ml', {
    endpoints: [{ service: 'api', privateDNS: false }],
    clients: {
      namespaceSelector: { matchLabels: { team: 'ml' } },
      networkPolicy: { podSelector: {}, egress: { namespaces: 'None' } },
      clusterPolicy: { priority, others: 'Deny', namespacedPolicies: 'Omit' },
    },
  });
}

/** Blocks that come before the rule which denies the rest; undefined where nothing denies it. */
function openBlocks(all: readonly Policy[]): readonly string[] | undefined {
  const rules = all.flatMap(({ spec: { priority, egress = [] } }) =>
    egress.map(({ action, to }) => {
      return { action, priority, blocks: to.flatMap(({ networks = [] }) => networks) };
    }),
  );
  const denials = rules.filter((one) => one.action === 'Deny' && one.blocks.includes('0.0.0.0/0'));
  if (denials.length === 0) return undefined;
  const first = Math.min(...denials.map((one) => one.priority));
  const passing = rules.filter(({ action, priority }) => action === 'Pass' && priority < first);
  return passing.flatMap(({ blocks }) => blocks);
}

async function endpointBlocks(): Promise<readonly string[]> {
  const endpoints = (await cluster.link('ml'))?.status?.endpoints ?? [];
  const interfaces = endpoints.flatMap(({ networkInterfaces = [] }) => networkInterfaces);
  return interfaces.flatMap(({ ipv4 }) => (ipv4 === undefined ? [] : [`${ipv4}/32`]));
}

/** Waits until the link says that its policy is there, and looks whether it is, and nothing else. */
async function isInForce(priority: number): Promise<void> {
  await cluster.linkThat('ml', 'configured', (one) => {
    const condition = conditionOf(one, 'ClientsConfigured');
    const isCurrent = condition?.observedGeneration === one.metadata.generation;
    return isCurrent && condition?.status === 'True';
  });
  const all = await own();
  const priorities = new Set(all.map(({ spec }) => spec.priority));
  expect([...priorities].sort()).toEqual([priority, priority + 1]);
  expect(openBlocks(all)).toEqual(expect.arrayContaining([...(await endpointBlocks())]));
}

/** Has an operator do something, and kills it when it has made so many writes of policies. */
async function killedAfter(writes: number, act: () => Promise<unknown>): Promise<void> {
  const { proxy, operator } = await startProxiedOperator(cluster, { args });
  try {
    const verbs = ['create', 'patch', 'update', 'delete'] as const;
    // Slow enough for the next write to be under way when the process dies.
    const path = /\/clusternetworkpolicies\//;
    proxy.add({ verb: verbs, path, effect: { kind: 'delay', ms: 500 } });
    proxy.resetRequests();
    await act();
    await eventually(
      async () => {
        const made = proxy.requests().filter((one) => {
          return verbs.some((verb) => verb === one.verb) && path.test(one.path);
        });
        expect(
          made.filter(({ code }) => code !== undefined && code < 300).length,
        ).toBeGreaterThanOrEqual(writes);
      },
      { ...patience, everyMs: 10 },
    );
    await operator.stop('SIGKILL');
  } finally {
    await proxy.close();
  }
}

/** Another operator takes over until what is asked for is so. */
async function takenOver(until: () => Promise<void>): Promise<void> {
  const operator = await cluster.startOperator({ args });
  try {
    await until();
  } finally {
    await operator.stop();
  }
}

test.each([1, 2])('F1, F3: a policy is made by the next process after write %i', async (writes) => {
  const before = await foreign();
  await killedAfter(writes, () => cluster.apply(link(50)));
  await takenOver(() => isInForce(50));
  expect(await foreign()).toEqual(before);
  await takenOver(() => cluster.remove('ml'));
  expect(await own()).toEqual([]);
});

test.each([1, 2, 3, 4])(
  'F1, F3: a policy whose process died after write %i of another priority holds its pods, and gets there',
  async (writes) => {
    const [former, next] = [50 + 10 * writes, 60 + 10 * writes];
    const before = await foreign();
    await cluster.apply(link(former));
    await takenOver(() => isInForce(former));
    await killedAfter(writes, () => cluster.apply(link(next)));
    const halfway = await own();
    const priorities = new Set(halfway.map(({ spec }) => spec.priority));
    expect(priorities.size).toBeGreaterThan(2);
    expect(openBlocks(halfway)).toEqual(expect.arrayContaining([...(await endpointBlocks())]));
    await takenOver(() => isInForce(next));
    expect(await foreign()).toEqual(before);
  },
);

test.each([1, 2])(
  'F1, F21: nothing is left of a link whose process died after deletion %i',
  async (writes) => {
    const before = await foreign();
    await cluster.apply(link(50));
    await takenOver(() => isInForce(50));
    await killedAfter(writes, () =>
      cluster.kubectlOrThrow(['delete', 'smpl', '--wait=false', 'ml']),
    );
    expect(liveEndpoints(region)).toHaveLength(1);
    await takenOver(() => cluster.linkIsGone('ml'));
    expect(await own()).toEqual([]);
    expect(await foreign()).toEqual(before);
    expect(liveEndpoints(region)).toEqual([]);
  },
);
