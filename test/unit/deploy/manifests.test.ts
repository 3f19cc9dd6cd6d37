import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { parse, parseAllDocuments } from 'yaml';
import { addOperatorOptions } from '../../../src/cli/operator-options.ts';
import type { OperatorConfig } from '../../../src/operator/operator-config.ts';
import { shippedMemory } from '../../environment/shipped-memory.ts';

const folder = new URL('../../../deploy/base/', import.meta.url);

interface Named {
  readonly name: string;
  readonly namespace?: string;
}

interface Rule {
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly [Container];
  };
}

interface Manifest {
  readonly kind: string;
  readonly metadata: Named;
  readonly rules?: readonly Rule[];
  readonly roleRef?: Named;
  readonly subjects?: readonly Named[];
  readonly spec?: { readonly template?: PodTemplate };
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
}

function textOf(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

const kustomization = parse(textOf('kustomization.yaml')) as Kustomization;
const files = kustomization.resources.filter((name) => name.endsWith('.yaml'));
const manifests = files.flatMap((name) =>
  parseAllDocuments(textOf(name)).map((document) => document.toJS() as Manifest),
);

function theOne(kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  const [manifest] = found;
  if (manifest === undefined || found.length > 1) throw new Error(`${found.length} ${kind}`);
  return manifest;
}

function podTemplate(): PodTemplate {
  const template = theOne('Deployment').spec?.template;
  if (template === undefined) throw new Error('the Deployment has no pod template');
  return template;
}

const pod = podTemplate();
const [container] = pod.spec.containers;
const { name: account, namespace } = theOne('ServiceAccount').metadata;

test('every manifest is part of the kustomization', () => {
  const present = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  expect(new Set([...files, 'kustomization.yaml'])).toEqual(new Set(present));
});

/** For people: bound to nobody until an administrator does. */
const userRoles = ['sagemaker-privatelink-viewer', 'sagemaker-privatelink-editor'];

test('no rule has a wildcard or reads secrets, and every other role is bound to the operator', () => {
  const roles = manifests.filter(({ kind }) => kind.endsWith('Role'));
  const rules = JSON.stringify(roles.flatMap((role) => role.rules));
  expect(rules).not.toContain('*');
  expect(rules).not.toContain('secrets');
  const bound = manifests.flatMap(({ roleRef }) => (roleRef === undefined ? [] : [roleRef.name]));
  expect(bound.filter((name) => userRoles.includes(name))).toEqual([]);
  for (const role of roles.filter(({ metadata }) => !userRoles.includes(metadata.name))) {
    const binding = manifests.find(
      ({ kind, metadata, roleRef }) =>
        kind === `${role.kind}Binding` &&
        metadata.namespace === role.metadata.namespace &&
        roleRef?.name === role.metadata.name,
    );
    expect(binding?.subjects).toEqual([{ kind: 'ServiceAccount', name: account, namespace }]);
  }
});

test('Service, PodDisruptionBudget and Deployment select the pods that the Deployment makes', () => {
  const { labels } = pod.metadata;
  expect(theOne('Deployment').spec).toMatchObject({ selector: { matchLabels: labels } });
  expect(theOne('PodDisruptionBudget').spec).toMatchObject({ selector: { matchLabels: labels } });
  expect(theOne('Service').spec).toMatchObject({ selector: labels });
});

test('probes, Service and NetworkPolicy use the ports that the container names', () => {
  expect(container).toMatchObject({
    ports: [
      { name: 'metrics', containerPort: 8080 },
      { name: 'health', containerPort: 8081 },
    ],
    livenessProbe: { httpGet: { path: '/healthz', port: 'health' } },
    readinessProbe: { httpGet: { path: '/readyz', port: 'health' } },
  });
  expect(theOne('Service').spec).toMatchObject({ ports: [{ targetPort: 'metrics' }] });
  expect(theOne('NetworkPolicy').spec).toMatchObject({ ingress: [{ ports: [{ port: 8080 }] }] });
});

test('the operator understands its arguments, and its ports and the place of its leases are those shipped', () => {
  const [subcommand, ...flags] = container.args;
  expect(subcommand).toBe('operator');
  const command = addOperatorOptions(new Command()).exitOverride().parse(flags, { from: 'user' });
  const options = command.opts<OperatorConfig>();
  const role = manifests.find(({ metadata }) => metadata.name.endsWith('leader-election'));
  expect(options).toMatchObject({
    leaderElect: true,
    leaseNamespace: role?.metadata.namespace,
    healthPort: 8081,
    metricsPort: 8080,
  });
  expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(options.drainMs / 1000);
  expect(role?.metadata.namespace).toBe(theOne('Namespace').metadata.name);
});

test("the image's tag is the version of the package", () => {
  const { version } = JSON.parse(textOf('../../package.json')) as { version: string };
  expect(kustomization.images).toEqual([{ name: container.image, newTag: version }]);
});

test('the pod runs as the service account that the roles are bound to, and has its token', () => {
  expect(pod.spec).toMatchObject({
    serviceAccountName: account,
    automountServiceAccountToken: true,
  });
});

test("both parts of the image's heap together leave a third of the memory limit to everything else", async () => {
  const { limitMiB, oldSpaceMiB, youngSpaceMiB } = await shippedMemory();
  expect(oldSpaceMiB + youngSpaceMiB).toBeLessThanOrEqual((limitMiB * 2) / 3);
});
