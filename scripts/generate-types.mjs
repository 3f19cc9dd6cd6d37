/**
 * Writes src/api/generated/ from the CRD: the TypeScript types of the kind, and the schema itself
 * for offline validation. With --check it writes nothing and exits 1 when a file is out of date.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '..');
const crdFile = 'crds/sagemakerprivatelinks.yaml';
const banner = `// Generated from ${crdFile} by scripts/generate-types.mjs. Do not edit.`;

/** Names of the interfaces, by the path of their schema. Everything else is written inline. */
const typeNames = {
  spec: 'SageMakerPrivateLinkSpec',
  'spec.vpc': 'VPCSpec',
  'spec.subnets': 'SubnetsSpec',
  'spec.endpoints[]': 'EndpointSpec',
  'spec.endpoints[].service': 'SageMakerService',
  'spec.endpoints[].policy': 'EndpointPolicy',
  'spec.endpoints[].policy.Statement[]': 'PolicyStatement',
  'spec.endpoints[].addresses{}': 'FixedAddress',
  'spec.securityGroup': 'SecurityGroupSpec',
  'spec.securityGroup.ingress[]': 'IngressSource',
  'spec.notebookAccess': 'NotebookAccessSpec',
  'spec.notebookAccess.actions[]': 'NotebookAction',
  'spec.notebookAccess.attachTo': 'AttachToSpec',
  'spec.clients': 'ClientsSpec',
  'spec.clients.namespaceSelector': 'LabelSelector',
  'spec.clients.namespaceSelector.matchExpressions[]': 'LabelSelectorRequirement',
  'spec.clients.configMap': 'ClientConfigMapSpec',
  'spec.clients.networkPolicy': 'ClientNetworkPolicySpec',
  'spec.clients.networkPolicy.podSelector': 'LabelSelector',
  'spec.clients.networkPolicy.egress': 'ClientEgressSpec',
  'spec.clients.networkPolicy.egress.namespaceSelector': 'LabelSelector',
  'spec.clients.networkPolicy.egress.rules[]': 'NetworkPolicyEgressRule',
  'spec.clients.networkPolicy.egress.rules[].to[]': 'NetworkPolicyPeer',
  'spec.clients.networkPolicy.egress.rules[].to[].ipBlock': 'IPBlock',
  'spec.clients.networkPolicy.egress.rules[].to[].namespaceSelector': 'LabelSelector',
  'spec.clients.networkPolicy.egress.rules[].to[].podSelector': 'LabelSelector',
  'spec.clients.networkPolicy.egress.rules[].ports[]': 'NetworkPolicyPort',
  'spec.clients.clusterPolicy': 'ClusterPolicySpec',
  status: 'SageMakerPrivateLinkStatus',
  'status.conditions[]': 'Condition',
  'status.subnets[]': 'SubnetStatus',
  'status.truncated[]': 'TruncatedList',
  'status.skippedSubnets[]': 'SkippedSubnet',
  'status.endpoints[]': 'EndpointStatus',
  'status.endpoints[].networkInterfaces[]': 'NetworkInterfaceStatus',
  'status.securityGroup': 'SecurityGroupStatus',
  'status.notebookAccess': 'NotebookAccessStatus',
  'status.clients': 'ClientsStatus',
  'status.clients.failing[]': 'FailingNamespace',
  'status.clients.services[]': 'ClientServiceStatus',
  'status.clients.egress[]': 'ClientEgressStatus',
  'status.clients.clusterPolicy': 'ClusterPolicyStatus',
  'status.drift[]': 'DriftEntry',
};

/**
 * Turns a structural schema into what json-schema-to-typescript reads well: named parts become
 * definitions, fields with a default become required (they are always there in a stored object),
 * bounds go (they would become unions of tuples).
 */
function toJsonSchema(schema, at, definitions) {
  const name = typeNames[at];
  if (name !== undefined) {
    definitions[name] ??= convert(schema, at, definitions);
    // A description beside $ref is kept for the property that refers to it.
    return { $ref: `#/definitions/${name}` };
  }
  return convert(schema, at, definitions);
}

function convert(schema, at, definitions) {
  const description = schema.description && { description: schema.description };
  if (schema.type === undefined) return { ...description, tsType: 'unknown' };
  if (schema.type === 'array') {
    const items = toJsonSchema(schema.items, `${at}[]`, definitions);
    return { ...description, type: 'array', items };
  }
  if (schema.type === 'object') return convertObject(schema, at, definitions);
  return { ...description, type: schema.type, ...(schema.enum && { enum: schema.enum }) };
}

function convertObject(schema, at, definitions) {
  const child = (key) => (at === '' ? key : `${at}.${key}`);
  const properties = Object.entries(schema.properties ?? {});
  const defaulted = properties.filter(([, value]) => value.default !== undefined && at !== '');
  const values = schema.additionalProperties;
  return {
    ...(schema.description && { description: schema.description }),
    type: 'object',
    properties: Object.fromEntries(
      properties.map(([key, value]) => [key, toJsonSchema(value, child(key), definitions)]),
    ),
    required: [...(schema.required ?? []), ...defaulted.map(([key]) => key)],
    additionalProperties: values
      ? toJsonSchema(values, `${at}{}`, definitions)
      : schema['x-kubernetes-preserve-unknown-fields'] === true,
  };
}

/** Makes every property and every array of the generated interfaces readonly. */
function makeReadonly(source) {
  return source
    .replace(/^(\s+)((?:\[k: string\]|\w+\??): )/gm, '$1readonly $2')
    .replace(/: ((?:\([^()]*\)|\w+)\[\])/g, ': readonly $1');
}

async function generateTypes(schema) {
  const definitions = {};
  const document = convertObject(schema, '', definitions);
  document.properties.apiVersion = { enum: ['sagemaker.privatelink.dev/v1alpha1'] };
  document.properties.kind = { enum: ['SageMakerPrivateLink'] };
  document.properties.metadata = { tsType: 'ObjectMeta' };
  document.required = ['apiVersion', 'kind', 'metadata', 'spec'];
  const source = await compile({ ...document, definitions }, 'SageMakerPrivateLink', {
    bannerComment: `${banner}\nimport type { ObjectMeta } from '../object-meta.ts';`,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 100 },
  });
  return wrapComments(makeReadonly(source));
}

/** Breaks the lines of doc comments at 100 columns. */
function wrapComments(source) {
  return source.replace(/^( *\* )(.{90,})$/gm, (_, start, text) => {
    const width = 100 - start.length;
    const lines = text.match(new RegExp(`\\S.{0,${width - 2}}\\S(?= |$)|\\S+`, 'g'));
    return lines.map((line) => start + line).join('\n');
  });
}

/** The schema without what only people read. */
function withoutDescriptions(schema, isMap = false) {
  if (Array.isArray(schema)) return schema.map((item) => withoutDescriptions(item));
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => isMap || key !== 'description' || typeof value !== 'string')
      .map(([key, value]) => [key, withoutDescriptions(value, key === 'properties' && !isMap)]),
  );
}

function generateSchema(schema) {
  return `${banner}
import type { StructuralSchema } from '../validation/structural-schema.ts';

/** The schema of the kind, without descriptions, as the API server enforces it. */
export const schema: StructuralSchema = ${JSON.stringify(withoutDescriptions(schema))};
`;
}

function format(file, source) {
  const biome = path.join(root, 'node_modules/.bin/biome');
  const done = spawnSync(biome, ['format', `--stdin-file-path=${file}`], {
    cwd: root,
    input: source,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`biome could not format ${file}: ${done.stderr}`);
  return done.stdout;
}

async function main() {
  const crd = parse(await readFile(path.join(root, crdFile), 'utf8'));
  const schema = crd.spec.versions[0].schema.openAPIV3Schema;
  const files = {
    'src/api/generated/sagemaker-private-link.ts': await generateTypes(schema),
    'src/api/generated/crd.ts': generateSchema(schema),
  };
  let stale = false;
  for (const [file, source] of Object.entries(files)) {
    const wanted = format(file, source);
    const target = path.join(root, file);
    if (process.argv.includes('--check')) {
      const actual = await readFile(target, 'utf8').catch(() => '');
      if (actual === wanted) continue;
      stale = true;
      console.error(`${file} is out of date: run node scripts/generate-types.mjs`);
    } else {
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, wanted);
    }
  }
  process.exitCode = stale ? 1 : 0;
}

await main();
