import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import type { NamespaceAudit } from '../../../../src/plan/clients/audit/audit-namespace.ts';
import { planNamespace } from '../../../../src/plan/clients/plan-namespace.ts';
import { linkRemarks } from '../../../../src/plan/clients/preview/link-remarks.ts';
import { previewClusterPolicy } from '../../../../src/plan/clients/preview/preview-cluster-policy.ts';
import { previewNamespace } from '../../../../src/plan/clients/preview/preview-namespace.ts';
import {
  auditText,
  clientsEntry,
  type ClientsReport,
  clientsYaml,
  isWellServed,
} from '../../../../src/standalone/reports/clients-report.ts';
import { clientLink, plainPolicy } from '../../plan/clients/client-links.ts';
import { applied, namespaceInput } from '../../plan/clients/namespace-world.ts';

const schemaFile = new URL('../../../../docs/clients.schema.json', import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

const both = { configMap: { name: 'sagemaker-endpoints' }, networkPolicy: plainPolicy };
const auditedPolicy = { ...plainPolicy, enforcement: 'Audit' as const };
const preview = previewNamespace(namespaceInput({ links: [clientLink({ clients: both })] }));
const auditedLink = clientLink({ clients: { networkPolicy: auditedPolicy } });
const audited = previewNamespace(
  namespaceInput({
    links: [auditedLink, clientLink({ name: 'other', clients: both, status: { endpoints: [] } })],
  }),
);
const audit: NamespaceAudit = {
  namespace: 'team-a',
  selected: ['a', 'b', 'c', 'd', 'e', 'f\u001b[31m'],
  onHostNetwork: ['node-exporter'],
  cutOff: [
    {
      id: 'service/db/postgres',
      destination: 'Service db/postgres, TCP 5432',
      pods: ['a'],
      ignored: false,
    },
    {
      id: 'kubernetesAPI',
      destination: 'the Kubernetes API server',
      pods: ['a'],
      ignored: true,
    },
  ],
  shutIn: ['a', 'b'],
};
const harmless = { ...audit, selected: [], onHostNetwork: [], cutOff: [], shutIn: [] };

function reportOf(parts: Partial<ClientsReport>): ClientsReport {
  return { remarks: [], clusterPolicies: [], namespaces: [], ...parts };
}

function commentsOf(yaml: string): readonly string[] {
  return yaml.split('\n').filter((line) => line.startsWith('#'));
}

const notes = [
  '# A preview: the operator writes these objects. One that is applied by hand with these labels and',
  "# annotations becomes the operator's own, to change and to delete.",
];

test('the objects are YAML that kubectl takes, and the rest are comments', () => {
  const entries = [clientsEntry(preview), clientsEntry(audited)];
  const yaml = clientsYaml(reportOf({ namespaces: entries }));
  const documents = parseAllDocuments(yaml).map((one) => one.toJS() as unknown);
  const objects = [...preview.objects, ...audited.objects].map(({ object }) => object);
  expect(documents.filter((one) => one !== null)).toEqual(objects);
  expect(yaml).not.toMatch(/[&*]a\d/);
  expect(commentsOf(yaml)).toEqual([
    ...notes,
    '# Namespace team-a, selected by ml',
    '# Create ConfigMap sagemaker-endpoints',
    '# Create NetworkPolicy sagemaker-privatelink',
    '# Namespace team-a, selected by ml, other',
    '# ml has enforcement: Audit: its policy is not written.',
    ...audited.findings.map(({ link, message, when }) => {
      return `# ${link}${when === 'Later' ? ', later' : ''}: ${message}`;
    }),
    ...audited.objects.map(({ object }) => `# NotWritten ${object.kind} ${object.metadata.name}`),
  ]);
});

test('an object that goes is named, and no document', () => {
  const own = planNamespace(namespaceInput({ links: [clientLink()] })).actions;
  const existing = own.reduce(applied, []);
  const going = previewNamespace(namespaceInput({ links: [auditedLink], existing }));
  const gone = { ...going, objects: going.objects.filter(({ change }) => change === 'Delete') };
  const yaml = clientsYaml(reportOf({ namespaces: [clientsEntry(gone)] }));
  expect(commentsOf(yaml)).toContain('# Delete NetworkPolicy sagemaker-privatelink');
  expect(yaml).not.toContain('kind:');
});

test('remarks on links and their cluster policies come first', () => {
  const clusterPolicy = {
    flavor: 'EKS',
    priority: 50,
    others: 'Allow',
    namespacedPolicies: 'Write',
  } as const;
  const link = clientLink({
    clients: { networkPolicy: plainPolicy, clusterPolicy },
  });
  const cluster = { kubernetesAPI: [] };
  const policy = (served: Parameters<typeof previewClusterPolicy>[1]['served']) =>
    previewClusterPolicy(link, { served, existing: [], cluster }) ?? [];
  const remarks = linkRemarks(link, { namespaces: [], cluster, isInCluster: true });
  const none = reportOf({ remarks, clusterPolicies: [policy([])].flat() });
  const [message = ''] = none.clusterPolicies.flatMap(({ findings }) =>
    findings.map((one) => one.message),
  );
  expect(commentsOf(clientsYaml(none))).toEqual([
    '# No namespace is selected.',
    '# ml: Its spec.clients.namespaceSelector selects no namespace of the cluster.',
    '# Cluster policy of ml',
    `# ml: ${message}`,
  ]);
  expect(auditText(none)).toBe(
    `No namespace is selected.\nml: Its spec.clients.namespaceSelector selects no namespace of the cluster.\nml: ${message}\n`,
  );
  const served = [
    { group: 'networking.k8s.aws', version: 'v1alpha1', kind: 'ClusterNetworkPolicy' },
  ];
  const some = reportOf({
    namespaces: [clientsEntry(preview)],
    clusterPolicies: [policy(served)].flat(),
  });
  expect(clientsYaml(some)).toContain('# Cluster policy of ml, flavor EKS\n# Create Cluster');
  expect(isWellServed(some)).toBe(true);
  expect(isWellServed({ ...some, clusterPolicies: none.clusterPolicies })).toBe(false);
  for (const one of [none, some]) {
    expect([validate(one), validate.errors]).toEqual([true, null]);
  }
});

test('an audit says which pods, and what they lose', () => {
  const namespaces = [clientsEntry(preview, audit), clientsEntry({ ...audited, findings: [] })];
  expect(auditText(reportOf({ namespaces }))).toBe(`Namespace team-a, selected by ml
  The policy selects 6 pods (a, b, c, d, e and 1 more).
  It cannot hold 1 pod (node-exporter) on the node's own network.
  Cut off from Service db/postgres, TCP 5432: 1 pod (a).
  Cut off from the Kubernetes API server: 1 pod (a), ignored.
  Held to the listed addresses outside of the cluster: 2 pods (a, b).

Namespace team-a, selected by ml, other
  ml has enforcement: Audit: its policy is not written.
  There is no policy to hold pods against.
`);
  expect(auditText(reportOf({ namespaces: [clientsEntry(preview, harmless)] }))).toBe(
    `Namespace team-a, selected by ml
  The policy selects no running pod.
  Nothing that is known without traffic is cut off.
`,
  );
});

test('a policy that lacks something does not pass for one that cuts nothing off', () => {
  const text = auditText(reportOf({ namespaces: [clientsEntry(audited, harmless)] }));
  expect(text).not.toContain('Nothing that is known');
  const heldPolicy = { spec: noRules, unknown: ['the endpoint of sts'] };
  const incomplete = clientsEntry({ ...preview, heldPolicy }, harmless);
  expect(auditText(reportOf({ namespaces: [incomplete] }))).toContain(
    '  Not known: the endpoint of sts, of which nothing is said.\n',
  );
});

const noRules = { podSelector: {}, policyTypes: ['Egress'] as const, egress: [] };

test('a namespace that no link selects, or that goes, is said to be so', () => {
  const unselected = clientsEntry({ ...preview, selectedBy: [], objects: [] });
  const going = clientsEntry({ ...preview, deleting: true, objects: [] });
  const yaml = clientsYaml(reportOf({ namespaces: [unselected, going] }));
  expect(commentsOf(yaml).slice(notes.length)).toEqual([
    '# Namespace team-a, selected by no link',
    '# Namespace team-a, selected by ml',
    '# It is being deleted: nothing is written into it.',
  ]);
  expect(isWellServed(reportOf({ namespaces: [unselected] }))).toBe(false);
});

test('all is well where something is selected, nothing missing and nothing cut off', () => {
  expect(isWellServed(reportOf({}))).toBe(false);
  const isWell = (...entries: Parameters<typeof clientsEntry>) =>
    isWellServed(reportOf({ namespaces: [clientsEntry(...entries)] }));
  expect(isWell(preview)).toBe(true);
  expect(isWell(audited)).toBe(false);
  expect(isWell(preview, audit)).toBe(false);
  expect(isWell(preview, { ...audit, cutOff: audit.cutOff.slice(1) })).toBe(true);
  const remarked = (reason: 'Audit' | 'Suspended') =>
    reportOf({
      namespaces: [clientsEntry(preview)],
      remarks: [{ link: 'ml', reason, message: '' }],
    });
  expect(isWellServed(remarked('Audit'))).toBe(true);
  expect(isWellServed(remarked('Suspended'))).toBe(false);
});

test('the JSON is as its schema says', () => {
  const report = reportOf({ namespaces: [clientsEntry(preview, audit), clientsEntry(audited)] });
  expect([validate(report), validate.errors]).toEqual([true, null]);
  expect(validate({ ...report, namespaces: [{}] })).toBe(false);
});
