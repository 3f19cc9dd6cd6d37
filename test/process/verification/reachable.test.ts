/** Links verified from pods: the operator as it is shipped, a real API server, a kubelet that is played. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from '../../environment/certificates.ts';
import { type DnsRecord, type DnsServer, startDnsServer } from '../../environment/dns-server.ts';
import { eventually } from '../../environment/eventually.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from '../cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { type Answer, type EndpointServers, startEndpointServers } from './endpoint-servers.ts';
import { Kubelet, type Place, type Pod, unschedulable, waiting } from './kubelet.ts';

const deploy = join(import.meta.dirname, '../../../deploy/components');
const image = 'registry.example.com/operator:test';
const args = [
  '--clients',
  '--verify',
  `--verify-image=${image}`,
  unlimitedEndpoints,
  '--orphan-sweep=1h',
  // So that no successor has to wait until the lease of a killed one has run out.
  '--no-leader-elect',
];
const name = 'api.sagemaker.us-east-1.amazonaws.com';
const loopback = ['127.0.0.41', '127.0.0.42'] as const;

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess;
let kubelet: Kubelet;
let amazon: CertificateAuthority;
let inspector: CertificateAuthority;
let folder: string;
let caFile: string;
const closers: { close(): Promise<void> }[] = [];
const end = new AbortController();
let working: Promise<void>;

/** The network that the pods of a namespace are in. */
interface World {
  readonly dns: DnsServer;
  readonly servers: EndpointServers;
  readonly env?: Record<string, string>;
  readonly status?: object;
}
const worlds = new Map<string, World>();

beforeAll(async () => {
  amazon = await createCertificateAuthority('Amazon RSA 2048 M02');
  inspector = await createCertificateAuthority('Corporate Inspection');
  folder = await mkdtemp(join(tmpdir(), 'smpl-verification-'));
  caFile = join(folder, 'authority.pem');
  await writeFile(caFile, amazon.cert);
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  for (const component of ['clients/roles.yaml', 'verify/roles.yaml', 'verify/pod-guard.yaml']) {
    await cluster.kubectlOrThrow(['apply', '-f', join(deploy, component)]);
  }
  operator = await cluster.startOperator({ args });
  kubelet = new Kubelet(cluster, placeOf);
  working = kubelet.workOn(end.signal);
}, 240_000);

afterAll(async () => {
  end.abort();
  await working;
  await cluster?.stop();
  await Promise.all(closers.map((one) => one.close()));
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

function placeOf({ metadata: { namespace } }: Pod): Place | undefined {
  const world = worlds.get(namespace);
  if (world === undefined) return undefined;
  const { dns, servers, env, status } = world;
  // AWS's addresses of the link are those of `loopback` on this machine.
  const translate = (text: string): string =>
    [...text.matchAll(/"ipv4":"([\d.]+)"/g)]
      .reduce((so, [, aws], index) => so.replaceAll(`"${aws}"`, `"${loopback[index]}"`), text)
      .replaceAll(`https://${name}`, `https://${name}:${servers.port}`);
  const extra = { ...(env && { env }), ...(status && { status }) };
  return { translate, dnsServer: dns.address, caFile, ...extra };
}

interface Network {
  /** Where the name leads to. */
  readonly record?: DnsRecord;
  readonly answers?: readonly [Answer, Answer];
  readonly env?: Record<string, string>;
  readonly status?: object;
}

async function sageMaker(authority = amazon, names = [name]): Promise<Answer> {
  return { kind: 'tls', ...(await authority.issue({ names })) };
}

/** Makes a namespace whose pods are in a network of their own. */
async function makeNamespace(namespace: string, network?: Network): Promise<void> {
  if (network !== undefined) await setNetwork(namespace, network);
  const labels = { ml: 'true', 'pod-security.kubernetes.io/enforce': 'restricted' };
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels },
  });
  // Kubernetes makes it, in a cluster with all of its controllers.
  const metadata = { name: 'default', namespace };
  await cluster.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
}

async function setNetwork(namespace: string, network: Network): Promise<void> {
  const { record = loopback, answers, ...extra } = network;
  const [first, second] = answers ?? [await sageMaker(), await sageMaker()];
  const dns = await startDnsServer(() => record);
  const servers = await startEndpointServers({ [loopback[0]]: first, [loopback[1]]: second });
  closers.push(dns, servers);
  worlds.set(namespace, { dns, servers, ...extra });
}

function link(verify: object | undefined, given: object = {}): Record<string, unknown> {
  const vpc = region.defaultVpc();
  const subnets = region.subnets(vpc.id).slice(0, 2);
  return sampleLink(region, 'ml', {
    subnets: { ids: subnets.map(({ id }) => id) },
    endpoints: [{ service: 'api' }],
    clients: {
      namespaceSelector: { matchLabels: { ml: 'true' } },
      networkPolicy: { podSelector: { matchLabels: { role: 'training' } } },
    },
    ...(verify === undefined ? {} : { verify }),
    ...given,
  });
}

const quietly = { mustNotAnswer: [] };

async function reachableIs(status: string, reason: string): Promise<SageMakerPrivateLink> {
  return cluster.linkThat('ml', `Reachable=${status} ${reason}`, (one) => {
    const condition = conditionOf(one, 'Reachable');
    return condition?.status === status && condition.reason === reason;
  });
}

function failingIn({ status }: SageMakerPrivateLink, namespace: string) {
  return status?.verify?.failing?.find((one) => one.namespace === namespace);
}

function zonesOf({ status }: SageMakerPrivateLink): readonly string[] {
  const interfaces = status?.endpoints?.[0]?.networkInterfaces ?? [];
  return interfaces.map(({ zone = '' }) => zone);
}

describe('a namespace in a good network', () => {
  test('is reachable, and the link says so beside being ready', async () => {
    await makeNamespace('good', undefined);
    await cluster.apply(link(quietly));
    await cluster.linkIsReady('ml');
    await reachableIs('Unknown', 'Verifying');
    await setNetwork('good', {});
    const reachable = await reachableIs('True', 'Succeeded');
    expect(reachable.status?.verify).toMatchObject({ namespaces: 1, reachable: 1 });
    expect(conditionOf(reachable, 'Ready')?.status).toBe('True');
  });

  test('runs one pod of the own image without any right, which the policy selects', async () => {
    const [pod, ...others] = await kubelet.pods();
    expect(others).toEqual([]);
    expect(pod?.metadata.labels).toMatchObject({ role: 'training' });
    expect(pod?.spec).toMatchObject({
      automountServiceAccountToken: false,
      restartPolicy: 'Never',
    });
    expect(pod?.spec.containers[0].image).toBe(image);
    expect(pod?.spec).not.toHaveProperty('volumes');
  });

  test('stays as it is with nothing written, also when the operator begins anew', async () => {
    const before = await reachableIs('True', 'Succeeded');
    await operator.stop('SIGKILL');
    operator = await cluster.startOperator({ args });
    await eventually(async () => {
      const passes = (await operator.log()).filter(({ message }) => message === 'pass ended');
      expect(passes.filter(({ controller }) => controller === 'verification')).not.toHaveLength(0);
      expect(passes.filter(({ key }) => key === 'ml').length).toBeGreaterThan(2);
    });
    const after = await reachableIs('True', 'Succeeded');
    expect(after.status?.verify).toEqual(before.status?.verify);
    expect(conditionOf(after, 'Reachable')).toEqual(conditionOf(before, 'Reachable'));
    expect(kubelet.runs).toBe(1);
  });
});

describe('namespaces in bad networks', () => {
  const nobody: Answer = { kind: 'nobody' };

  beforeAll(async () => {
    const inspected = await sageMaker(inspector);
    const other = await sageMaker(amazon, ['other.example.com']);
    const good = await sageMaker();
    await makeNamespace('dns-public', { record: ['203.0.113.7'] });
    await makeNamespace('dns-silent', { record: 'silence' });
    await makeNamespace('dns-unknown', { record: 'NXDOMAIN' });
    await makeNamespace('dns-other', { record: ['10.9.8.7'] });
    await makeNamespace('refused', { answers: [nobody, nobody] });
    await makeNamespace('one-zone', { answers: [good, nobody] });
    await makeNamespace('inspected', { answers: [inspected, inspected] });
    await makeNamespace('plain', { answers: [{ kind: 'http' }, good] });
    await makeNamespace('no-tls', { answers: [good, { kind: 'silent' }] });
    await makeNamespace('other-name', { answers: [other, other] });
    await makeNamespace('proxied', { env: { HTTPS_PROXY: 'http://proxy.example.com:3128' } });
    await makeNamespace('two-faults', { record: ['203.0.113.7'], answers: [nobody, good] });
    await makeNamespace('crash', { env: { SAGEMAKER_PRIVATELINK_LINK: 'no link' } });
    await makeNamespace('no-image', { status: waiting('ImagePullBackOff', 'Back-off pulling it') });
    await makeNamespace('no-node', { status: unschedulable('0/3 nodes are available') });
    await makeNamespace('evicted', {
      status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' },
    });
    await makeNamespace('quota', {});
    await useUp('quota');
    await cluster.apply(link({ ...quietly, maxNamespaces: 20 }));
  });

  /** A quota of no pods at all; its controller would write the status. */
  async function useUp(namespace: string): Promise<void> {
    const hard = { pods: '0' };
    const metadata = { name: 'none', namespace };
    await cluster.apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } });
    const patch = JSON.stringify({ status: { hard, used: { pods: '0' } } });
    const to = ['quota', 'none', '-n', namespace, '--subresource=status', '--type=merge'];
    await cluster.kubectlOrThrow(['patch', ...to, '-p', patch]);
  }

  let seen: SageMakerPrivateLink;

  test('are told from each other, while the good one stays reachable', async () => {
    seen = await cluster.linkThat(
      'ml',
      'verified everywhere',
      ({ status }) => {
        const failing = status?.verify?.failing ?? [];
        return failing.length === 17 && failing.every(({ reason }) => reason !== 'Verifying');
      },
      { withinMs: 120_000, everyMs: 300 },
    );
    expect(seen.status?.verify).toMatchObject({ namespaces: 18, reachable: 1 });
    const reasons = Object.fromEntries(
      (seen.status?.verify?.failing ?? []).map(({ namespace, state, reason }) => [
        namespace,
        `${state} ${reason}`,
      ]),
    );
    expect(reasons).toEqual({
      'dns-public': 'Unreachable PublicAddresses',
      'dns-silent': 'Unreachable ResolverSilent',
      'dns-unknown': 'Unreachable NameNotFound',
      'dns-other': 'Unreachable OtherAddresses',
      refused: 'Unreachable PolicyDenies',
      'one-zone': 'Unreachable PolicyDenies',
      inspected: 'Unreachable ProxyInBetween',
      plain: 'Unreachable ProxyInBetween',
      'no-tls': 'Unreachable NotTLS',
      'other-name': 'Unreachable WrongCertificate',
      proxied: 'Unreachable ProxyInBetween',
      'two-faults': 'Unreachable PublicAddresses',
      crash: 'Unknown NoVerdict',
      'no-image': 'Unknown PodNotStarted',
      'no-node': 'Unknown PodNotStarted',
      evicted: 'Unknown NoVerdict',
      quota: 'Unknown PodRefused',
    });
  });

  test('say in which zones, why, and what to do', () => {
    const [zoneA = '', zoneB = ''] = zonesOf(seen);
    expect(failingIn(seen, 'refused')?.zones).toEqual([zoneA, zoneB].sort());
    expect(failingIn(seen, 'one-zone')?.zones).toEqual([zoneB]);
    expect(failingIn(seen, 'one-zone')?.message).toContain('see the network ACL there');
    expect(failingIn(seen, 'two-faults')?.message).toMatch(/public addresses.*policy/);
    expect(failingIn(seen, 'dns-public')?.message).toMatch(
      /^api\S+, api\S+ lead to public addresses/,
    );
    expect(failingIn(seen, 'crash')?.message).toContain('SAGEMAKER_PRIVATELINK_LINK is not JSON');
    expect(failingIn(seen, 'no-image')?.message).toContain('ImagePullBackOff: Back-off pulling it');
    expect(failingIn(seen, 'no-node')?.message).toContain('0/3 nodes are available');
    expect(failingIn(seen, 'evicted')?.message).toContain('low on memory');
    expect(failingIn(seen, 'quota')?.message).toContain('exceeded quota: none');
  });

  test('make Reachable False with the first of them, and leave Ready alone', async () => {
    const condition = conditionOf(seen, 'Reachable');
    expect(condition).toMatchObject({ status: 'False', reason: 'OtherAddresses' });
    expect(condition?.message).toMatch(
      /^12 of 18 namespaces see a fault\. .*And 9 more, see status/,
    );
    await cluster.linkIsReady('ml');
  });

  test('are counted in the metrics', async () => {
    const response = await fetch(`${await operator.healthUrl()}/metrics`);
    const text = await response.text();
    const counted = 'sagemaker_privatelink_verified_namespaces';
    expect(text).toContain(`${counted}{state="Reachable",reason="Succeeded"} 1\n`);
    expect(text).toContain(`${counted}{state="Unreachable",reason="ProxyInBetween"} 3\n`);
    expect(text).toContain(`${counted}{state="Unknown",reason="PodRefused"} 1\n`);
  });

  test('write no status while nothing is new', async () => {
    const { resourceVersion } = (await reachableIs('False', 'OtherAddresses')).metadata;
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    const after = await reachableIs('False', 'OtherAddresses');
    expect(after.metadata.resourceVersion).toBe(resourceVersion);
  });

  test('are verified anew when somebody asks, and are reachable once their networks are good', async () => {
    for (const namespace of worlds.keys()) await setNetwork(namespace, {});
    await cluster.kubectlOrThrow(['delete', 'quota', 'none', '-n', 'quota']);
    // These have a pod that never ends.
    for (const namespace of ['no-image', 'no-node']) {
      await cluster.kubectlOrThrow(['delete', 'pod', '--all', '-n', namespace, '--grace-period=0']);
    }
    await cluster.lookNow('ml');
    const well = await cluster.linkThat(
      'ml',
      'reachable from everywhere',
      ({ status }) => status?.verify?.reachable === 18,
      { withinMs: 120_000, everyMs: 300 },
    );
    expect(conditionOf(well, 'Reachable')).toMatchObject({ status: 'True' });
  });
});

describe('pods', () => {
  test('of namespaces that are not chosen any more are deleted', async () => {
    await cluster.apply(link({ ...quietly, namespaces: ['good', 'quota', 'elsewhere'] }));
    await eventually(async () => {
      const namespaces = (await kubelet.pods()).map(({ metadata }) => metadata.namespace);
      expect([...new Set(namespaces)].sort()).toEqual(['good', 'quota']);
    });
    await cluster.linkThat(
      'ml',
      'two namespaces',
      ({ status }) => status?.verify?.namespaces === 2,
    );
  });

  test('verify other addresses at once', async () => {
    const before = kubelet.runs;
    const [victim] = region.endpoints();
    region.deleteEndpoint(victim?.id ?? '');
    await cluster.lookNow('ml');
    await cluster.linkThat('ml', 'on other addresses', (one) => {
      const [endpoint] = one.status?.endpoints ?? [];
      return endpoint?.id !== victim?.id && endpoint?.networkInterfaces?.length === 2;
    });
    await eventually(async () => expect(kubelet.runs).toBeGreaterThanOrEqual(before + 2), {
      withinMs: 60_000,
      everyMs: 300,
    });
    await reachableIs('True', 'Succeeded');
  });

  test('go when verification is turned off, with its condition', async () => {
    await cluster.apply(link(undefined));
    await eventually(async () => expect(await kubelet.pods()).toEqual([]));
    const off = await cluster.linkThat(
      'ml',
      'without Reachable',
      (one) => conditionOf(one, 'Reachable') === undefined,
    );
    expect(off.status).not.toHaveProperty('verify');
  });

  test('go with the link', async () => {
    await cluster.apply(link({ ...quietly, namespaces: ['good'] }));
    await eventually(async () => expect(await kubelet.pods()).not.toEqual([]), {
      withinMs: 30_000,
      everyMs: 200,
    });
    await cluster.remove('ml');
    await eventually(async () => expect(await kubelet.pods()).toEqual([]));
  });
});
