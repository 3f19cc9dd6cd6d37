import { expect, test } from '@jest/globals';
import {
  type AuditInput,
  auditNamespace,
} from '../../../../../src/plan/clients/audit/audit-namespace.ts';
import type {
  AuditedCluster,
  ClusterService,
  RunningPod,
} from '../../../../../src/plan/clients/audit/audited-cluster.ts';
import type { AnyNetworkPolicy } from '../../../../../src/plan/clients/audit/reachable.ts';
import { renderNetworkPolicy } from '../../../../../src/plan/clients/network-policy/network-policy.ts';
import { wantedEgress } from '../../../../../src/plan/clients/wanted-egress.ts';
import { clientLink, policyWith } from '../client-links.ts';

const namespaces = ['team-a', 'db', 'kube-system'].map((name) => ({
  name,
  labels: { 'kubernetes.io/metadata.name': name },
}));

function pod(namespace: string, name: string, more: Partial<RunningPod> = {}): RunningPod {
  const base = { labels: { app: name }, addresses: ['10.1.0.5'], hostNetwork: false };
  return { namespace, name, ...base, variables: [], namedPorts: {}, ...more };
}

function service(
  namespace: string,
  app: string,
  more: Partial<ClusterService> = {},
): ClusterService {
  const ports = [{ protocol: 'TCP', port: 5432, targetPort: 5432 }];
  return { namespace, name: app, selector: { app }, ports, ...more };
}

const dnsPod = pod('kube-system', 'coredns', { labels: { 'k8s-app': 'kube-dns' } });
const dnsService = service('kube-system', 'dns', {
  selector: { 'k8s-app': 'kube-dns' },
  ports: [{ protocol: 'UDP', port: 53, targetPort: 'dns' }],
});

function policyOf(egress: Parameters<typeof policyWith>[0] = {}): AnyNetworkPolicy {
  const link = clientLink({ clients: { networkPolicy: policyWith(egress) } });
  const wanted = wantedEgress(link, { kubernetesAPI: [] })?.wanted ?? {
    podSelector: {},
    allowed: [],
  };
  return { namespace: 'team-a', name: 'sagemaker-privatelink', spec: renderNetworkPolicy(wanted) };
}

function audit(
  cluster: Partial<AuditedCluster>,
  policy = policyOf(),
  more: Partial<Pick<AuditInput, 'stsAddresses' | 'ignore'>> = {},
) {
  return auditNamespace({
    namespace: 'team-a',
    policy,
    cluster: { namespaces, pods: [], services: [], policies: [], ...cluster },
    facts: { kubernetesAPI: [{ address: '172.20.0.1', port: 443 }] },
    stsAddresses: [],
    ignore: [],
    ...more,
  });
}

const train = pod('team-a', 'train');
const database = pod('db', 'postgres', { addresses: ['10.1.0.9'] });
const services = [service('db', 'postgres')];

test('a Service of another namespace is lost, the own one and DNS are not', () => {
  const found = audit({
    pods: [train, database, dnsPod, pod('team-a', 'store')],
    services: [
      ...services,
      service('team-a', 'store'),
      { ...dnsService, ports: [{ protocol: 'UDP', port: 53, targetPort: 53 }] },
    ],
  });
  expect(found).toEqual({
    namespace: 'team-a',
    selected: ['train', 'store'],
    onHostNetwork: [],
    cutOff: [
      {
        id: 'service/db/postgres',
        destination: 'Service db/postgres, TCP 5432',
        pods: ['train', 'store'],
        ignored: false,
      },
      {
        id: 'kubernetesAPI',
        destination: 'the Kubernetes API server',
        pods: ['train', 'store'],
        ignored: false,
      },
    ],
    shutIn: ['train', 'store'],
  });
});

test.each([
  { namespaces: 'All' as const },
  {
    rules: [
      {
        to: [{ ipBlock: { cidr: '10.1.0.0/24' } }],
        ports: [{ protocol: 'TCP' as const, port: 5000, endPort: 6000 }],
      },
    ],
  },
  {
    rules: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'postgres' } } }] }],
  },
])('a Service that %j opens is not lost', (egress) => {
  const found = audit({ pods: [train, database], services }, policyOf(egress));
  expect(found.cutOff.map(({ destination }) => destination)).toEqual(['the Kubernetes API server']);
});

test.each([
  { rules: [{ to: [{ ipBlock: { cidr: '10.1.0.0/24', except: ['10.1.0.9/32'] } }] }] },
  {
    rules: [
      {
        to: [{ ipBlock: { cidr: '10.1.0.0/24' } }],
        ports: [{ protocol: 'TCP' as const, port: 443 }],
      },
    ],
  },
  {
    rules: [
      {
        to: [{ ipBlock: { cidr: '10.1.0.0/24' } }],
        ports: [{ protocol: 'UDP' as const, port: 5432 }],
      },
    ],
  },
  { rules: [{ to: [{ podSelector: { matchLabels: { app: 'postgres' } } }] }] },
])('a Service that %j does not open is lost', (egress) => {
  const found = audit({ pods: [train, database], services }, policyOf(egress));
  expect(found.cutOff[0]?.destination).toBe('Service db/postgres, TCP 5432');
});

test('a named target port is the number that the pod behind it has', () => {
  const named = service('db', 'postgres', {
    ports: [{ protocol: 'TCP', port: 80, targetPort: 'pg' }],
  });
  const rules = [
    {
      to: [{ ipBlock: { cidr: '10.1.0.9/32' } }],
      ports: [{ protocol: 'TCP' as const, port: 5432 }],
    },
  ];
  const pods = [train, { ...database, namedPorts: { pg: 5432 } }];
  const found = audit({ pods, services: [named] }, policyOf({ rules }));
  expect(found.cutOff.map(({ destination }) => destination)).toEqual(['the Kubernetes API server']);
});

test('pods of another namespace with the same labels are not behind a Service', () => {
  const twin = pod('team-a', 'postgres', { addresses: ['10.1.0.7'] });
  const found = audit({ pods: [train, twin], services });
  expect(found.cutOff.map(({ destination }) => destination)).toEqual(['the Kubernetes API server']);
  expect(audit({ pods: [train, twin, database], services }).cutOff).toHaveLength(2);
});

test('nobody loses what another policy keeps shut already, or keeps open', () => {
  const closed: AnyNetworkPolicy = {
    namespace: 'team-a',
    name: 'default-deny',
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
  expect(audit({ pods: [train, database], services, policies: [closed] })).toMatchObject({
    selected: ['train'],
    cutOff: [],
    shutIn: [],
  });
  const open: AnyNetworkPolicy = { namespace: 'team-a', name: 'open', spec: { egress: [{}] } };
  const found = audit({ pods: [train, database], services, policies: [open] });
  expect(found).toMatchObject({ cutOff: [], shutIn: [] });
  const elsewhere = { ...closed, namespace: 'db' };
  expect(audit({ pods: [train, database], services, policies: [elsewhere] }).cutOff).toHaveLength(
    2,
  );
  const forIngress = { ...closed, spec: { podSelector: {}, policyTypes: ['Ingress'] } };
  expect(audit({ pods: [train, database], services, policies: [forIngress] }).cutOff).toHaveLength(
    2,
  );
});

test('the policy that is there already is not held against itself', () => {
  const policies = [policyOf()];
  expect(audit({ pods: [train, database], services, policies })).toMatchObject({
    cutOff: [],
    shutIn: [],
  });
  const wider = [policyOf({ namespaces: 'All' })];
  expect(audit({ pods: [train, database], services, policies: wider }).cutOff).toMatchObject([
    { destination: 'Service db/postgres, TCP 5432', pods: ['train'] },
  ]);
});

test('pods on the node’s own network are not held, and said to be so', () => {
  const onNode = pod('team-a', 'exporter', { hostNetwork: true });
  expect(audit({ pods: [onNode] })).toMatchObject({
    selected: [],
    onHostNetwork: ['exporter'],
    cutOff: [],
    shutIn: [],
  });
});

test('pods that get credentials of the agent or of STS are told when those go', () => {
  const pods = [
    pod('team-a', 'agent', { variables: ['AWS_CONTAINER_CREDENTIALS_FULL_URI'] }),
    pod('team-a', 'token', { variables: ['AWS_WEB_IDENTITY_TOKEN_FILE'] }),
  ];
  const lost = (found: ReturnType<typeof audit>) =>
    found.cutOff
      .filter(({ destination }) => destination.includes('credentials'))
      .flatMap(({ pods: names }) => names);
  expect(lost(audit({ pods }, policyOf({ podIdentity: false })))).toEqual(['agent', 'token']);
  expect(lost(audit({ pods }))).toEqual(['token']);
  const opened = policyOf({ rules: [{ to: [{ ipBlock: { cidr: '10.0.0.99/32' } }] }] });
  expect(lost(audit({ pods }, opened, { stsAddresses: ['10.0.0.99'] }))).toEqual([]);
});

test('of STS at addresses that are not known nothing is said', () => {
  const pods = [pod('team-a', 'token', { variables: ['AWS_WEB_IDENTITY_TOKEN_FILE'] })];
  const ids = (found: ReturnType<typeof audit>) => found.cutOff.map(({ id }) => id);
  expect(ids(audit({ pods }))).toEqual(['sts', 'kubernetesAPI']);
  expect(ids(audit({ pods }, policyOf(), { stsAddresses: undefined }))).toEqual(['kubernetesAPI']);
});

test.each([
  [['kubernetesAPI'], ['kubernetesAPI']],
  [['service/db/postgres'], ['service/db/postgres']],
  [['service/db/*', 'sts'], ['service/db/postgres']],
  [['service/d', 'service/team-a/*'], []],
])('of losses, %j takes %j', (ignore, taken) => {
  const found = audit({ pods: [train, database], services }, policyOf(), { ignore });
  expect(found.cutOff).toHaveLength(2);
  expect(found.cutOff.filter(({ ignored }) => ignored).map(({ id }) => id)).toEqual(taken);
});
