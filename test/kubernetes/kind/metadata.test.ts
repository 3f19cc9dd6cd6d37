/** Metadata of other types than the API server reads: refused by it and offline, never a crash. */
import { beforeAll, expect, test } from '@jest/globals';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { kubectl } from '../../environment/kubectl.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { installKind } from './install-kind.ts';

const server = sharedApiServer('kubernetes');

beforeAll(async () => installKind(server));

const spec = {
  region: 'eu-west-1',
  vpc: { id: 'vpc-0a1b2c3d4e5f67890' },
  subnets: { tags: { ml: 'private' } },
  endpoints: [{ service: 'api' }],
};

const wrong: readonly (readonly [string, unknown, string])[] = [
  ['a name that is a number', { name: 123 }, 'metadata.name'],
  ['a name that is a boolean', { name: true }, 'metadata.name'],
  ['a name that is a list', { name: ['ml'] }, 'metadata.name'],
  ['no metadata', undefined, 'metadata.name'],
  ['metadata that are text', 'ml', 'metadata'],
  ['metadata that are a list', [], 'metadata'],
  ['a label that is a number', { name: 'ml', labels: { a: 1 } }, 'metadata.labels.a'],
  ['labels that are a list', { name: 'ml', labels: ['a'] }, 'metadata.labels'],
  [
    'an annotation that is a boolean',
    { name: 'ml', annotations: { a: true } },
    'metadata.annotations.a',
  ],
  ['a finalizer that is a number', { name: 'ml', finalizers: [1] }, 'metadata.finalizers[0]'],
  ['finalizers that are text', { name: 'ml', finalizers: 'a' }, 'metadata.finalizers'],
  ['a uid that is a number', { name: 'ml', uid: 5 }, 'metadata.uid'],
];

test.each(wrong)('%s: refused by both, offline with its path', async (_, metadata, path) => {
  const apiVersion = 'sagemaker.privatelink.dev/v1alpha1';
  const object = { apiVersion, kind: 'SageMakerPrivateLink', metadata, spec };
  const created = await kubectl(['create', '--dry-run=server', '-f', '-'], {
    kubeconfig: server.kubeconfig,
    input: JSON.stringify(object),
  });
  expect(created.exitCode).toBe(1);
  const { violations } = validateLink(object);
  expect(violations.map((one) => one.path)).toContain(path);
});
