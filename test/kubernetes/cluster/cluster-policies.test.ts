/** Cluster-scoped policies on a real API server that serves each flavour's own kinds. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../environment/eventually.ts';
import { installKindsOf, removeKindsOf } from '../policies/installed-kinds.ts';
import { linksPath } from '../kind/install-kind.ts';
import { PolicyCluster, policyThat, type RunningPolicies } from './policy-cluster.ts';

let cluster: PolicyCluster;

beforeAll(async () => {
  cluster = await PolicyCluster.start();
}, 600_000);
afterAll(() => cluster?.stop());

const flavors = [
  {
    name: 'NetworkPolicyAPI',
    flavor: 'NetworkPolicyAPI',
    group: 'policy.networking.k8s.io',
    path: '/apis/policy.networking.k8s.io/v1beta1/clusternetworkpolicies',
  },
  {
    name: 'EKS',
    flavor: 'EKS',
    group: 'networking.k8s.aws',
    path: '/apis/networking.k8s.aws/v1alpha1/clusternetworkpolicies',
  },
  {
    name: 'Cilium',
    flavor: 'Cilium',
    group: 'cilium.io',
    path: '/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies',
  },
  {
    name: 'Calico',
    flavor: 'Calico',
    group: 'projectcalico.org',
    path: '/apis/projectcalico.org/v3/globalnetworkpolicies',
  },
  {
    name: 'Calico without its API server',
    flavor: 'Calico',
    group: 'crd.projectcalico.org',
    path: '/apis/crd.projectcalico.org/v1/globalnetworkpolicies',
  },
] as const;

const ready = ({ state }: { readonly state: string }): boolean => state === 'Ready';

/** The text of all policies there. */
async function textAt(path: string): Promise<string> {
  const policies = await cluster.policies(path);
  return JSON.stringify(policies.map(({ spec, specs }) => ({ spec, specs })));
}

async function remove(running: RunningPolicies, link: string): Promise<void> {
  await cluster.request('DELETE', `${linksPath}/${link}`);
  await eventually(() => expect(running.isFree(link)).toBe(true));
  await cluster.patchLink(link, { metadata: { finalizers: null } });
}

describe.each(flavors)('$name', ({ name, flavor, group, path }) => {
  const link = `ml-${name.toLowerCase().replaceAll(' ', '-')}`;
  let running: RunningPolicies;

  beforeAll(async () => {
    await installKindsOf(cluster.server, group);
    running = await cluster.run();
  }, 600_000);
  afterAll(async () => {
    await running.kill();
    await removeKindsOf(cluster.server, group);
  });

  test('is written when the endpoints are there, and not before', async () => {
    await cluster.createLink(link);
    await policyThat(running, link, ({ reason }) => reason === 'EndpointsNotAvailable');
    expect(await cluster.policies(path)).toEqual([]);
    await cluster.showAddresses(link, ['10.0.1.17', '10.0.2.17']);
    const result = await policyThat(running, link, ready);
    expect(result).toMatchObject({ flavor, inForce: true });
    const text = await textAt(path);
    expect(text).toContain('10.0.1.17/32');
    expect(text).toContain('10.0.2.17/32');
    for (const one of ['kube-node-lease', 'kube-public', 'kube-system', 'operators']) {
      expect(text).toContain(one);
    }
  });

  test('follows the addresses, and stays while they are not known', async () => {
    await cluster.showAddresses(link, []);
    await policyThat(running, link, ({ reason }) => reason === 'AddressesUnknown');
    expect(await textAt(path)).toContain('10.0.1.17/32');
    await cluster.showAddresses(link, ['10.0.1.99', '10.0.2.17']);
    await policyThat(running, link, ready);
    await eventually(async () => {
      const text = await textAt(path);
      expect(text).toContain('10.0.1.99/32');
      expect(text).not.toContain('10.0.1.17/32');
    });
  });

  test('is repaired after edits of others and deletions, and is left alone after that', async () => {
    const before = await textAt(path);
    const count = (await cluster.policies(path)).length;
    const [victim] = await cluster.policies(path);
    const labels = { 'sagemaker.privatelink.dev/link': 'another', cost: 'ml' };
    const one = `${path}/${victim?.metadata.name}`;
    const spec = flavor === 'Cilium' ? { egressDeny: null } : { ...shorterSpec(flavor) };
    await cluster.patch(one, { spec });
    await eventually(async () => expect(await textAt(path)).toBe(before));
    await cluster.patch(one, { metadata: { labels }, spec });
    await eventually(async () => {
      expect(await textAt(path)).toBe(before);
      const [repaired] = await cluster.policies(path);
      expect(repaired?.metadata.labels).toMatchObject({
        'sagemaker.privatelink.dev/link': link,
        cost: 'ml',
      });
    });
    await cluster.request('DELETE', one);
    await eventually(async () => {
      expect(await cluster.policies(path)).toHaveLength(count);
      expect(await textAt(path)).toBe(before);
    });
    await policyThat(running, link, ready);
    const written = running.writes.length;
    await cluster.showAddresses(link, ['10.0.1.99', '10.0.2.17'], { namespaces: 3 });
    await expect(quiet(running, written)).resolves.toBe(written);
  });

  test('goes with its link', async () => {
    await remove(running, link);
    expect(await cluster.policies(path)).toEqual([]);
    const tiers = path.replace('globalnetworkpolicies', 'tiers');
    expect(await cluster.policies(tiers === path ? `${path}none` : tiers)).toEqual([]);
  });
});

/** A part of the content that somebody changes. */
function shorterSpec(flavor: string): object {
  return flavor === 'Calico' ? { order: 7, doNotTrack: undefined } : { priority: 7 };
}

/** How many writes there are when nothing has been written for two seconds. */
async function quiet(running: RunningPolicies, atLeast: number): Promise<number> {
  let count = atLeast;
  for (let still = 0; still < 20; still += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (running.writes.length !== count) still = 0;
    count = running.writes.length;
  }
  return count;
}

describe('kinds that come and go', () => {
  const [api, eks] = flavors;
  let running: RunningPolicies;

  beforeAll(async () => {
    running = await cluster.run();
  });
  afterAll(() => running.kill());

  test('a cluster without one is named, and one that is installed is found', async () => {
    await cluster.createLink('kinds');
    await cluster.showAddresses('kinds', ['10.0.1.17']);
    const none = await policyThat(running, 'kinds', ({ state }) => state === 'Failing');
    expect(none).toMatchObject({ reason: 'NoFlavorServed', inForce: false });
    await cluster.patchLink('kinds', { spec: { clients: { clusterPolicy: { flavor: 'EKS' } } } });
    await policyThat(running, 'kinds', ({ reason }) => reason === 'FlavorNotServed');
    await installKindsOf(cluster.server, eks.group);
    expect(await policyThat(running, 'kinds', ready)).toMatchObject({ flavor: 'EKS' });
  });

  test('Auto stays with what is in use when a better kind is installed', async () => {
    await cluster.patchLink('kinds', { spec: { clients: { clusterPolicy: { flavor: 'Auto' } } } });
    await policyThat(running, 'kinds', ready);
    await installKindsOf(cluster.server, 'cilium.io');
    await cluster.showAddresses('kinds', ['10.0.1.18']);
    await eventually(async () => expect(await textAt(eks.path)).toContain('10.0.1.18/32'));
    expect(await policyThat(running, 'kinds', ready)).toMatchObject({ flavor: 'EKS' });
    await removeKindsOf(cluster.server, 'cilium.io');
  });

  test('another flavor is there whole before the former one goes', async () => {
    await installKindsOf(cluster.server, api.group);
    const before = running.writes.length;
    const clusterPolicy = { flavor: 'NetworkPolicyAPI' };
    await cluster.patchLink('kinds', { spec: { clients: { clusterPolicy } } });
    await policyThat(running, 'kinds', (one) => ready(one) && one.flavor === 'NetworkPolicyAPI');
    expect(await cluster.policies(eks.path)).toEqual([]);
    const writes = running.writes.slice(before).map(({ verb, path }) => {
      return `${verb} ${path.includes(api.group) ? 'new' : 'old'}`;
    });
    const made = writes.filter((one) => one === 'patch new');
    expect(made.length).toBe((await cluster.policies(api.path)).length);
    expect(writes).toEqual([...made, ...made.map(() => 'delete old')]);
  });

  test('a kind that is uninstalled takes its policies along, which is said', async () => {
    await removeKindsOf(cluster.server, api.group);
    const gone = await policyThat(running, 'kinds', ({ reason }) => {
      return reason === 'NoFlavorServed' || reason === 'FlavorNotServed' || reason === 'FlavorGone';
    });
    expect(gone).toMatchObject({ objects: [], inForce: false });
    await cluster.showAddresses('kinds', ['10.0.1.18'], {
      clusterPolicy: { flavor: 'NetworkPolicyAPI', objects: 2 },
    });
    const said = await policyThat(running, 'kinds', ({ reason }) => reason === 'FlavorGone');
    expect(said.message).toContain('are gone with it');
    await cluster.patchLink('kinds', { spec: { clients: { clusterPolicy: { flavor: 'Auto' } } } });
    expect(await policyThat(running, 'kinds', ready)).toMatchObject({ flavor: 'EKS' });
  });

  test('and holds no link that goes', async () => {
    await removeKindsOf(cluster.server, eks.group);
    await remove(running, 'kinds');
  });
});

describe('objects that are in the way', () => {
  const [, eks] = flavors;
  let running: RunningPolicies;

  beforeAll(async () => {
    await installKindsOf(cluster.server, eks.group);
    running = await cluster.run();
  });
  afterAll(async () => {
    await running.kill();
    await removeKindsOf(cluster.server, eks.group);
  });

  test('stay as they are, and nothing is written that relies on what they should be', async () => {
    await cluster.createLink('taken');
    const [name] = await wantedNames('taken');
    const spec = { tier: 'Admin', priority: 1, subject: { namespaces: {} } };
    const metadata = { name, labels: { 'app.kubernetes.io/managed-by': 'somebody' } };
    const kind = 'ClusterNetworkPolicy';
    await cluster.request('POST', eks.path, {
      apiVersion: 'networking.k8s.aws/v1alpha1',
      kind,
      metadata,
      spec,
    });
    const before = await cluster.policies(eks.path);
    await cluster.showAddresses('taken', ['10.0.1.17']);
    const result = await policyThat(running, 'taken', ({ state }) => state === 'Failing');
    expect(result.reason).toBe('OwnedByAnother');
    expect(result.message).toContain(`${kind} ${name} belongs to somebody`);
    expect(await cluster.policies(eks.path)).toEqual(before);
    await remove(running, 'taken');
    expect(await cluster.policies(eks.path)).toEqual(before);
  });

  /** The names that the link's objects get, of which the first is written first. */
  async function wantedNames(link: string): Promise<readonly string[]> {
    await cluster.showAddresses(link, ['10.0.1.17']);
    await policyThat(running, link, ready);
    const names = running.writes
      .filter(({ verb, path }) => verb === 'patch' && path.includes(`-${link}-`))
      .map(({ path }) => path.split('/').at(-1) ?? '');
    await cluster.showAddresses(link, [], { availableOnce: false });
    await policyThat(running, link, ({ state }) => state === 'Waiting');
    for (const { metadata } of await cluster.policies(eks.path)) {
      await cluster.request('DELETE', `${eks.path}/${metadata.name}`);
    }
    return names;
  }
});

test('the addresses of the API server are waited for, and wake policies and links', async () => {
  const [, eks] = flavors;
  await installKindsOf(cluster.server, eks.group);
  const running = await cluster.run();
  await cluster.createLink('api');
  const networkPolicy = { egress: { kubernetesAPI: true } };
  await cluster.patchLink('api', { spec: { clients: { networkPolicy } } });
  await cluster.showAddresses('api', ['10.0.1.17']);
  const waiting = await policyThat(running, 'api', ({ reason }) => reason === 'AddressesUnknown');
  expect(waiting.message).toContain('an EndpointSlice of it');
  await publishApiServer('203.0.113.7');
  await policyThat(running, 'api', ready);
  expect(await textAt(eks.path)).toContain('203.0.113.7/32');
  // A link on Audit has nothing but its status that could change.
  await cluster.createLink('audited');
  const audited = { networkPolicy: { ...networkPolicy, enforcement: 'Audit' } };
  await cluster.patchLink('audited', { spec: { clients: audited } });
  await policyThat(running, 'audited', ready);
  running.woken.clear();
  await publishApiServer('203.0.113.8');
  await eventually(async () => expect(await textAt(eks.path)).toContain('203.0.113.8/32'));
  await eventually(() => expect(running.woken).toContain('audited'));
  await remove(running, 'audited');
  await remove(running, 'api');
  await running.kill();
  await removeKindsOf(cluster.server, eks.group);
});

/** The endpoint slice that an API server keeps of itself, which one for tests alone does not. */
async function publishApiServer(address: string): Promise<void> {
  const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'shown', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address] }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  };
  await cluster.request(
    'PATCH',
    `${slices}/shown?fieldManager=test&force=true`,
    slice,
    'application/apply-patch+yaml',
  );
}

test('a field that the server does not know is told, and not tried all the time', async () => {
  const withoutField = (crd: string): string => crd.replaceAll('"enableDefaultDeny"', '"other"');
  await installKindsOf(cluster.server, 'cilium.io', withoutField);
  const running = await cluster.run();
  await cluster.createLink('older', { others: 'Deny' });
  await cluster.showAddresses('older', ['10.0.1.17']);
  const result = await policyThat(running, 'older', ({ reason }) => reason === 'WriteRefused');
  expect(result.message).toContain('enableDefaultDeny');
  const asked = (): number => running.writes.filter(({ path }) => path.includes('-others')).length;
  const before = asked();
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(asked() - before).toBeLessThan(10);
  await installKindsOf(cluster.server, 'cilium.io');
  await policyThat(running, 'older', ready);
  await remove(running, 'older');
  await running.kill();
  await removeKindsOf(cluster.server, 'cilium.io');
});

test('an operator that dies between any two writes is followed by one that goes on', async () => {
  const [api] = flavors;
  await installKindsOf(cluster.server, api.group);
  await cluster.createLink('mortal', { priority: 50 });
  await cluster.showAddresses('mortal', ['10.0.1.17']);
  for (const [round, priority] of [60, 61, 62, 63, 64].entries()) {
    const spec = { clients: { clusterPolicy: { priority } } };
    if (round > 0) await cluster.patchLink('mortal', { spec });
    const short = await cluster.run({ writes: round });
    await eventually(() => expect(short.writes.length).toBe(round));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await short.kill();
    const next = await cluster.run();
    await policyThat(next, 'mortal', ready);
    const policies = await cluster.policies(api.path);
    const wanted = round === 0 ? 50 : priority;
    const priorities = policies.map(({ spec: one }) => (one as { priority: number }).priority);
    expect(priorities.toSorted()).toEqual([wanted, wanted + 1]);
    if (priority === 64) await remove(next, 'mortal');
    await next.kill();
  }
  expect(await cluster.policies(api.path)).toEqual([]);
  await removeKindsOf(cluster.server, api.group);
});
