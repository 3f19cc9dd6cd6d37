/** Namespaces that a link selects, and what happens to them. */
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

const clients = {
  namespaceSelector: { matchLabels: { ml: 'true' } },
  configMap: { name: 'sagemaker' },
  networkPolicy: { podSelector: {} },
};

function specWithClients(run: Run): Record<string, unknown> {
  return { ...plainSpec(run.surroundings), clients };
}

function inTwoZones(run: Run): Record<string, unknown> {
  return { ...specWithClients(run), subnets: { ids: run.surroundings.subnetIds.slice(0, 2) } };
}

/** Two selected namespaces, and one that is none of the operator's business. */
function makeNamespaces({ cluster }: Run): void {
  cluster.addNamespace('team-a', { ml: 'true' });
  cluster.addNamespace('team-b', { ml: 'true' });
  cluster.addNamespace('bystander', { ml: 'false' });
  cluster.addConfigMap('bystander', 'sagemaker', { AWS_REGION: 'mine' });
}

function served(run: Run): void {
  makeNamespaces(run);
  run.create(linkName, specWithClients(run));
}

const flags = { clients: true, namespaceWorkers: 2 };

function scenario(name: string, rest: Omit<Scenario, 'name'>): Scenario {
  return { name: `clients: ${name}`, flags, ...rest };
}

export const clientScenarios: readonly Scenario[] = [
  scenario('create', {
    before: makeNamespaces,
    act: (run) => run.create(linkName, specWithClients(run)),
    end: 'ready',
  }),
  scenario('delete', {
    covers: ['F21'],
    before: served,
    act: (run) => run.delete(linkName),
    end: 'gone',
  }),
  scenario('delete during create', {
    covers: ['F21'],
    before: makeNamespaces,
    async act(run) {
      run.create(linkName, specWithClients(run));
      await run.pass(20_000);
      run.delete(linkName);
    },
    end: 'gone',
    mayStopEarly: true,
  }),
  scenario('namespaces come, are relabelled and leave', {
    before: served,
    act({ cluster }) {
      cluster.addNamespace('team-c', { ml: 'true' });
      cluster.relabel('team-a', { ml: null });
    },
    end: 'ready',
  }),
  scenario('objects are edited and deleted', {
    covers: ['F12'],
    before: served,
    act({ cluster }) {
      const data = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_STS: 'https://elsewhere' };
      cluster.edit('configMaps', 'team-a/sagemaker', { data });
      const egress = [{ to: [{ ipBlock: { cidr: '10.0.99.0/24' } }] }];
      cluster.edit('policies', 'team-a/sagemaker-privatelink', { spec: { egress } });
      cluster.policies.delete('team-b/sagemaker-privatelink');
    },
    end: 'ready',
  }),
  scenario('an endpoint is replaced', {
    covers: ['F12'],
    before: served,
    act(run) {
      const own = run.ec2.endpoints().find(({ serviceName, tags, deletion }) => {
        const isOwn = 'sagemaker.privatelink.dev/uid' in tags && deletion === undefined;
        const uid = run.link(linkName)?.metadata.uid;
        return (
          isOwn && tags['sagemaker.privatelink.dev/uid'] === uid && serviceName.endsWith('.api')
        );
      });
      run.ec2.deleteEndpoint(own?.id ?? '');
      run.watcher.acceptWorld();
    },
    end: 'ready',
  }),
  scenario('a subnet is taken away', {
    covers: ['F15'],
    before: served,
    act: (run) => run.replaceSpec(linkName, inTwoZones(run)),
    end: 'ready',
  }),
  scenario('a subnet is added', {
    covers: ['F15'],
    before(run) {
      makeNamespaces(run);
      run.create(linkName, inTwoZones(run));
    },
    act: (run) => run.replaceSpec(linkName, specWithClients(run)),
    end: 'ready',
  }),
  scenario('the field goes', {
    covers: ['F15'],
    before: served,
    act: (run) => run.replaceSpec(linkName, plainSpec(run.surroundings)),
    end: 'ready',
  }),
  scenario('an object is of somebody else', {
    covers: ['F22'],
    before(run) {
      makeNamespaces(run);
      // Nothing in it is in the way of a field: an apply would just add its own.
      run.cluster.addConfigMap('team-a', 'sagemaker', { TEAM: 'a' });
    },
    act: (run) => run.create(linkName, specWithClients(run)),
    end: 'stalled OwnedByAnother',
  }),
];
