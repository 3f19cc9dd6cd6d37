import type { Overlay } from '../../environment/rendered-manifests.ts';
import { shippedAlerts } from './shipped-alerts.ts';

/** Values of the chart, and the overlay that says the same. */
export interface ChartCase {
  readonly values: Readonly<Record<string, unknown>>;
  readonly overlay: Overlay;
}

const name = 'sagemaker-privatelink-operator';
const pod = '/spec/template/spec';
const container = `${pod}/containers/0`;

type Operation = readonly ['add' | 'replace' | 'remove', path: string, value?: unknown];

function patchOf(kind: string, target: string, ...operations: readonly Operation[]): object {
  const patch = operations.map(([op, path, value]) => ({ op, path, value }));
  return { target: { kind, name: target }, patch: JSON.stringify(patch) };
}

function deployment(...operations: readonly Operation[]): Overlay {
  return { patches: [patchOf('Deployment', name, ...operations)] };
}

function without(kind: string): Overlay {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'policy/v1';
  const patch = { $patch: 'delete', apiVersion, kind, metadata: { name } };
  return { patches: [{ target: { kind, name }, patch: JSON.stringify(patch) }] };
}

function image(settings: Readonly<Record<string, string>>): Overlay {
  return { more: { images: [{ name, newTag: '0.1.0', ...settings }] } };
}

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const role = 'arn:aws:iam::444455556666:role/sagemaker-privatelink-links';
const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/drift';
const rules = 'group:ml-platform  -  *  *\nuser:alice  *  eu-west-1  *\n';
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const zones = [{ maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }];
const architecture = (...values: readonly string[]) => ({
  key: 'kubernetes.io/arch',
  operator: 'In',
  values,
});

/** Two terms, of which a node has to meet one, each with more to be met. */
const nodesWith = (...more: readonly object[]) => ({
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: 'pool', operator: 'In', values: ['platform'] }, ...more] },
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
    ].map((term) => ({ ...term, matchExpressions: term.matchExpressions ?? more })),
  },
});

const namespace = 'sagemaker-privatelink-system';
const monitoring = [
  { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: { name, namespace } },
  { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name, namespace } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'sagemaker-privatelink-dashboard', namespace },
  },
];

/** Values of the pod and of its Deployment. */
const podCases: Readonly<Record<string, ChartCase>> = {
  'image.repository': {
    values: { image: { repository: 'registry.example.com/operator' } },
    overlay: image({ newName: 'registry.example.com/operator' }),
  },
  'image.tag': { values: { image: { tag: '9.9.9' } }, overlay: image({ newTag: '9.9.9' }) },
  'image.digest': {
    values: { image: { digest, tag: 'not used' } },
    // The digest goes before the tag that the base sets.
    overlay: deployment(['replace', `${container}/image`, `${name}@${digest}`]),
  },
  'image.pullPolicy': {
    values: { image: { pullPolicy: 'Always' } },
    overlay: deployment(['replace', `${container}/imagePullPolicy`, 'Always']),
  },
  'image.architectures': {
    values: { image: { architectures: ['arm64'] } },
    overlay: deployment([
      'replace',
      `${pod}/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution`,
      { nodeSelectorTerms: [{ matchExpressions: [architecture('arm64')] }] },
    ]),
  },
  imagePullSecrets: {
    values: { imagePullSecrets: [{ name: 'registry' }] },
    overlay: deployment(['add', `${pod}/imagePullSecrets`, [{ name: 'registry' }]]),
  },
  replicas: { values: { replicas: 5 }, overlay: deployment(['replace', '/spec/replicas', 5]) },
  priorityClassName: {
    values: { priorityClassName: 'platform' },
    overlay: deployment(['add', `${pod}/priorityClassName`, 'platform']),
  },
  resources: {
    values: { resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } } },
    overlay: deployment(
      ['replace', `${container}/resources/requests/cpu`, '1'],
      ['replace', `${container}/resources/limits/memory`, '1Gi'],
    ),
  },
  clusterId: {
    values: { clusterId: 'prod' },
    overlay: deployment(['add', `${container}/args/-`, '--cluster-id=prod']),
  },
  logLevel: {
    values: { logLevel: 'debug' },
    overlay: deployment(['add', `${container}/args/-`, '--log-level=debug']),
  },
  extraArgs: {
    values: { extraArgs: ['--orphans=Delete'] },
    overlay: deployment(['add', `${container}/args/-`, '--orphans=Delete']),
  },
  env: {
    values: { env: [{ name: 'AWS_REGION', value: 'eu-west-1' }] },
    overlay: deployment(['add', `${container}/env/-`, { name: 'AWS_REGION', value: 'eu-west-1' }]),
  },
  podLabels: {
    values: { podLabels: { team: 'platform' } },
    overlay: deployment(['add', '/spec/template/metadata/labels/team', 'platform']),
  },
  podAnnotations: {
    values: { podAnnotations: { note: 'a: "b"' } },
    overlay: deployment(['add', '/spec/template/metadata/annotations/note', 'a: "b"']),
  },
  nodeSelector: {
    values: { nodeSelector: { 'kubernetes.io/arch': 'arm64' } },
    overlay: deployment(['add', `${pod}/nodeSelector/kubernetes.io~1arch`, 'arm64']),
  },
  tolerations: {
    values: { tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }] },
    overlay: deployment([
      'add',
      `${pod}/tolerations`,
      [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
    ]),
  },
  affinity: {
    values: { affinity: { podAntiAffinity: null, nodeAffinity: nodesWith() } },
    overlay: deployment([
      'replace',
      `${pod}/affinity`,
      { nodeAffinity: nodesWith(architecture('amd64', 'arm64')) },
    ]),
  },
  topologySpreadConstraints: {
    values: { topologySpreadConstraints: zones },
    overlay: deployment(['replace', `${pod}/topologySpreadConstraints`, zones]),
  },
};

/** Values of other objects, and the components. */
const objectCases: Readonly<Record<string, ChartCase>> = {
  'podDisruptionBudget.enabled': {
    values: { podDisruptionBudget: { enabled: false } },
    overlay: without('PodDisruptionBudget'),
  },
  'podDisruptionBudget.minAvailable': {
    values: { podDisruptionBudget: { minAvailable: '50%' } },
    overlay: {
      patches: [patchOf('PodDisruptionBudget', name, ['replace', '/spec/minAvailable', '50%'])],
    },
  },
  'networkPolicy.enabled': {
    values: { networkPolicy: { enabled: false } },
    overlay: without('NetworkPolicy'),
  },
  'serviceAccount.annotations': {
    values: { serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': role } } },
    overlay: {
      patches: [
        patchOf('ServiceAccount', name, [
          'add',
          '/metadata/annotations',
          { 'eks.amazonaws.com/role-arn': role },
        ]),
      ],
    },
  },
  'crds.install': {
    values: { crds: { install: false } },
    overlay: {
      patches: [
        {
          target: { kind: 'CustomResourceDefinition' },
          patch: JSON.stringify({
            $patch: 'delete',
            apiVersion: 'apiextensions.k8s.io/v1',
            kind: 'CustomResourceDefinition',
            metadata: { name: 'sagemakerprivatelinks.sagemaker.privatelink.dev' },
          }),
        },
      ],
    },
  },
  'accountMap.enabled': {
    values: { accountMap: { enabled: true } },
    overlay: { components: ['account-map'] },
  },
  'accountMap.accounts': {
    values: { accountMap: { enabled: true, accounts: { 'ml-prod': { roleArn: role } } } },
    overlay: {
      components: ['account-map'],
      patches: [
        patchOf('ConfigMap', 'sagemaker-privatelink-accounts', [
          'replace',
          '/data/accounts.yaml',
          `accounts: {ml-prod: {roleArn: "${role}"}}\n`,
        ]),
      ],
    },
  },
  'clients.enabled': {
    values: { clients: { enabled: true } },
    overlay: { components: ['clients'] },
  },
  'verify.enabled': {
    values: { clients: { enabled: true }, verify: { enabled: true } },
    overlay: { components: ['clients', 'verify'] },
  },
  'driftEvents.queues': {
    values: { driftEvents: { queues: [`${queueUrl}-1`, `${queueUrl}-2`] } },
    overlay: deployment(
      ['add', `${container}/args/-`, `--drift-events-queue=${queueUrl}-1`],
      ['add', `${container}/args/-`, `--drift-events-queue=${queueUrl}-2`],
    ),
  },
  'creationGuard.enabled': {
    values: { creationGuard: { enabled: true, rules } },
    overlay: {
      components: ['creation-guard'],
      patches: [
        patchOf('ConfigMap', 'sagemaker-privatelink-creation-rules', [
          'replace',
          '/data/rules',
          rules,
        ]),
      ],
    },
  },
  'customCA.enabled': {
    values: { customCA: { enabled: true } },
    overlay: { components: ['custom-ca'] },
  },
  'customCA.certificates': {
    values: { customCA: { enabled: true, certificates: certificate } },
    overlay: {
      components: ['custom-ca'],
      more: {
        configMapGenerator: [
          {
            name: 'sagemaker-privatelink-ca',
            namespace,
            literals: [`ca.crt=${certificate}`],
            options: {
              disableNameSuffixHash: true,
              labels: { 'app.kubernetes.io/name': name },
            },
          },
        ],
      },
    },
  },
  'proxy.httpsProxy': {
    values: { proxy: { httpsProxy: 'http://proxy.example.com:3128' } },
    overlay: { components: ['proxy'] },
  },
  'proxy.noProxy': {
    values: { proxy: { httpsProxy: 'http://proxy.example.com:3128', noProxy: '.internal' } },
    overlay: { components: ['proxy'], ...proxyEnvironment('NO_PROXY', '.internal') },
  },
  'proxy.ports': {
    values: { proxy: { httpsProxy: 'http://proxy.example.com:3128', ports: [8888] } },
    overlay: {
      components: ['proxy'],
      patches: [
        patchOf('NetworkPolicy', name, [
          'replace',
          '/spec/egress/3/ports',
          [{ port: 8888, protocol: 'TCP' }],
        ]),
      ],
    },
  },
  'userRoles.aggregate': {
    values: { userRoles: { aggregate: true } },
    overlay: { components: ['aggregated-roles'] },
  },
};

/** The component has all three; the chart can have each alone. */
function monitoringOf(kind: string, ...operations: readonly Operation[]): Overlay {
  const own = monitoring.filter((one) => one.kind === kind);
  const others = monitoring.filter((one) => one.kind !== kind);
  return {
    components: ['monitoring'],
    patches: [
      ...own
        .filter(() => operations.length > 0)
        .map((one) => patchOf(one.kind, one.metadata.name, ...operations)),
      ...others.map((one) => ({
        target: { kind: one.kind, name: one.metadata.name },
        patch: JSON.stringify({ $patch: 'delete', ...one }),
      })),
    ],
  };
}

function proxyEnvironment(variable: string, value: string): Overlay {
  const containers = [{ name: 'operator', env: [{ name: variable, value }] }];
  const patch = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { template: { spec: { containers } } },
  };
  return { patches: [{ patch: JSON.stringify(patch) }] };
}

const documents = 'https://docs.example.com/v1';

/** The shipped rules with their documents in another place. */
function runbooksAt(place: string): readonly Operation[] {
  return shippedAlerts().map(({ path, annotations: { runbook_url: url = '' } }) => [
    'replace',
    `${path}/annotations/runbook_url`,
    url.replace(/^.*\/docs(?=\/)/, place),
  ]);
}

/** Values of what the component `monitoring` brings. */
const monitoringCases: Readonly<Record<string, ChartCase>> = {
  'metrics.serviceMonitor.enabled': {
    values: { metrics: { serviceMonitor: { enabled: true } } },
    overlay: monitoringOf('ServiceMonitor'),
  },
  'metrics.serviceMonitor.interval': {
    values: { metrics: { serviceMonitor: { enabled: true, interval: '1m' } } },
    overlay: monitoringOf('ServiceMonitor', ['replace', '/spec/endpoints/0/interval', '1m']),
  },
  'metrics.serviceMonitor.labels': {
    values: { metrics: { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } } } },
    overlay: monitoringOf('ServiceMonitor', ['add', '/metadata/labels/release', 'prometheus']),
  },
  'metrics.prometheusRule.enabled': {
    values: { metrics: { prometheusRule: { enabled: true } } },
    overlay: monitoringOf('PrometheusRule'),
  },
  'metrics.prometheusRule.labels': {
    values: { metrics: { prometheusRule: { enabled: true, labels: { release: 'prometheus' } } } },
    overlay: monitoringOf('PrometheusRule', ['add', '/metadata/labels/release', 'prometheus']),
  },
  'metrics.prometheusRule.runbooks': {
    values: { metrics: { prometheusRule: { enabled: true, runbooks: `${documents}/` } } },
    overlay: monitoringOf('PrometheusRule', ...runbooksAt(documents)),
  },
  'metrics.dashboard.enabled': {
    values: { metrics: { dashboard: { enabled: true } } },
    overlay: monitoringOf('ConfigMap'),
  },
  'metrics.dashboard.labels': {
    values: {
      metrics: { dashboard: { enabled: true, labels: { grafana_dashboard: null, d: '2' } } },
    },
    overlay: monitoringOf(
      'ConfigMap',
      ['remove', '/metadata/labels/grafana_dashboard'],
      ['add', '/metadata/labels/d', '2'],
    ),
  },
  'metrics.dashboard.annotations': {
    values: { metrics: { dashboard: { enabled: true, annotations: { grafana_folder: 'ML' } } } },
    overlay: monitoringOf('ConfigMap', ['add', '/metadata/annotations', { grafana_folder: 'ML' }]),
  },
};

/** A case for each value of the chart that changes an object, by the value's path. */
export const chartCases: Readonly<Record<string, ChartCase>> = {
  ...podCases,
  ...objectCases,
  ...monitoringCases,
};
