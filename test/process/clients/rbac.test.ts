/** The requests about namespaces in the life of a link with clients, held against the component. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { eventually } from '../../environment/eventually.ts';
import { type AuditedRequest, requestsOf } from '../cluster/audit-log.ts';
import { covers, type Grant, grantsIn } from '../cluster/granted-rules.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';

const account = 'system:serviceaccount:sagemaker-privatelink-system:sagemaker-privatelink-operator';
const deploy = join(import.meta.dirname, '../../../deploy');
const component = join(deploy, 'components/clients');

let simulator: Simulator;
let cluster: OperatorCluster;
let requests: readonly AuditedRequest[];
let added: readonly Grant[];
let all: readonly Grant[];

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url, { own: { audit: 'Metadata' } });
  await cluster.kubectlOrThrow(['apply', '-f', join(component, 'roles.yaml')]);
  const operator = await cluster.startOperator({ args: ['--clients'] });
  await live();
  await operator.stop();
  requests = await requestsOf(account, cluster.server.auditLog);
  added = await grantsIn(component);
  all = [...(await grantsIn(deploy)), ...added];
}, 240_000);

afterAll(async () => {
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

test('nothing is forbidden, and everything is covered by deploy/ and the component', () => {
  const refused = requests.filter(({ responseStatus }) => responseStatus?.code === 403);
  expect(refused).toEqual([]);
  expect(requests.filter((request) => !all.some((grant) => covers(grant, request)))).toEqual([]);
});

test('every verb that the component grants is used', () => {
  // An apply that makes an object is a patch in the log, and needs the right to create as well.
  const asLogged = ({ verb, ...grant }: Grant): Grant => {
    return { ...grant, verb: verb === 'create' ? 'patch' : verb };
  };
  const spare = added.filter(
    (grant) => !requests.some((request) => covers(asLogged(grant), request)),
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
