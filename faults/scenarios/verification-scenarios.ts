/** Pods that verify a link, and what happens to them and around them. */
import { verifyLabel } from '../cluster/kubelet.ts';
import { ownerOf, plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { holdingsOf } from '../world/snapshot.ts';
import { linkName, type Scenario } from './scenario.ts';

const clients = {
  namespaceSelector: { matchLabels: { ml: 'true' } },
  configMap: { name: 'sagemaker' },
  networkPolicy: { podSelector: {} },
};

function specWith(run: Run, verify: object = {}): Record<string, unknown> {
  return { ...plainSpec(run.surroundings), clients, verify: { podsPerNamespace: 2, ...verify } };
}

/** Two selected namespaces, one that is not, and pods of others that claim to verify. */
function makeNamespaces({ cluster }: Run): void {
  cluster.addNamespace('team-a', { ml: 'true' });
  cluster.addNamespace('team-b', { ml: 'true' });
  cluster.addNamespace('bystander', { ml: 'false' });
  cluster.addPod('team-a', 'training', { team: 'a' });
  for (const namespace of ['team-a', 'bystander']) {
    cluster.addPod(namespace, 'imitation', { [verifyLabel]: linkName });
  }
}

function verified(run: Run): void {
  makeNamespaces(run);
  run.create(linkName, specWith(run));
}

const flags = { clients: true, verify: true, verifyImage: 'operator:1', namespaceWorkers: 2 };

function scenario(name: string, rest: Omit<Scenario, 'name'>): Scenario {
  return { name: `verification: ${name}`, flags, ...rest };
}

export const verificationScenarios: readonly Scenario[] = [
  scenario('create', {
    before: makeNamespaces,
    act: (run) => run.create(linkName, specWith(run)),
    end: 'ready',
  }),
  scenario('the field comes', {
    covers: ['F15'],
    before(run) {
      makeNamespaces(run);
      run.create(linkName, { ...plainSpec(run.surroundings), clients });
    },
    act: (run) => run.replaceSpec(linkName, specWith(run)),
    end: 'ready',
  }),
  scenario('the field goes', {
    covers: ['F15'],
    before: verified,
    act: (run) => run.replaceSpec(linkName, { ...plainSpec(run.surroundings), clients }),
    end: 'ready',
  }),
  scenario('delete', {
    covers: ['F21'],
    before: verified,
    act: (run) => run.delete(linkName),
    end: 'gone',
  }),
  scenario('delete while pods run', {
    covers: ['F21'],
    before(run) {
      makeNamespaces(run);
      run.create(linkName, { ...plainSpec(run.surroundings), clients });
    },
    async act(run) {
      run.replaceSpec(linkName, specWith(run));
      await run.pass(3_000);
      run.delete(linkName);
    },
    end: 'gone',
    mayStopEarly: true,
  }),
  scenario('the finalizer is taken off while no operator runs', {
    covers: ['F21'],
    before: verified,
    act(run) {
      const { metadata } = run.links.get(linkName);
      run.killAll();
      run.loseObject(linkName);
      run.watcher.abandon({ metadata } as never);
      run.startProcess();
    },
    end: 'gone',
  }),
  scenario('namespaces come and leave', {
    before: verified,
    act({ cluster }) {
      cluster.addNamespace('team-c', { ml: 'true' });
      cluster.relabel('team-a', { ml: null });
    },
    end: 'ready',
  }),
  scenario('more namespaces than are verified from', {
    before(run) {
      makeNamespaces(run);
      run.create(linkName, specWith(run, { maxNamespaces: 1 }));
    },
    act: ({ cluster }) => cluster.addNamespace('team-0', { ml: 'true' }),
    end: 'ready',
  }),
  scenario('an endpoint is replaced', {
    covers: ['F12'],
    before: verified,
    act(run) {
      const { metadata } = run.links.get(linkName);
      const [own] = holdingsOf(run.aws, ownerOf({ metadata } as never)).endpoints;
      run.ec2.deleteEndpoint(own?.id ?? '');
      run.watcher.acceptWorld();
    },
    end: 'ready',
  }),
  scenario('a subnet is taken away', {
    covers: ['F15'],
    before: verified,
    act: (run) =>
      run.update(linkName, {
        subnets: { ids: run.surroundings.subnetIds.slice(0, 2), tags: null },
      }),
    end: 'ready',
  }),
  scenario('somebody deletes the pods', {
    covers: ['F12'],
    before: verified,
    act: ({ cluster }) => cluster.deletePods('team-b', verifyLabel),
    end: 'ready',
  }),
  scenario('a quota takes no pods, and then it does', {
    covers: ['F18'],
    before(run) {
      makeNamespaces(run);
      run.create(linkName, { ...plainSpec(run.surroundings), clients });
    },
    async act(run) {
      run.cluster.setQuota('team-a', 'small');
      run.replaceSpec(linkName, specWith(run));
      await run.pass(60_000);
      run.cluster.setQuota('team-a', undefined);
    },
    end: 'ready',
  }),
  scenario('the network of a namespace fails', {
    before(run) {
      makeNamespaces(run);
      run.create(linkName, specWith(run, { interval: '20m' }));
    },
    act: (run) => run.kubelet.setNetwork('team-b', 'down'),
    end: 'ready',
    callsVary: true,
  }),
];
