/** The requests about pods in the life of a verified link, and what else the operator could do with them. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { eventually } from '../../environment/eventually.ts';
import { type AuditedRequest, isDiscovery, requestsOf } from '../cluster/audit-log.ts';
import { covers, type Grant, grantsIn } from '../cluster/granted-rules.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { Kubelet, type Pod } from './kubelet.ts';

const system = 'sagemaker-privatelink-system';
const account = `system:serviceaccount:${system}:sagemaker-privatelink-operator`;
const deploy = join(import.meta.dirname, '../../../deploy');
const component = join(deploy, 'components/verify');
const clients = join(deploy, 'components/clients');
const ownImage = 'registry.example.com/operator:of-the-own-pod';

let simulator: Simulator;
let cluster: OperatorCluster;
let made: Pod;
let requests: readonly AuditedRequest[];
let added: readonly Grant[];
let all: readonly Grant[];

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url, { own: { audit: 'Metadata' } });
  for (const file of [join(clients, 'roles.yaml'), join(component, 'roles.yaml')]) {
    await cluster.kubectlOrThrow(['apply', '-f', file]);
  }
  await cluster.kubectlOrThrow(['apply', '-f', join(component, 'pod-guard.yaml')]);
  await makeNamespace('team-a', { ml: 'true' });
  await makeNamespace(system, {});
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'operator-0', namespace: system },
    spec: {
      containers: [
        { name: 'sidecar', image: 'registry.example.com/sidecar:1' },
        { name: 'operator', image: ownImage },
      ],
    },
  });
  await live();
  requests = await requestsOf(account, cluster.server.auditLog);
  added = await grantsIn(component);
  all = [...(await grantsIn(join(deploy, 'base'))), ...(await grantsIn(clients)), ...added];
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

async function makeNamespace(name: string, labels: Record<string, string>): Promise<void> {
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  const metadata = { name: 'default', namespace: name };
  await cluster.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
}

/** A pod is made, and goes with the link. */
async function live(): Promise<void> {
  const env = { POD_NAME: 'operator-0' };
  const operator = await cluster.startOperator({ args: ['--clients', '--verify'], env });
  const spec = {
    clients: {
      namespaceSelector: { matchLabels: { ml: 'true' } },
      networkPolicy: { podSelector: {} },
    },
    verify: {},
  };
  await cluster.apply(sampleLink(simulator.world.region('us-east-1'), 'ml', spec));
  const kubelet = new Kubelet(cluster, () => undefined);
  made = await eventually(
    async () => {
      const [pod] = await kubelet.pods();
      if (pod === undefined) throw new Error('no pod yet');
      return pod;
    },
    { withinMs: 60_000, everyMs: 200 },
  );
  await cluster.remove('ml');
  await eventually(async () => expect(await kubelet.pods()).toEqual([]));
  await operator.stop();
}

test('nothing is forbidden, and everything is covered by deploy/ and the components', () => {
  const refused = requests.filter(({ responseStatus }) => responseStatus?.code === 403);
  expect(refused).toEqual([]);
  const others = requests.filter((request) => !isDiscovery(request));
  expect(others.filter((request) => !all.some((grant) => covers(grant, request)))).toEqual([]);
});

test('every verb that the component grants is used', () => {
  const spare = added.filter((grant) => !requests.some((request) => covers(grant, request)));
  expect(spare).toEqual([]);
  expect(added).not.toEqual([]);
});

test("a pod has the image of the operator's own pod", () => {
  expect(made.spec.containers[0].image).toBe(ownImage);
});

describe('the pod guard', () => {
  type Changes = {
    readonly metadata?: object;
    readonly spec?: object;
    readonly container?: object;
  };

  /** The operator's own pod with changes, made by the operator's account. */
  function make(name: string, changes: Changes = {}) {
    const { labels, ownerReferences } = made.metadata as Pod['metadata'] & {
      ownerReferences: object[];
    };
    const { serviceAccountName: _, ...spec } = made.spec;
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'team-a', labels, ownerReferences, ...changes.metadata },
      spec: {
        ...spec,
        ...changes.spec,
        containers: [{ ...spec.containers[0], ...changes.container }],
      },
    };
    const as = ['create', `--as=${account}`, '-f', '-'];
    return cluster.kubectl(as, JSON.stringify(pod));
  }

  test('lets the pods of the operator be made and deleted', async () => {
    expect(await make('fine')).toMatchObject({ exitCode: 0, stderr: '' });
    const remove = ['delete', 'pod', 'fine', '-n', 'team-a', `--as=${account}`, '--wait=false'];
    expect(await cluster.kubectl(remove)).toMatchObject({ exitCode: 0 });
  });

  const secret = { secret: { secretName: 'credentials' } };
  const fromSecret = { secretKeyRef: { name: 'credentials', key: 'key' } };
  test.each<[string, Changes, RegExp]>([
    ['without the label', { metadata: { labels: {} } }, /only pods that verify a link/],
    ['of nobody', { metadata: { ownerReferences: [] } }, /only pods that verify a link/],
    ['with a token', { spec: { automountServiceAccountToken: true } }, /neither token/],
    ['with another account', { spec: { serviceAccountName: 'admin' } }, /neither token/],
    ['with a secret mounted', { spec: { volumes: [{ name: 'x', ...secret }] } }, /no volumes/],
    [
      'with a variable from a secret',
      { container: { env: [{ name: 'X', valueFrom: fromSecret }] } },
      /read no secrets/,
    ],
    [
      'with all of a secret',
      { container: { envFrom: [{ secretRef: { name: 'x' } }] } },
      /read no secrets/,
    ],
    ['in the network of the node', { spec: { hostNetwork: true } }, /run restricted/],
    ['on a node of choice', { spec: { nodeName: 'control-plane' } }, /run restricted/],
    [
      'with privileges',
      { container: { securityContext: { allowPrivilegeEscalation: true } } },
      /run restricted/,
    ],
    ['as root', { spec: { securityContext: { runAsUser: 0 } } }, /run restricted/],
  ])('refuses a pod %s', async (_, changes, words) => {
    await cluster.kubectl(['create', 'serviceaccount', 'admin', '-n', 'team-a']);
    const { exitCode, stderr } = await make('other', changes);
    expect(stderr).toMatch(words);
    expect(exitCode).toBe(1);
  });

  test('refuses the deletion of the pods of others, who are held to nothing', async () => {
    const run = ['run', 'trainer', '-n', 'team-a', '--image=registry.example.com/trainer:1'];
    expect(await cluster.kubectl(run)).toMatchObject({ exitCode: 0 });
    const remove = ['delete', 'pod', 'trainer', '-n', 'team-a', `--as=${account}`, '--wait=false'];
    const { exitCode, stderr } = await cluster.kubectl(remove);
    expect(stderr).toMatch(/only pods that verify a link/);
    expect(exitCode).toBe(1);
  });
});

test('without the component the link says what is missing', async () => {
  const role = 'sagemaker-privatelink-operator-verify';
  await cluster.kubectlOrThrow(['delete', 'clusterrolebinding', role]);
  const args = ['--clients', '--verify', '--verify-image=x', '--lease-name=other'];
  const operator = await cluster.startOperator({ args: [...args, '--no-leader-elect'] });
  const spec = {
    clients: {
      namespaceSelector: { matchLabels: { ml: 'true' } },
      networkPolicy: { podSelector: {} },
    },
    verify: {},
  };
  const region = simulator.world.region('us-east-1');
  await cluster.apply(sampleLink(region, 'ml', spec));
  const forbidden = await cluster.linkThat('ml', 'without rights on pods', (link) => {
    return conditionOf(link, 'Reachable')?.reason === 'ClusterUnavailable';
  });
  expect(conditionOf(forbidden, 'Reachable')).toMatchObject({ status: 'Unknown' });
  expect(conditionOf(forbidden, 'Reachable')?.message).toMatch(/pods.*forbidden/);
  await operator.stop();
  const without = await cluster.startOperator({ args: ['--clients', '--no-leader-elect'] });
  const disabled = await cluster.linkThat('ml', 'disabled', (link) => {
    return conditionOf(link, 'Reachable')?.reason === 'VerifyDisabled';
  });
  expect(conditionOf(disabled, 'Reachable')?.message).toContain('component verify');
  await cluster.linkIsReady('ml');
  await without.stop();
});
