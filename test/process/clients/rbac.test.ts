/** The requests about namespaces in the life of a link with clients, held against the component. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { discoverPolicyKinds } from '../../../src/cluster/cluster-policy/policy-kinds.ts';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import { planClusterPolicy } from '../../../src/plan/clients/cluster-policy/plan-cluster-policy.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { eventually } from '../../environment/eventually.ts';
import { installKindsOf, removeKindsOf } from '../../kubernetes/policies/installed-kinds.ts';
import { connect } from '../../kubernetes/widgets.ts';
import { type AuditedRequest, isDiscovery, requestsOf } from '../cluster/audit-log.ts';
import { covers, type Grant, grantsIn } from '../cluster/granted-rules.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';

const account = 'system:serviceaccount:sagemaker-privatelink-system:sagemaker-privatelink-operator';
const deploy = join(import.meta.dirname, '../../../deploy');
const component = join(deploy, 'components/clients');

let simulator: Simulator;
let cluster: OperatorCluster;
let admin: ApiClient;
let requests: readonly AuditedRequest[];
let added: readonly Grant[];
let all: readonly Grant[];

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url, { own: { audit: 'Metadata' } });
  await cluster.kubectlOrThrow(['apply', '-f', join(component, 'roles.yaml')]);
  admin = connect(cluster.kubeconfig);
  const operator = await cluster.startOperator({ args: ['--clients'] });
  await live();
  await liveWithEachFlavor();
  await operator.stop();
  requests = await requestsOf(account, cluster.server.auditLog);
  added = await grantsIn(component);
  all = [...(await grantsIn(join(deploy, 'base'))), ...added];
}, 600_000);

afterAll(async () => {
  await admin?.close();
  await cluster?.stop();
  await simulator?.close();
});

/** Objects are made, changed and deleted; two that somebody else has are in the way. */
async function live(): Promise<void> {
  const namespaces = ['team-a', 'team-b', 'taken'];
  for (const name of namespaces) {
    const metadata = { name, labels: { ml: 'true' } };
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
  }
  const inTheWay = (name: string) => ({ name, namespace: 'taken' });
  await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: inTheWay('sagemaker') });
  await cluster.apply({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: inTheWay('sagemaker-privatelink'),
    spec: { podSelector: { matchLabels: { nobody: 'true' } } },
  });
  const clients = {
    namespaceSelector: { matchLabels: { ml: 'true' } },
    configMap: { name: 'sagemaker' },
    networkPolicy: { podSelector: {}, egress: { kubernetesAPI: true } },
  };
  const region = simulator.world.region('us-east-1');
  await cluster.publishApiServer('203.0.113.7');
  await cluster.apply(sampleLink(region, 'ml', { clients }));
  await cluster.linkThat('ml', 'in the way of somebody', (link) => {
    const { namespaces: count, ready } = link.status?.clients ?? {};
    const reason = conditionOf(link, 'ClientsConfigured')?.reason;
    return reason === 'OwnedByAnother' && count === 3 && ready === 2;
  });
  await cluster.kubectlOrThrow(['delete', 'ns', 'taken', '--wait=false']);
  await cluster.kubectlOrThrow(['label', 'ns', 'taken', 'ml-']);
  await cluster.linkIsReady('ml');
  await cluster.remove('ml');
  await eventually(async () => {
    const left = await cluster.kubectlOrThrow([
      ...'get configmap,networkpolicy -A -o name -l'.split(' '),
      'app.kubernetes.io/managed-by=sagemaker-privatelink-operator',
    ]);
    expect(left).toBe('');
  });
}

/** The flavours in the order in which a link goes through them, with the group that has the kinds. */
const flavors = [
  { flavor: 'NetworkPolicyAPI', group: 'policy.networking.k8s.io' },
  { flavor: 'EKS', group: 'networking.k8s.aws' },
  { flavor: 'Cilium', group: 'cilium.io' },
  { flavor: 'Calico', group: 'projectcalico.org' },
] as const;

/** Calico's own store, where a cluster has no API server of Calico's. */
const inStore = (crd: string): string =>
  crd.replaceAll('projectcalico.org', 'crd.projectcalico.org').replaceAll('"v3"', '"v1"');

/** The kinds are installed one after another; each has objects of somebody else in the way. */
async function liveWithEachFlavor(): Promise<void> {
  const clients = {
    namespaceSelector: { matchLabels: { ml: 'true' } },
    // Nothing is written before somebody else's objects are in the way.
    networkPolicy: { podSelector: {}, egress: { namespaces: 'None' }, enforcement: 'Audit' },
    clusterPolicy: { namespacedPolicies: 'Omit' },
  };
  await cluster.apply(sampleLink(simulator.world.region('us-east-1'), 'wide', { clients }));
  for (const { flavor, group } of flavors) {
    await installKindsOf(cluster.server, group);
    await moveInto(flavor);
    await moveOut();
    if (flavor !== 'Calico') await removeKindsOf(cluster.server, group);
  }
  await removeKindsOf(cluster.server, 'projectcalico.org');
  await installKindsOf(cluster.server, 'projectcalico.org', inStore);
  await moveInto('Calico');
  await cluster.remove('wide');
}

/** Takes the policy away while its kind is there. */
async function moveOut(): Promise<void> {
  await patchClients({ networkPolicy: { enforcement: 'Audit' } });
  await cluster.linkThat('wide', 'without a policy', ({ status }) => {
    return status?.clients !== undefined && status.clients.clusterPolicy === undefined;
  });
}

async function patchClients(clients: object): Promise<void> {
  const patch = JSON.stringify({ spec: { clients } });
  await cluster.kubectlOrThrow(['patch', 'smpl', 'wide', '--type=merge', '-p', patch]);
}

/** Sets the flavour while its objects are somebody else's, and gives these away one by one. */
async function moveInto(flavor: (typeof flavors)[number]['flavor']): Promise<void> {
  const link = await cluster.linkThat('wide', 'its addresses', ({ status }) =>
    Boolean(status?.clients?.availableOnce && status.endpoints?.[0]?.networkInterfaces?.[0]?.ipv4),
  );
  const { clients } = link.spec;
  const clusterPolicy = { ...clients?.clusterPolicy, flavor };
  const networkPolicy = { ...clients?.networkPolicy, enforcement: 'Enforce' };
  const spec = { ...link.spec, clients: { ...clients, networkPolicy, clusterPolicy } };
  const { wanted } = planClusterPolicy({ ...link, spec } as SageMakerPrivateLink, {
    served: await discoverPolicyKinds(admin, new AbortController().signal),
    existing: [],
    cluster: { kubernetesAPI: [] },
    operatorNamespace: 'sagemaker-privatelink-system',
    areNamespacesHeld: true,
  });
  const theirs = wanted.map((object) => {
    return { ...object, metadata: { name: object.metadata.name } };
  });
  for (const object of theirs) await cluster.apply(object);
  await patchClients({ networkPolicy: { enforcement: 'Enforce' }, clusterPolicy: { flavor } });
  for (const { apiVersion, kind, metadata } of theirs) {
    await cluster.linkThat('wide', `${metadata.name} of somebody`, (one) => {
      const { reason, message = '' } = conditionOf(one, 'ClientsConfigured') ?? {};
      return reason === 'OwnedByAnother' && message.includes(`${kind} ${metadata.name} `);
    });
    const [group] = apiVersion.split('/');
    await cluster.kubectlOrThrow(['delete', `${kind}.${group}`, metadata.name]);
  }
  await cluster.linkThat('wide', `a policy of ${flavor}`, (one) => {
    const { flavor: now, objects, hash } = one.status?.clients?.clusterPolicy ?? {};
    return now === flavor && objects === wanted.length && hash !== undefined;
  });
}

test('nothing is forbidden, and everything is covered by deploy/ and the component', () => {
  // Nobody may write an object of a kind that is being uninstalled.
  const isOfUninstalled = (message = ''): boolean => message.includes('definition is terminating');
  const refused = requests.filter(
    ({ responseStatus: { code, message } = {} }) => code === 403 && !isOfUninstalled(message),
  );
  expect(refused).toEqual([]);
  const about = requests.filter((request) => !isDiscovery(request));
  expect(about.filter((request) => !all.some((grant) => covers(grant, request)))).toEqual([]);
});

test('every verb that the component grants is used', () => {
  // An apply that makes an object is a patch in the log, and needs the right to create as well.
  const asLogged = ({ verb, ...grant }: Grant): Grant => {
    return { ...grant, verb: verb === 'create' ? 'patch' : verb };
  };
  // No request is about it: Calico's own API server looks for it beside the right on policies.
  const isOfCalico = ({ resource }: Grant): boolean => resource === 'tier.globalnetworkpolicies';
  const spare = added.filter(
    (grant) => !isOfCalico(grant) && !requests.some((request) => covers(asLogged(grant), request)),
  );
  expect(spare).toEqual([]);
});

test('without the right to create an apply makes nothing', async () => {
  const role = 'sagemaker-privatelink-operator-clients';
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', namespace: 'team-a' },
  };
  const apply = () =>
    cluster.kubectl(
      ['apply', '--server-side', `--as=${account}`, '-f', '-'],
      JSON.stringify(object),
    );
  expect(await apply()).toMatchObject({ exitCode: 0 });
  await cluster.kubectlOrThrow(['delete', 'configmap', 'x', '-n', 'team-a']);
  const { rules } = JSON.parse(
    await cluster.kubectlOrThrow(['get', 'clusterrole', role, '-o', 'json']),
  ) as { rules: { verbs: string[] }[] };
  const fewer = rules.map((rule) => ({
    ...rule,
    verbs: rule.verbs.filter((verb) => verb !== 'create'),
  }));
  const patch = JSON.stringify({ rules: fewer });
  await cluster.kubectlOrThrow(['patch', 'clusterrole', role, '--type=merge', '-p', patch]);
  await eventually(async () => {
    const { exitCode, stderr } = await apply();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/cannot create resource "configmaps"/),
    });
  });
});

test('one write for each object, and no read but for what is in the way', () => {
  const about = (namespace: string) =>
    requests.filter(({ objectRef }) => objectRef?.namespace === namespace);
  for (const namespace of ['team-a', 'team-b']) {
    const verbs = about(namespace).map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}`);
    expect(verbs.toSorted()).toEqual([
      'delete configmaps',
      'delete networkpolicies',
      'patch configmaps',
      'patch networkpolicies',
    ]);
  }
});
