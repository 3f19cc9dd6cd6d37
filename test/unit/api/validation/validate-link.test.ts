import { expect, test } from '@jest/globals';
import { validateLink } from '../../../../src/api/validation/validate-link.ts';

const link = {
  apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
  kind: 'SageMakerPrivateLink',
  metadata: { name: 'ml-prod' },
  spec: {
    region: 'eu-west-1',
    vpc: { id: 'vpc-0a1b2c3d4e5f67890' },
    subnets: { tags: { ml: 'private' } },
    endpoints: [{ service: 'api' }],
  },
};

function messages(object: unknown, old?: unknown): readonly string[] {
  return validateLink(object, { old }).violations.map(({ message }) => message);
}

test('defaults are filled in, and what was given is left alone', () => {
  const before = structuredClone(link);
  const { link: read, violations } = validateLink(link);
  expect(violations).toEqual([]);
  expect(link).toEqual(before);
  expect(read.spec).toMatchObject({
    ...link.spec,
    endpoints: [{ service: 'api', privateDNS: true }],
    subnets: { tags: { ml: 'private' }, unsupportedZones: 'Fail' },
    sweepInterval: '60s',
  });
});

test('defaults are not given to what is absent', () => {
  expect(validateLink(link).link.spec).not.toHaveProperty('notebookAccess');
});

test('links do not share their defaults', () => {
  const withAccess = { ...link, spec: { ...link.spec, notebookAccess: {} } };
  const first = validateLink(withAccess).link.spec.notebookAccess?.actions as string[];
  first.push('Studio');
  expect(validateLink(withAccess).link.spec.notebookAccess?.actions).toEqual(['NotebookInstances']);
});

test('a status is not read: it is the operator who writes it', () => {
  const { link: read, violations } = validateLink({ ...link, status: { vpcId: 7 } });
  expect(violations).toEqual([]);
  expect(read).not.toHaveProperty('status');
});

test.each([undefined, null, 'text', [], 7])('%j is no link', (value) => {
  expect(messages(value)).toEqual([
    'kind: Invalid value: "": must be SageMakerPrivateLink',
    'apiVersion: Invalid value: "": must be sagemaker.privatelink.dev/v1alpha1',
  ]);
});

test('another version is named', () => {
  const { apiVersion: _, ...rest } = link;
  expect(messages({ ...rest, apiVersion: 'sagemaker.privatelink.dev/v1' })).toEqual([
    'apiVersion: Invalid value: "sagemaker.privatelink.dev/v1": must be sagemaker.privatelink.dev/v1alpha1',
  ]);
});

test('names that every JavaScript object has are unknown fields like others', () => {
  const spec = JSON.parse(
    JSON.stringify(link.spec).replace('{', '{"constructor": 1, "toString": {}, "__proto__": {},'),
  );
  expect(messages({ ...link, spec })).toEqual([
    'unknown field "spec.__proto__"',
    'unknown field "spec.constructor"',
    'unknown field "spec.toString"',
  ]);
});

test('such names are tags like others', () => {
  const tags = JSON.parse('{"constructor": "a", "__proto__": "b", "hasOwnProperty": "c"}');
  expect(messages({ ...link, spec: { ...link.spec, tags } })).toEqual([]);
});

test('what an update leaves as it was may stay, though the schema became stricter', () => {
  const old = { ...link, spec: { ...link.spec, tags: { 'aws:team': 'ml' } } };
  expect(messages({ ...old, spec: { ...old.spec, suspend: true } }, old)).toEqual([]);
  const changed = { ...old, spec: { ...old.spec, tags: { 'aws:team': 'x' } } };
  expect(messages(changed, old)).toEqual([expect.stringContaining('must not begin with aws:')]);
});

test('the region of an existing link stays', () => {
  const moved = { ...link, spec: { ...link.spec, region: 'eu-west-3' } };
  expect(messages(moved)).toEqual([]);
  expect(messages(moved, link)).toEqual([
    'spec.region: Forbidden: is immutable: create another SageMakerPrivateLink for another region',
  ]);
});

test('the name of the notebook policy stays, and can be given anew after notebookAccess was removed', () => {
  const named = (notebookAccess?: object) => ({ ...link, spec: { ...link.spec, notebookAccess } });
  const [plain, office, home] = [{}, { policyName: 'office' }, { policyName: 'home' }].map((name) =>
    named({ allowedCIDRs: ['203.0.113.0/24'], ...name }),
  );
  const { notebookAccess: _, ...without } = named().spec;
  const removed = { ...link, spec: without };
  const refused = [
    expect.stringMatching(/^spec\.notebookAccess\.policyName: Forbidden: is immutable/),
  ];
  expect(messages(home, office)).toEqual(refused);
  expect(messages(plain, office)).toEqual(refused);
  expect(messages(office, plain)).toEqual(refused);
  expect(messages(office, office)).toEqual([]);
  expect(messages(removed, office)).toEqual([]);
  expect(messages(home, removed)).toEqual([]);
});
