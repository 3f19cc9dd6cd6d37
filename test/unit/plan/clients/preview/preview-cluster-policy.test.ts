import { expect, test } from '@jest/globals';
import { previewClusterPolicy } from '../../../../../src/plan/clients/preview/preview-cluster-policy.ts';
import { clientLink, type LinkParts, plainPolicy, policyWith } from '../client-links.ts';

const served = [{ group: 'networking.k8s.aws', version: 'v1alpha1', kind: 'ClusterNetworkPolicy' }];
const clusterPolicy = {
  flavor: 'Auto',
  priority: 50,
  others: 'Allow',
  namespacedPolicies: 'Write',
} as const;
const clients = { networkPolicy: plainPolicy, clusterPolicy };

type Surroundings = Parameters<typeof previewClusterPolicy>[1];

function previewOf(parts: LinkParts = {}, surroundings: Partial<Surroundings> = {}) {
  return previewClusterPolicy(clientLink({ clients, ...parts }), {
    served,
    existing: [],
    cluster: { kubernetesAPI: [] },
    operatorNamespace: 'operators',
    ...surroundings,
  });
}

/** The objects of a preview, once they are written. */
function existingIn(preview: ReturnType<typeof previewOf>): Surroundings['existing'] {
  return (preview?.objects ?? []).map(({ object }) => {
    return { flavor: 'EKS', object, uid: 'u', managers: [], editors: [] } as const;
  });
}

function changesOf(preview: ReturnType<typeof previewOf>): readonly string[] {
  return [...new Set(preview?.objects.map(({ change }) => change))];
}

test('the policy is shown in the flavour that the cluster has, without the operator’s namespace', () => {
  const preview = previewOf();
  expect(preview).toMatchObject({ link: 'ml', flavor: 'EKS', findings: [], inForce: false });
  expect(changesOf(preview)).toEqual(['Create']);
  const text = JSON.stringify(preview?.objects);
  expect(text).toContain('10.0.1.17/32');
  expect(text).toContain('"kube-system","operators"');
});

test('one that is there is unchanged, updated or taken away', () => {
  const existing = existingIn(previewOf());
  const same = previewOf({}, { existing });
  expect(changesOf(same)).toEqual(['Unchanged']);
  expect(same?.inForce).toBe(true);
  const networkPolicy = policyWith({ podIdentity: false });
  const other = previewOf({ clients: { ...clients, networkPolicy } }, { existing });
  expect(changesOf(other)).toContain('Update');
  expect(other?.inForce).toBe(true);
  const moved = { ...clients, clusterPolicy: { ...clusterPolicy, priority: 60 } };
  const replaced = previewOf({ clients: moved }, { existing });
  expect(changesOf(replaced)).toEqual(['Create', 'Delete']);
  expect(replaced?.inForce).toBe(false);
});

test('the policies of other links are not looked at', () => {
  const existing = existingIn(previewOf({ name: 'other' }));
  expect(changesOf(previewOf({}, { existing }))).toEqual(['Create']);
});

test.each([
  [{ spec: { suspend: true } }, []],
  [{ clients: { ...clients, networkPolicy: { ...plainPolicy, enforcement: 'Audit' } } }, []],
  [{ status: { clients: { namespaces: 0, ready: 0 } } }, ['EndpointsNotAvailable']],
  [{ status: { endpoints: [] } }, ['AddressesUnknown']],
] as const)('nothing is written for %j', (parts, reasons) => {
  const { spec, clients: own, status } = parts as LinkParts;
  const preview = previewOf({
    ...(own === undefined ? {} : { clients: own }),
    ...(spec === undefined ? {} : { spec: { ...clientLink({ clients }).spec, ...spec } }),
    ...(status === undefined ? {} : { status }),
  });
  expect(changesOf(preview)).toEqual(['NotWritten']);
  expect(preview?.findings.map(({ reason }) => reason)).toEqual(reasons);
});

test('a cluster without such a kind is named, and so is a flavour that cannot say it', () => {
  const none = previewOf({}, { served: [] });
  expect(none).toMatchObject({ objects: [], findings: [{ reason: 'NoFlavorServed' }] });
  const omitted = { ...clients, clusterPolicy: { ...clusterPolicy, namespacedPolicies: 'Omit' } };
  const refused = previewOf({ clients: omitted as typeof clients });
  expect(refused).toMatchObject({ objects: [], findings: [{ reason: 'OwnNamespace' }] });
});

test('a link without one, or that is being deleted, has no preview', () => {
  expect(previewOf({ clients: { networkPolicy: plainPolicy } })).toBeUndefined();
  const link = clientLink({ clients });
  const metadata = { ...link.metadata, deletionTimestamp: '2026-03-01T00:00:00Z' };
  const surroundings = { served, existing: [], cluster: { kubernetesAPI: [] } };
  expect(previewClusterPolicy({ ...link, metadata }, surroundings)).toBeUndefined();
});
