/** A cluster-scoped policy beside the namespaces' own, and what happens to it. */
import { editor } from '../cluster/client-cluster.ts';
import { ownerOf, plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { holdingsOf } from '../world/snapshot.ts';
import { linkName, type Scenario } from './scenario.ts';

const clients = {
  namespaceSelector: { matchLabels: { ml: 'true' } },
  configMap: { name: 'sagemaker' },
  networkPolicy: { podSelector: {}, egress: { namespaces: 'None' } },
};

function specWith(run: Run, clusterPolicy: object = {}): Record<string, unknown> {
  return { ...plainSpec(run.surroundings), clients: { ...clients, clusterPolicy } };
}

function inTwoZones(run: Run): Record<string, unknown> {
  return { ...specWith(run), subnets: { ids: run.surroundings.subnetIds.slice(0, 2) } };
}

function served(run: Run): void {
  run.cluster.addNamespace('team-a', { ml: 'true' });
  run.create(linkName, specWith(run));
}

const flags = { clients: true, namespaceWorkers: 2 };

function scenario(name: string, rest: Omit<Scenario, 'name'>): Scenario {
  return { name: `cluster policy: ${name}`, flags, ...rest };
}

export const clusterPolicyScenarios: readonly Scenario[] = [
  scenario('create', {
    before: (run) => run.cluster.addNamespace('team-a', { ml: 'true' }),
    act: (run) => run.create(linkName, specWith(run)),
    end: 'ready',
  }),
  scenario('delete', {
    covers: ['F21'],
    before: served,
    act: (run) => run.delete(linkName),
    end: 'gone',
  }),
  scenario('another priority', {
    covers: ['F15'],
    before: served,
    act: (run) => run.replaceSpec(linkName, specWith(run, { priority: 70 })),
    end: 'ready',
  }),
  scenario('in the place of namespaced ones', {
    covers: ['F15'],
    before: served,
    act: (run) => run.replaceSpec(linkName, specWith(run, { namespacedPolicies: 'Omit' })),
    end: 'ready',
  }),
  scenario('a subnet is added', {
    covers: ['F15'],
    // Without a namespace nothing else keeps the condition from being true.
    before: (run) => run.create(linkName, inTwoZones(run)),
    act: (run) => run.replaceSpec(linkName, specWith(run)),
    end: 'ready',
  }),
  scenario('a subnet is taken away', {
    covers: ['F15'],
    before: served,
    act: (run) => run.replaceSpec(linkName, inTwoZones(run)),
    end: 'ready',
  }),
  scenario('an address is new while another one is not known', {
    before: served,
    async act(run) {
      const { metadata } = run.links.get(linkName);
      const [own] = holdingsOf(run.aws, ownerOf({ metadata } as never)).endpoints;
      const [first, second, ...rest] = own?.interfaces ?? [];
      if (own === undefined || first === undefined || second === undefined) return;
      const fresh = { ...first, id: 'eni-0f0f0f0f0f0f0f0f1', ipv4: '10.0.1.240' };
      const late = { ...second, id: 'eni-0f0f0f0f0f0f0f0f2', ipv4: undefined };
      run.ec2.changeEndpoint(own.id, { interfaces: [fresh, late, ...rest] });
      run.watcher.acceptWorld();
      await run.pass(10 * 60_000);
      const policies = JSON.stringify(run.cluster.clusterPolicies.list());
      for (const address of [fresh.ipv4, second.ipv4]) {
        if (!policies.includes(`${address}/32`)) {
          run.watcher.note('O14', `${address} is not open while another address is not known`);
        }
      }
      const known = { ...late, ipv4: '10.0.2.240' };
      run.ec2.changeEndpoint(own.id, { interfaces: [fresh, known, ...rest] });
      run.watcher.acceptWorld();
    },
    end: 'ready',
  }),
  scenario('objects are edited and deleted', {
    covers: ['F12'],
    before: served,
    act: ({ cluster }) =>
      cluster.spoilClusterPolicies((policies) => {
        const [first, second] = policies.list().map(({ metadata }) => metadata.name);
        const egress = [{ action: 'Pass', to: [{ networks: ['10.0.99.0/24'] }] }];
        policies.patch(first ?? '', { spec: { egress } }, 'object', { manager: editor });
        policies.delete(second ?? '');
      }),
    end: 'ready',
  }),
  scenario('the field goes', {
    covers: ['F15'],
    before: served,
    act: (run) => run.replaceSpec(linkName, { ...plainSpec(run.surroundings), clients }),
    end: 'ready',
  }),
  scenario('the kind is uninstalled', {
    before: served,
    act: ({ cluster }) => cluster.uninstallClusterPolicies(),
    end: 'stalled FlavorGone',
  }),
];
