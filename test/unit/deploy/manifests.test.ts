import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';

const folder = new URL('../../../deploy/', import.meta.url);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // Manifests are compared as the plain data that they are.
  readonly [field: string]: any;
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
}

const kustomization = parse(
  readFileSync(new URL('kustomization.yaml', folder), 'utf8'),
) as Kustomization;

const files = kustomization.resources.filter((name) => name.endsWith('.yaml'));

const manifests = files.flatMap((name) =>
  parseAllDocuments(readFileSync(new URL(name, folder), 'utf8')).map(
    (document) => document.toJS() as Manifest,
  ),
);

function theOne(kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  const [manifest] = found;
  if (manifest === undefined || found.length > 1) throw new Error(`${found.length} ${kind}`);
  return manifest;
}

const deployment = theOne('Deployment');
const pod = deployment['spec'].template;
const container = pod.spec.containers[0];

test('every manifest is part of the kustomization', () => {
  const present = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  expect([...files, 'kustomization.yaml'].toSorted()).toEqual(present.toSorted());
});

test('no rule has a wildcard or reads secrets, and every rule is bound to the operator', () => {
  const roles = manifests.filter(({ kind }) => kind.endsWith('Role'));
  const rules = roles.flatMap((role) => role['rules']);
  expect(JSON.stringify(rules)).not.toContain('*');
  expect(JSON.stringify(rules)).not.toContain('secrets');
  for (const role of roles) {
    const binding = manifests.find(
      ({ kind, metadata, roleRef }) =>
        kind === `${role.kind}Binding` &&
        metadata.namespace === role.metadata.namespace &&
        roleRef.name === role.metadata.name,
    );
    const { name, namespace } = theOne('ServiceAccount').metadata;
    expect(binding?.['subjects']).toEqual([{ kind: 'ServiceAccount', name, namespace }]);
  }
});

test('Service, PodDisruptionBudget and Deployment select the pods that the Deployment makes', () => {
  const labels = pod.metadata.labels;
  expect(deployment['spec'].selector.matchLabels).toEqual(labels);
  expect(theOne('Service')['spec'].selector).toEqual(labels);
  expect(theOne('PodDisruptionBudget')['spec'].selector.matchLabels).toEqual(labels);
});

test('probes, Service and NetworkPolicy use the ports that the container names', () => {
  const ports = Object.fromEntries(
    container.ports.map((port: { name: string; containerPort: number }) => [
      port.name,
      port.containerPort,
    ]),
  );
  expect(ports).toEqual({ metrics: 8080, health: 8081 });
  expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'health' });
  expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'health' });
  expect(theOne('Service')['spec'].ports[0].targetPort).toBe('metrics');
  expect(theOne('NetworkPolicy')['spec'].ingress[0].ports).toEqual([
    { port: ports['metrics'], protocol: 'TCP' },
  ]);
});

test('the lease is asked for where the Role allows it', () => {
  const role = manifests.find(({ metadata }) => metadata.name.endsWith('leader-election'));
  expect(container.args).toContain(`--lease-namespace=${role?.metadata.namespace}`);
  expect(role?.metadata.namespace).toBe(theOne('Namespace').metadata.name);
});

test("the image's tag is the version of the package", () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', folder), 'utf8')) as {
    version: string;
  };
  expect(kustomization.images).toEqual([{ name: container.image, newTag: version }]);
});

test('the pod runs as the service account that the roles are bound to, and has its token', () => {
  expect(pod.spec).toMatchObject({
    serviceAccountName: theOne('ServiceAccount').metadata.name,
    automountServiceAccountToken: true,
  });
});
