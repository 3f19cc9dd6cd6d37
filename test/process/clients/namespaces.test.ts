/** The life of namespaces that links select, with the operator as it is shipped. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { eventually } from '../../environment/eventually.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from '../cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';

const component = join(import.meta.dirname, '../../../deploy/components/clients/roles.yaml');
// Without a lease, so that no successor has to wait until that of a killed one has run out.
const args = ['--clients', unlimitedEndpoints, '--orphan-sweep=1h', '--no-leader-elect'];

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  await cluster.kubectlOrThrow(['apply', '-f', component]);
  operator = await cluster.startOperator({ args });
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

interface Policy {
  readonly metadata: { readonly uid: string; readonly labels?: Record<string, string> };
  readonly spec: {
    readonly egress: readonly { readonly to: readonly { ipBlock?: { cidr: string } }[] }[];
  };
}

interface ConfigMap {
  readonly metadata: { readonly uid: string };
  readonly data: Record<string, string>;
}

async function read<T>(path: string): Promise<T | undefined> {
  const { status, body } = await cluster.server.request({ path });
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${path}: ${status}`);
  return body as T;
}

const policyOf = (namespace: string): Promise<Policy | undefined> =>
  read(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/sagemaker-privatelink`);
const configMapOf = (namespace: string, name = 'sagemaker'): Promise<ConfigMap | undefined> =>
  read(`/api/v1/namespaces/${namespace}/configmaps/${name}`);

function cidrsOf(policy: Policy | undefined): readonly string[] {
  const peers = (policy?.spec.egress ?? []).flatMap(({ to }) => to);
  return peers.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []);
}

async function makeNamespace(name: string, labels: Record<string, string>): Promise<void> {
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

/** A link whose clients are the namespaces with the label team=`name`; several may be in one VPC. */
function linkWithClients(name: string, clients: object = {}, service = 'api') {
  return sampleLink(region, name, {
    endpoints: [{ service, privateDNS: false }],
    clients: {
      namespaceSelector: { matchLabels: { team: name } },
      configMap: { name: 'sagemaker' },
      networkPolicy: { podSelector: {} },
      ...clients,
    },
  });
}

/** Where pods of a link's namespaces find its endpoints, as AWS shows it. */
function addressesOf(link: SageMakerPrivateLink): readonly string[] {
  const interfaces = (link.status?.endpoints ?? []).flatMap((one) => one.networkInterfaces ?? []);
  return interfaces.flatMap(({ ipv4 }) => (ipv4 === undefined ? [] : [`${ipv4}/32`]));
}

/** Waits until a namespace has what is wanted; the time that it took, in ms. */
async function served(namespace: string): Promise<number> {
  const begun = performance.now();
  await eventually(
    async () => {
      expect(await configMapOf(namespace)).toBeDefined();
      expect(await policyOf(namespace)).toBeDefined();
    },
    { withinMs: 30_000, everyMs: 20 },
  );
  return performance.now() - begun;
}

async function clientsAre(name: string, status: 'True' | 'False', reason?: string) {
  return cluster.linkThat(name, `ClientsConfigured=${status} ${reason ?? ''}`, (link) => {
    const condition = conditionOf(link, 'ClientsConfigured');
    return condition?.status === status && (reason === undefined || condition.reason === reason);
  });
}

/** With private DNS, as most links have it. */
function specOfOne() {
  const { spec } = linkWithClients('one') as { spec: object };
  return { ...spec, endpoints: [{ service: 'api' }, { service: 'runtime' }] };
}

describe('one link', () => {
  test('gives each selected namespace its ConfigMap and policy, and counts them', async () => {
    await makeNamespace('one-a', { team: 'one' });
    await makeNamespace('one-b', { team: 'one' });
    await makeNamespace('bystander', { team: 'other' });
    await cluster.apply({ ...linkWithClients('one'), spec: specOfOne() });
    const link = await cluster.linkIsReady('one');
    expect(link.status?.clients).toMatchObject({ namespaces: 2, ready: 2, availableOnce: true });
    expect(conditionOf(link, 'ClientsConfigured')?.status).toBe('True');
    for (const namespace of ['one-a', 'one-b']) {
      expect((await configMapOf(namespace))?.data).toMatchObject({
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL_SAGEMAKER: 'https://api.sagemaker.us-east-1.amazonaws.com',
      });
      expect(cidrsOf(await policyOf(namespace))).toEqual(
        expect.arrayContaining([...addressesOf(link)]),
      );
    }
    expect(await policyOf('bystander')).toBeUndefined();
    expect(await configMapOf('bystander')).toBeUndefined();
  });

  test('serves a new and a relabelled namespace within a second', async () => {
    await makeNamespace('one-new', { team: 'one' });
    expect(await served('one-new')).toBeLessThan(1_000);
    await cluster.kubectlOrThrow(['label', 'ns', 'bystander', 'team=one', '--overwrite']);
    expect(await served('bystander')).toBeLessThan(1_000);
  });

  test('cleans a namespace that leaves the selection', async () => {
    await cluster.kubectlOrThrow(['label', 'ns', 'bystander', 'team=other', '--overwrite']);
    await eventually(async () => {
      expect(await policyOf('bystander')).toBeUndefined();
      expect(await configMapOf('bystander')).toBeUndefined();
    });
    await cluster.linkThat('one', 'three namespaces', (link) => link.status?.clients?.ready === 3);
  });

  test('repairs what somebody edits or deletes, and leaves their labels', async () => {
    const data = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_STS: 'https://elsewhere' };
    const edit = JSON.stringify({ data, metadata: { labels: { cost: 'ml' } } });
    const words = ['patch', 'configmap', 'sagemaker', '-n', 'one-a', '--type=merge', '-p', edit];
    await cluster.kubectlOrThrow(words);
    await cluster.kubectlOrThrow(['delete', 'netpol', 'sagemaker-privatelink', '-n', 'one-b']);
    await eventually(async () => {
      const configMap = await configMapOf('one-a');
      expect(configMap?.data).toMatchObject({ AWS_REGION: 'us-east-1' });
      expect(configMap?.data).not.toHaveProperty('AWS_ENDPOINT_URL_STS');
      expect(configMap?.metadata).toMatchObject({ labels: { cost: 'ml' } });
      expect(await policyOf('one-b')).toBeDefined();
    });
  });

  test('follows the addresses of an endpoint that is replaced', async () => {
    const before = addressesOf(await cluster.linkIsReady('one'));
    const [victim] = region.endpoints().filter(({ serviceName }) => serviceName.endsWith('.api'));
    region.deleteEndpoint(victim?.id ?? '');
    await cluster.lookNow('one');
    await cluster.linkThat('one', 'on other addresses', (link) => {
      const now = addressesOf(link);
      return (
        now.length === before.length &&
        now.some((address) => !before.includes(address)) &&
        conditionOf(link, 'Ready')?.status === 'True'
      );
    });
    const now = addressesOf(await cluster.linkIsReady('one'));
    const gone = before.filter((address) => !now.includes(address));
    expect(gone.length).toBeGreaterThan(0);
    for (const namespace of ['one-a', 'one-b', 'one-new']) {
      const cidrs = cidrsOf(await policyOf(namespace));
      expect(cidrs).toEqual(expect.arrayContaining([...now]));
      expect(cidrs.filter((cidr) => gone.includes(cidr))).toEqual([]);
    }
  });

  test('goes on where a killed operator was', async () => {
    await operator.stop('SIGKILL');
    await makeNamespace('one-meanwhile', { team: 'one' });
    await cluster.kubectlOrThrow(['delete', 'configmap', 'sagemaker', '-n', 'one-a']);
    operator = await cluster.startOperator({ args });
    await served('one-meanwhile');
    await served('one-a');
  });
});

describe('a namespace that fails', () => {
  test('stops no other, is named, and is tried again', async () => {
    await makeNamespace('fail-bad', { team: 'fail' });
    await makeNamespace('fail-good', { team: 'fail' });
    await refuseIn('fail-bad');
    await cluster.apply(linkWithClients('fail'));
    const link = await clientsAre('fail', 'False', 'WriteRefused');
    expect(link.status?.clients).toMatchObject({ namespaces: 2, ready: 1 });
    expect(link.status?.clients?.failing).toMatchObject([{ namespace: 'fail-bad' }]);
    expect(conditionOf(link, 'Available')?.status).toBe('True');
    expect(conditionOf(link, 'Ready')?.status).toBe('False');
    await served('fail-good');
    await allowAgain();
    await cluster.linkIsReady('fail');
    await served('fail-bad');
  });

  test('of which an object is somebody else’s names the owner and touches nothing', async () => {
    await makeNamespace('theirs', { team: 'theirs' });
    const data = { AWS_REGION: 'mine' };
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'sagemaker', namespace: 'theirs' },
      data,
    });
    const before = await configMapOf('theirs');
    await cluster.apply(linkWithClients('theirs'));
    const link = await clientsAre('theirs', 'False', 'OwnedByAnother');
    expect(conditionOf(link, 'ClientsConfigured')?.message).toMatch(/theirs: .*kubectl/);
    expect(await configMapOf('theirs')).toEqual(before);
  });
});

/** An admission policy that refuses what the operator writes into a namespace. */
async function refuseIn(namespace: string): Promise<void> {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  await cluster.apply({
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'no-policies' },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['networking.k8s.io'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['networkpolicies'],
          },
        ],
      },
      validations: [
        { expression: `object.metadata.namespace != '${namespace}'`, message: 'not in here' },
      ],
    },
  });
  await cluster.apply({
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'no-policies' },
    spec: { policyName: 'no-policies', validationActions: ['Deny'] },
  });
  // Admission takes some time to know of it.
  const probe = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'probe', namespace },
    spec: { podSelector: {} },
  };
  await eventually(async () => {
    const { exitCode } = await cluster.kubectl(
      ['create', '--dry-run=server', '-f', '-'],
      JSON.stringify(probe),
    );
    expect(exitCode).not.toBe(0);
  });
}

async function allowAgain(): Promise<void> {
  for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy']) {
    await cluster.kubectlOrThrow(['delete', kind, 'no-policies']);
  }
}

describe('two links for one namespace', () => {
  const both = { namespaceSelector: { matchLabels: { both: 'true' } } };

  test('that agree share one ConfigMap and one policy', async () => {
    await makeNamespace('shared', { both: 'true' });
    await cluster.apply(linkWithClients('first', both, 'api'));
    const first = await cluster.linkIsReady('first');
    await cluster.apply(linkWithClients('second', both, 'metrics'));
    const second = await cluster.linkIsReady('second');
    const cidrs = cidrsOf(await policyOf('shared'));
    expect(cidrs).toEqual(expect.arrayContaining([...addressesOf(first), ...addressesOf(second)]));
    const { data } = (await configMapOf('shared')) ?? { data: {} };
    expect(data).toHaveProperty('AWS_ENDPOINT_URL_SAGEMAKER');
    expect(data).toHaveProperty('AWS_ENDPOINT_URL_SAGEMAKER_METRICS');
  });

  test('that do not agree: the newcomer is refused by name, the other is served on', async () => {
    const before = await policyOf('shared');
    const pods = { networkPolicy: { podSelector: { matchLabels: { ml: 'true' } } } };
    await cluster.apply(linkWithClients('third', { ...both, ...pods }, 'runtime'));
    const third = await clientsAre('third', 'False', 'LinksDisagree');
    expect(conditionOf(third, 'ClientsConfigured')?.message).toContain('first');
    expect(cidrsOf(await policyOf('shared'))).toEqual(cidrsOf(before));
    await cluster.linkIsReady('first');
    await cluster.remove('third');
  });

  test('of which one goes leave what is the other’s', async () => {
    const first = await cluster.linkIsReady('first');
    await cluster.remove('second');
    const cidrs = cidrsOf(await policyOf('shared'));
    expect(cidrs).toEqual(expect.arrayContaining([...addressesOf(first)]));
    expect((await configMapOf('shared'))?.data).not.toHaveProperty(
      'AWS_ENDPOINT_URL_SAGEMAKER_METRICS',
    );
  });
});

test('the addresses of other services come from endpoints of the VPC', async () => {
  const vpcId = region.defaultVpc().id;
  region.run('CreateVpcEndpoint', {
    VpcId: vpcId,
    ServiceName: 'com.amazonaws.us-east-1.s3',
    VpcEndpointType: 'Gateway',
  });
  await makeNamespace('services', { team: 'services' });
  const egress = { awsServices: ['s3'], kubernetesAPI: true };
  const networkPolicy = { podSelector: {}, egress };
  await cluster.apply(linkWithClients('services', { networkPolicy }, 'featurestore-runtime'));
  await cluster.linkThat('services', 'waiting for the API server’s addresses', (one) =>
    Boolean(conditionOf(one, 'ClientsConfigured')?.message?.includes('the Kubernetes API server')),
  );
  expect(await policyOf('services')).toBeUndefined();
  await cluster.publishApiServer('203.0.113.7');
  const link = await cluster.linkIsReady('services');
  const [s3] = link.status?.clients?.services ?? [];
  expect(s3).toMatchObject({ service: 's3', state: 'available' });
  expect(s3?.cidrs?.length).toBeGreaterThan(0);
  const cidrs = cidrsOf(await policyOf('services'));
  expect(cidrs).toEqual(expect.arrayContaining([...(s3?.cidrs ?? [])]));
  const { clusterIP } = (
    await read<{ spec: { clusterIP: string } }>('/api/v1/namespaces/default/services/kubernetes')
  )?.spec ?? { clusterIP: '' };
  expect(cidrs).toEqual(expect.arrayContaining([`${clusterIP}/32`, '203.0.113.7/32']));
});

test('the deletion of a link cleans its namespaces, and then its endpoints go', async () => {
  const calls = simulator.calls().length;
  await cluster.remove('one');
  for (const namespace of ['one-a', 'one-b', 'one-new', 'one-meanwhile']) {
    expect(await policyOf(namespace)).toBeUndefined();
    expect(await configMapOf(namespace)).toBeUndefined();
  }
  const deletions = simulator.calls().slice(calls);
  expect(deletions.some(({ action }) => action === 'DeleteVpcEndpoints')).toBe(true);
});
