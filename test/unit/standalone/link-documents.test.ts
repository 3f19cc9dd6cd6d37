import { expect, test } from '@jest/globals';
import { linkDocuments } from '../../../src/standalone/link-documents.ts';
import { readLinks } from '../../../src/standalone/link-files.ts';

const apiVersion = 'sagemaker.privatelink.dev/v1alpha1';
const spec = `
  region: eu-west-1
  vpc: {id: vpc-0a1b2c3d4e5f67890}
  subnets: {tags: {ml: private}}
  endpoints: [{service: api}]`;
const link = (name: string, indent = '') =>
  `apiVersion: ${apiVersion}\nkind: SageMakerPrivateLink\nmetadata: {name: ${name}}\nspec:${spec}\n`.replaceAll(
    '\n',
    `\n${indent}`,
  );

function namesIn(text: string): readonly string[] {
  const { links, errors } = readLinks([{ fileName: 'all.yaml', text }], { clusterId: 'test' });
  expect(errors).toEqual([]);
  return links.map(({ name }) => name);
}

test('links are found among objects of other kinds, which are passed over by name', () => {
  const text = `kind: ConfigMap\napiVersion: v1\nmetadata: {name: demo}\n---\n${link('ml')}---\nkind: Namespace\napiVersion: v1\n`;
  expect(namesIn(text)).toEqual(['ml']);
  expect(linkDocuments([{ fileName: 'all.yaml', text }]).passedOver).toEqual([
    'all.yaml:1: ConfigMap demo',
    'all.yaml:14: Namespace',
  ]);
});

test.each(['v1', apiVersion])('the items of a List of %s are links', (version) => {
  const kind = version === 'v1' ? 'List' : 'SageMakerPrivateLinkList';
  const text = `apiVersion: ${version}\nkind: ${kind}\nitems:\n- ${link('a', '  ')}\n- ${link('b', '  ')}`;
  expect(namesIn(text)).toEqual(['a', 'b']);
});

test('rules that were not checked are told of without a line, which they do not have', () => {
  const text = link('a').replace('[{service: api}]', '[{service: 5}]');
  const { errors } = readLinks([{ fileName: 'all.yaml', text }], { clusterId: 'test' });
  expect(errors[0]).toMatch(/^all\.yaml:8: spec\.endpoints\[0\]\.service: /);
  expect(errors.at(-1)).toBe(
    'all.yaml: some rules can be checked only when what is wrong above is corrected',
  );
});

test('a mistake in an item of a List has its line', () => {
  const text = `apiVersion: v1\nkind: List\nitems:\n- ${link('a', '  ')}\n- ${link('b', '  ').replace('region:', 'regoin:')}`;
  const { errors } = readLinks([{ fileName: 'all.yaml', text }], { clusterId: 'test' });
  const line = text.split('\n').findIndex((one) => one.includes('regoin')) + 1;
  expect(errors).toEqual([`all.yaml:${line}: unknown field "spec.regoin", did you mean "region"?`]);
});

test.each([
  [`apiVersion: sagemaker.privatelink.dev/v1beta1\nkind: SageMakerPrivateLink\n`, 'apiVersion'],
  [`apiVersion: ${apiVersion}\nkind: SagemakerPrivatelink\n`, 'kind'],
  [`apiVersion: v1\nkind: SageMakerPrivateLink\n`, 'apiVersion'],
  [`kind: SageMakerPrivateLink\n`, 'apiVersion'],
  [`metadata: {name: ml}\n`, 'kind'],
  [`just text\n`, 'kind'],
])('%j may be meant to be a link, so it is refused and not passed over', (text, path) => {
  const { errors, passedOver } = readLinks([{ fileName: 'a.yaml', text }], { clusterId: 'test' });
  expect(passedOver).toEqual([]);
  expect(errors).toContainEqual(expect.stringContaining(`${path}: Invalid value`));
});

test('files without a link say so', () => {
  const text = 'kind: ConfigMap\napiVersion: v1\n';
  const { errors, passedOver } = readLinks([{ fileName: 'a.yaml', text }], { clusterId: 'test' });
  expect(errors).toEqual(['a.yaml: no SageMakerPrivateLink found']);
  expect(passedOver).toEqual(['a.yaml:1: ConfigMap']);
});
