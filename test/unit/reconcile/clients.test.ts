/** What a link says of its clients, and how they hold it when it is deleted. */
import { describe, expect, test } from '@jest/globals';
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkSpec,
} from '../../../src/api/sagemaker-private-link.ts';
import { basisOf } from '../../../src/plan/clients/status/basis.ts';
import type {
  ClientsView,
  ClusterPolicyResult,
  NamespaceResult,
} from '../../../src/plan/clients/status/clients-view.ts';
import { plainPolicy, policyWith } from '../plan/clients/client-links.ts';
import { ReconciledLink } from './reconciled-link.ts';

const clients: NonNullable<SageMakerPrivateLinkSpec['clients']> = {
  namespaceSelector: { matchLabels: { ml: 'true' } },
  networkPolicy: plainPolicy,
};

const kubernetesAPI = [{ address: '172.20.0.1', port: 443 }];

function known(
  results: Readonly<Record<string, NamespaceResult | undefined>>,
  holding: readonly string[] = [],
): Extract<ClientsView, { kind: 'Known' }> {
  const namespaces = Object.entries(results).map(([name, result]) => {
    return { name, ...(result === undefined ? {} : { result }) };
  });
  return { kind: 'Known', cluster: { kubernetesAPI }, namespaces, holding };
}

const ready = (link: SageMakerPrivateLink): NamespaceResult => {
  return { basis: basisOf(link), state: 'Ready', message: '' };
};

async function linkWith(
  view: (link: SageMakerPrivateLink) => ClientsView,
  spec: Partial<SageMakerPrivateLinkSpec> = { clients },
): Promise<ReconciledLink> {
  const one = new ReconciledLink();
  one.edit(spec);
  one.clients = view;
  await one.passes(6);
  return one;
}

describe('status.clients.egress', () => {
  const networkPolicy = policyWith({ kubernetesAPI: true });
  const egressOf = (one: ReconciledLink) => one.link?.status?.clients?.egress ?? [];

  test.each(['Enforce', 'Audit'] as const)('has the rules under %s', async (enforcement) => {
    const policy = { ...networkPolicy, enforcement };
    const spec = { clients: { ...clients, networkPolicy: policy } };
    const one = await linkWith((link) => known({ a: ready(link) }), spec);
    expect(egressOf(one)).toContainEqual({
      reason: 'egress.kubernetesAPI',
      to: ['172.20.0.1/32'],
      ports: 'TCP 443',
    });
    const interfaces = one.link?.status?.endpoints?.[0]?.networkInterfaces ?? [];
    const addresses = interfaces.map(({ ipv4 }) => `${ipv4}/32`).sort();
    expect(addresses).not.toEqual([]);
    expect(egressOf(one)).toContainEqual({
      reason: 'endpoint of api',
      to: addresses,
      ports: 'TCP 443',
    });
  });

  test('stays while the cluster cannot be read, and goes with the policy', async () => {
    const one = await linkWith((link) => known({ a: ready(link) }));
    const before = egressOf(one);
    expect(before).not.toEqual([]);
    one.clients = () => ({ kind: 'Unknown', message: 'Forbidden.' });
    await one.passes(1);
    expect(egressOf(one)).toEqual(before);
    const { networkPolicy: _none, ...others } = clients;
    one.edit({ clients: { ...others, configMap: { name: 'sagemaker' } } });
    one.clients = (link) => known({ a: ready(link) });
    await one.passes(1);
    expect(one.link?.status?.clients).not.toHaveProperty('egress');
  });
});

describe('ClientsConfigured', () => {
  test('is true when every namespace has what the addresses of now make', async () => {
    const one = await linkWith((link) => known({ a: ready(link), b: ready(link) }));
    expect(one.condition('ClientsConfigured')).toMatchObject({ status: 'True' });
    expect(one.condition('Ready')).toMatchObject({ status: 'True' });
    expect(one.link?.status?.clients).toMatchObject({
      namespaces: 2,
      ready: 2,
      availableOnce: true,
    });
  });

  test('is not true for content of other addresses, nor without a pass over a namespace', async () => {
    const old: NamespaceResult = { basis: 'another', state: 'Ready', message: '' };
    const one = await linkWith((link) => known({ a: ready(link), b: old, c: undefined }));
    expect(one.condition('ClientsConfigured')).toMatchObject({
      status: 'False',
      reason: 'ConfiguringNamespaces',
      message: expect.stringContaining('2 of 3'),
    });
    expect(one.condition('Available')).toMatchObject({ status: 'True' });
    expect(one.condition('Reconciling')).toBeDefined();
    // AWS is as the spec says: what differs from now on is drift.
    expect(one.link?.status?.appliedGeneration).toBe(one.link?.metadata.generation);
  });

  test('names the namespaces that fail, and is stalled by them', async () => {
    const one = await linkWith((link) =>
      known({
        good: ready(link),
        bad: { ...ready(link), state: 'Failing', reason: 'WriteRefused', message: 'A quota.' },
      }),
    );
    expect(one.condition('ClientsConfigured')).toMatchObject({
      reason: 'WriteRefused',
      message: '1 of 2 namespaces are not as wanted. bad: A quota.',
    });
    expect(one.link?.status?.clients?.failing).toEqual([{ namespace: 'bad', message: 'A quota.' }]);
    expect(one.condition('Stalled')).toMatchObject({ reason: 'WriteRefused' });
    expect(one.condition('Available')).toMatchObject({ status: 'True' });
  });

  test('waits with the reason of the namespaces that wait', async () => {
    const one = await linkWith((link) =>
      known({ a: { ...ready(link), state: 'Waiting', reason: 'UndoneAgain', message: 'Why.' } }),
    );
    expect(one.condition('ClientsConfigured')).toMatchObject({ reason: 'UndoneAgain' });
  });

  test('says that namespaces cannot be read, or are not looked after', async () => {
    const unknown = await linkWith(() => ({ kind: 'Unknown', message: 'Forbidden.' }));
    expect(unknown.condition('ClientsConfigured')).toMatchObject({
      reason: 'ClusterUnavailable',
      message: 'Forbidden.',
    });
    const disabled = await linkWith(() => ({ kind: 'Disabled', written: 0, policies: 0 }));
    expect(disabled.condition('ClientsConfigured')).toMatchObject({ reason: 'ClientsDisabled' });
    expect(disabled.condition('Available')).toMatchObject({ status: 'True' });
  });

  describe('with a cluster-scoped policy', () => {
    const clusterPolicy = {
      flavor: 'Auto',
      priority: 50,
      others: 'Allow',
      namespacedPolicies: 'Write',
    } as const;
    const spec = { clients: { ...clients, clusterPolicy } };
    const written = (link: SageMakerPrivateLink): ClusterPolicyResult => ({
      basis: basisOf(link),
      state: 'Ready',
      message: '',
      flavor: 'EKS',
      objects: ['ClusterNetworkPolicy a', 'ClusterNetworkPolicy b'],
      hash: '0a1b',
      inForce: true,
    });
    const withPolicy =
      (differs: Partial<ClusterPolicyResult>) =>
      (link: SageMakerPrivateLink): ClientsView => {
        return { ...known({ a: ready(link) }), clusterPolicy: { ...written(link), ...differs } };
      };

    test('is true when its objects say what the addresses of now make', async () => {
      const one = await linkWith(withPolicy({}), spec);
      expect(one.condition('ClientsConfigured')).toMatchObject({ status: 'True' });
      expect(one.link?.status?.clients?.clusterPolicy).toEqual({
        flavor: 'EKS',
        objects: 2,
        hash: '0a1b',
      });
    });

    test('waits for objects of these addresses', async () => {
      const one = await linkWith(withPolicy({ basis: 'another' }), spec);
      expect(one.condition('ClientsConfigured')).toMatchObject({
        status: 'False',
        reason: 'ConfiguringClusterPolicy',
      });
      expect(one.link?.status?.clients?.clusterPolicy).not.toHaveProperty('hash');
    });

    test('tells what is in the way', async () => {
      const problem = { state: 'Failing', reason: 'OwnedByAnother', message: 'Whose.' } as const;
      const one = await linkWith(withPolicy(problem), spec);
      expect(one.condition('ClientsConfigured')).toMatchObject({
        status: 'False',
        reason: 'OwnedByAnother',
        message: 'Whose.',
      });
      expect(one.condition('Stalled')).toMatchObject({ reason: 'OwnedByAnother' });
      expect(one.link?.status?.clients?.clusterPolicy?.message).toBe('Whose.');
    });

    test('holds a link that goes, until a pass that knows of it has found nothing', async () => {
      const one = await linkWith(withPolicy({}), spec);
      one.remove();
      await one.passes(3);
      expect(one.condition('Reconciling')?.message).toContain('ClusterNetworkPolicy a');
      one.clients = withPolicy({ objects: [], hash: '' });
      await one.passes(3);
      expect(one.world.endpoints.size).toBe(1);
      one.clients = withPolicy({ basis: 'going', objects: [], hash: '' });
      await one.passes(8);
      expect(one.link).toBeUndefined();
    });

    test('that leaves the spec is told until it is gone', async () => {
      const one = await linkWith(withPolicy({}), spec);
      one.edit({ clients });
      await one.passes(1);
      expect(one.condition('ClientsConfigured')).toMatchObject({ reason: 'CleaningClusterPolicy' });
      one.clients = withPolicy({ objects: [], hash: '' });
      await one.passes(1);
      expect(one.condition('ClientsConfigured')).toMatchObject({ status: 'True' });
      expect(one.link?.status?.clients).not.toHaveProperty('clusterPolicy');
    });
  });

  test('is absent from a link without clients, once former ones are cleaned', async () => {
    const one = await linkWith((link) => known({ a: ready(link) }, ['a']));
    one.edit({ clients: undefined as never });
    one.clients = () => known({}, ['a']);
    await one.passes(1);
    expect(one.condition('ClientsConfigured')).toMatchObject({ reason: 'CleaningNamespaces' });
    one.clients = () => known({});
    await one.passes(1);
    expect(one.condition('ClientsConfigured')).toBeUndefined();
    expect(one.link?.status?.clients).toBeUndefined();
    expect(one.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('of failing namespaces keeps no drift at AWS from being only reported', async () => {
    const one = await linkWith((link) =>
      known({ a: { ...ready(link), state: 'Failing', reason: 'WriteRefused', message: 'No.' } }),
    );
    one.edit({ driftPolicy: 'Report' });
    await one.passes(3);
    const [id = ''] = one.world.endpoints.keys();
    one.world.endpoints.delete(id);
    await one.passes(2);
    expect(one.link?.status?.drift).not.toBeUndefined();
    expect(one.world.endpoints.size).toBe(0);
  });
});

describe('services of the VPC', () => {
  const services = ['sts', 'com.amazonaws.eu-west-1.sagemaker.api'];
  const spec = { clients: { ...clients, networkPolicy: policyWith({ awsServices: services }) } };

  test('are shown with their addresses, and as missing where the VPC has no endpoint', async () => {
    const one = await linkWith((link) => known({ a: ready(link) }), spec);
    const [sts, api] = one.link?.status?.clients?.services ?? [];
    expect(sts).toMatchObject({ service: 'sts', state: 'Missing' });
    expect(api).toMatchObject({ state: 'available', addresses: expect.any(Array) });
    expect(api?.addresses?.length).toBeGreaterThan(0);
  });
});

describe('a link that is deleted', () => {
  test('keeps its endpoints until its namespaces are clean', async () => {
    const one = await linkWith((link) => known({ a: ready(link) }, ['a']));
    one.remove();
    await one.passes(3);
    expect(one.world.endpoints.size).toBe(1);
    expect(one.condition('Reconciling')?.message).toContain('One namespace still has');
    expect(one.condition('ClientsConfigured')).toMatchObject({ reason: 'Deleting' });
    one.clients = () => known({});
    await one.passes(8);
    expect(one.link).toBeUndefined();
    expect(one.world.endpoints.size).toBe(0);
  });

  test('is held by an operator that cannot reach what another one has written', async () => {
    const one = await linkWith((link) => known({ a: ready(link) }, ['a']));
    one.clients = () => ({ kind: 'Disabled', written: 1, policies: 0 });
    one.remove();
    await one.passes(3);
    expect(one.world.endpoints.size).toBe(1);
    expect(one.condition('Stalled')).toMatchObject({ reason: 'ClientsDisabled' });
  });

  test('waits for the list of namespaces only if it has clients', async () => {
    const unknown: ClientsView = { kind: 'Unknown', message: 'Not listed.' };
    const one = await linkWith(() => unknown);
    one.remove();
    await one.passes(8);
    expect(one.world.endpoints.size).toBe(1);
    const plain = await linkWith(() => unknown, {});
    plain.remove();
    await plain.passes(8);
    expect(plain.link).toBeUndefined();
  });
});
