import { expect, test } from '@jest/globals';
import {
  type ClusterFacts,
  clusterFacts,
  missingService,
  wantedEgress,
} from '../../../../src/plan/clients/wanted-egress.ts';
import { clientLink, plainPolicy, policyWith } from './client-links.ts';

const cluster: ClusterFacts = { kubernetesAPI: [] };
const tcp443 = [{ protocol: 'TCP', port: 443 }];
const port53 = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];

function egressOf(parts: Parameters<typeof clientLink>[0], facts = cluster) {
  return wantedEgress(clientLink(parts), facts);
}

test('by default pods reach DNS, the endpoints, their credentials and each other', () => {
  expect(egressOf({})).toEqual({
    wanted: {
      podSelector: {},
      allowed: [
        {
          kind: 'Pods',
          reason: 'DNS of the cluster',
          namespaces: {
            kind: 'Selected',
            selector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
          },
          podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          ports: port53,
        },
        {
          kind: 'Networks',
          reason: 'DNS on the node and egress.dnsServers',
          cidrs: ['169.254.20.10/32'],
          ports: port53,
        },
        {
          kind: 'Networks',
          reason: 'endpoint of api',
          cidrs: ['10.0.1.17/32', '10.0.2.17/32', '2001:db8::17/128'],
          ports: tcp443,
        },
        {
          kind: 'Networks',
          reason: 'egress.podIdentity',
          cidrs: ['169.254.170.23/32', 'fd00:ec2::23/128'],
          ports: [{ protocol: 'TCP', port: 80 }],
        },
        { kind: 'Pods', reason: 'egress.namespaces', namespaces: { kind: 'Own' }, ports: [] },
      ],
    },
    unknown: [],
    missing: [],
    boundless: [],
  });
});

test('nothing of it is instance metadata', () => {
  expect(JSON.stringify(egressOf({}))).not.toContain('169.254.169.254');
});

test('a link without a policy has no egress', () => {
  expect(egressOf({ clients: { configMap: { name: 'x' } } })).toBeUndefined();
});

test('other AWS services are opened by addresses, gateway endpoints by their prefix lists', () => {
  const egress = egressOf({
    clients: { networkPolicy: policyWith({ awsServices: ['sts', 's3', 'logs', 'kms'] }) },
    status: {
      clients: {
        namespaces: 1,
        ready: 0,
        services: [
          { service: 'sts', state: 'available', addresses: ['10.0.1.9', '10.0.0.9'] },
          { service: 's3', state: 'available', cidrs: ['52.218.0.0/17', '3.5.64.0/21'] },
          { service: 'logs', state: missingService, message: 'none' },
        ],
      },
    },
  });
  const allowed = (service: string, cidrs: readonly string[]) => ({
    kind: 'Networks',
    reason: `egress.awsServices: ${service}`,
    cidrs,
    ports: tcp443,
  });
  expect(egress?.wanted.allowed).toContainEqual(allowed('sts', ['10.0.0.9/32', '10.0.1.9/32']));
  expect(egress?.wanted.allowed).toContainEqual(allowed('s3', ['3.5.64.0/21', '52.218.0.0/17']));
  expect(egress).toMatchObject({ missing: ['logs'], unknown: ['the endpoint of kms'] });
});

test('an endpoint without addresses is unknown, not empty', () => {
  const spec = { endpoints: [{ serviceName: 'aws.sagemaker.eu-west-1.new', privateDNS: true }] };
  expect(egressOf({ spec })?.unknown).toEqual(['the endpoint of aws.sagemaker.eu-west-1.new']);
  expect(egressOf({ status: { endpoints: [] } })?.unknown).toEqual(['the endpoint of api']);
});

test('the Kubernetes API is its addresses, port by port', () => {
  const facts = {
    kubernetesAPI: [
      { address: '172.20.0.1', port: 443 },
      { address: '10.0.3.4', port: 6443 },
      { address: '10.0.3.3', port: 6443 },
    ],
  };
  const clients = { networkPolicy: policyWith({ kubernetesAPI: true }) };
  expect(egressOf({ clients }, facts)?.wanted.allowed.slice(3, 5)).toEqual([
    { kind: 'Networks', reason: 'egress.kubernetesAPI', cidrs: ['172.20.0.1/32'], ports: tcp443 },
    {
      kind: 'Networks',
      reason: 'egress.kubernetesAPI',
      cidrs: ['10.0.3.3/32', '10.0.3.4/32'],
      ports: [{ protocol: 'TCP', port: 6443 }],
    },
  ]);
  expect(egressOf({ clients })?.unknown).toEqual([
    expect.stringMatching(/^the Kubernetes API server .* an EndpointSlice of it/),
  ]);
  expect(egressOf({}, facts)).toEqual(egressOf({}));
});

test.each([
  ['None', undefined],
  ['Own', { kind: 'Own' }],
  ['All', { kind: 'All' }],
  ['Selected', { kind: 'Selected', selector: { matchLabels: { team: 'ml' } } }],
] as const)('egress.namespaces: %s', (namespaces, expected) => {
  const selected = namespaces === 'Selected';
  const networkPolicy = policyWith({
    namespaces,
    ...(selected ? { namespaceSelector: { matchLabels: { team: 'ml' } } } : {}),
  });
  const pods = egressOf({ clients: { networkPolicy } })?.wanted.allowed.filter(
    (one) => one.kind === 'Pods' && one.reason === 'egress.namespaces',
  );
  const wanted = { kind: 'Pods', reason: 'egress.namespaces', namespaces: expected, ports: [] };
  expect(pods).toEqual(expected === undefined ? [] : [wanted]);
});

test("the author's own rules and DNS servers are taken as they are", () => {
  const rule = { to: [{ ipBlock: { cidr: '10.20.0.0/16' } }] };
  const networkPolicy = policyWith({
    podIdentity: false,
    rules: [rule],
    dnsServers: ['fd00:ec2::10', '172.20.0.10'],
  });
  const allowed = egressOf({ clients: { networkPolicy } })?.wanted.allowed;
  expect(allowed?.at(-1)).toEqual({ kind: 'Native', rule });
  expect(allowed?.[1]).toMatchObject({
    cidrs: ['169.254.20.10/32', '172.20.0.10/32', 'fd00:ec2::10/128'],
  });
  expect(JSON.stringify(allowed)).not.toContain('169.254.170.23');
  expect(plainPolicy.egress.podIdentity).toBe(true);
});

test('an endpoint of which one interface has no address is unknown, and opened as far as it is known', () => {
  const networkInterfaces = [{ id: 'eni-a', ipv4: '10.0.1.17' }, { id: 'eni-b' }];
  const endpoint = { service: 'api', serviceName: 'com.amazonaws.eu-west-1.sagemaker.api' };
  const egress = egressOf({ status: { endpoints: [{ ...endpoint, networkInterfaces }] } });
  expect(egress?.unknown).toEqual(['the endpoint of api']);
  expect(JSON.stringify(egress?.wanted)).toContain('10.0.1.17/32');
});

test.each([
  ['Unknown', { unknown: ['the endpoint of sts'], missing: [] }, true],
  ['Missing', { unknown: [], missing: ['sts'] }, false],
  ['deleted', { unknown: [], missing: ['sts'] }, false],
  ['rejected', { unknown: [], missing: ['sts'] }, false],
  ['pending', { unknown: [], missing: [] }, true],
])('a service in state %s', (state, expected, isOpened) => {
  const services = [{ service: 'sts', state, addresses: ['10.0.0.9'] }];
  const egress = egressOf({
    clients: { networkPolicy: policyWith({ awsServices: ['sts'] }) },
    status: { clients: { namespaces: 1, ready: 0, services } },
  });
  expect(egress).toMatchObject(expected);
  expect(JSON.stringify(egress?.wanted).includes('10.0.0.9/32')).toBe(isOpened);
});

test('the ways to the API server are known only when both of their sources show some', () => {
  const slices = [{ address: '10.0.3.4', port: 6443 }];
  const service = [{ address: '172.20.0.1', port: 443 }];
  expect(clusterFacts({ slices, service }).kubernetesAPI).toEqual([...slices, ...service]);
  expect(clusterFacts({ slices: [], service })).toEqual({ kubernetesAPI: [] });
  expect(clusterFacts({ slices, service: [] })).toEqual({ kubernetesAPI: [] });
});

test('a rule without a destination is left out and named', () => {
  const rules = [{ to: [{ ipBlock: { cidr: '10.20.0.0/16' } }] }, { to: [] }];
  const egress = egressOf({ clients: { networkPolicy: policyWith({ rules }) } });
  expect(egress?.boundless).toEqual(['spec.clients.networkPolicy.egress.rules[1]']);
  expect(egress?.wanted.allowed.filter(({ kind }) => kind === 'Native')).toHaveLength(1);
});
