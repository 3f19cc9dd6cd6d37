import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import type { NamespaceAudit } from '../../../src/plan/clients/audit/audit-namespace.ts';
import { previewNamespace } from '../../../src/plan/clients/preview-namespace.ts';
import {
  auditText,
  clientsEntry,
  clientsYaml,
  isWellServed,
} from '../../../src/standalone/clients-report.ts';
import { clientLink, plainPolicy } from '../plan/clients/client-links.ts';
import { namespaceInput } from '../plan/clients/namespace-world.ts';

const schemaFile = new URL('../../../docs/clients.schema.json', import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

const both = { configMap: { name: 'sagemaker-endpoints' }, networkPolicy: plainPolicy };
const preview = previewNamespace(namespaceInput({ links: [clientLink({ clients: both })] }));
const audited = previewNamespace(
  namespaceInput({
    links: [
      clientLink({ clients: { networkPolicy: { ...plainPolicy, enforcement: 'Audit' } } }),
      clientLink({ name: 'other', clients: both, status: { endpoints: [] } }),
    ],
  }),
);
const audit: NamespaceAudit = {
  namespace: 'team-a',
  selected: ['a', 'b', 'c', 'd', 'e', 'f\u001b[31m'],
  onHostNetwork: ['node-exporter'],
  cutOff: [{ destination: 'Service db/postgres, TCP 5432', pods: ['a'] }],
  shutIn: ['a', 'b'],
};

test('the objects are YAML that kubectl takes, and the rest are comments', () => {
  const yaml = clientsYaml({ namespaces: [clientsEntry(preview), clientsEntry(audited)] });
  const documents = parseAllDocuments(yaml).map((one) => one.toJS() as unknown);
  expect(documents).toEqual([...preview.objects, ...audited.objects]);
  expect(yaml).not.toMatch(/[&*]a\d/);
  const comments = yaml.split('\n').filter((line) => line.startsWith('#'));
  expect(comments).toEqual([
    '# Namespace team-a, selected by ml',
    '# Namespace team-a, selected by ml, other',
    '# ml has enforcement: Audit: its policy is not written.',
    '# other: Nothing is taken out of the ConfigMap until AWS shows the endpoint of api.',
    '# other: Nothing is taken out of the NetworkPolicy until AWS shows the endpoint of api.',
  ]);
});

test('an audit says which pods, and what they lose', () => {
  const text = auditText({ namespaces: [clientsEntry(preview, audit), clientsEntry(audited)] });
  expect(text).toBe(`Namespace team-a, selected by ml
  The policy selects 6 pods (a, b, c, d, e and 1 more).
  It cannot hold 1 pod (node-exporter) on the node's own network.
  Cut off from Service db/postgres, TCP 5432: 1 pod (a).
  Held to the listed addresses outside of the cluster: 2 pods (a, b).

Namespace team-a, selected by ml, other
  other: Nothing is taken out of the ConfigMap until AWS shows the endpoint of api.
  other: Nothing is taken out of the NetworkPolicy until AWS shows the endpoint of api.
  There is no policy to hold pods against.
`);
  const harmless = { ...audit, selected: [], onHostNetwork: [], cutOff: [], shutIn: [] };
  expect(auditText({ namespaces: [clientsEntry(preview, harmless)] })).toBe(
    `Namespace team-a, selected by ml
  The policy selects no running pod.
  Nothing that is known without traffic is cut off.
`,
  );
});

test('no namespace is said to be none', () => {
  expect(clientsYaml({ namespaces: [] })).toBe('# No namespace is selected.\n');
  expect(auditText({ namespaces: [] })).toBe('No namespace is selected.\n');
});

test('all is well where nothing is missing and nothing cut off', () => {
  expect(isWellServed({ namespaces: [] })).toBe(true);
  expect(isWellServed({ namespaces: [clientsEntry(preview)] })).toBe(true);
  expect(isWellServed({ namespaces: [clientsEntry(audited)] })).toBe(false);
  expect(isWellServed({ namespaces: [clientsEntry(preview, audit)] })).toBe(false);
  const shut = { ...audit, cutOff: [] };
  expect(isWellServed({ namespaces: [clientsEntry(preview, shut)] })).toBe(true);
});

test('the JSON is as its schema says', () => {
  const namespaces = [clientsEntry(preview, audit), clientsEntry(audited)];
  expect([validate({ namespaces }), validate.errors]).toEqual([true, null]);
  expect(validate({ namespaces: [{}] })).toBe(false);
});
