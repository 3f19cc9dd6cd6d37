/**
 * Writes src/api/generated/ from every file of crds/: the TypeScript types of the kind, and the schema
 * itself for offline validation. With --check it writes nothing and exits 1 when a file is out of date.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { readKinds } from './crds.mjs';
import { typeNames } from './type-names.mjs';

const root = path.resolve(import.meta.dirname, '..');

function bannerOf({ file }) {
  return `// Generated from ${file} by scripts/generate-types.mjs. Do not edit.`;
}

/**
 * Turns a structural schema into what json-schema-to-typescript reads well: named parts become
 * definitions, fields with a default become required (they are always there in a stored object),
 * bounds go (they would become unions of tuples).
 */
function toJsonSchema(schema, at, definitions) {
  const name = definitions.names[at];
  if (name !== undefined) {
    definitions.made[name] ??= convert(schema, at, definitions);
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

async function generateTypes(source) {
  const { kind, apiVersion, schema } = source;
  const definitions = { names: typeNames[kind] ?? {}, made: {} };
  const document = convertObject(schema, '', definitions);
  document.properties.apiVersion = { enum: [apiVersion] };
  document.properties.kind = { enum: [kind] };
  document.properties.metadata = { tsType: 'ObjectMeta' };
  document.required = ['apiVersion', 'kind', 'metadata', 'spec'];
  const whole = { ...document, definitions: definitions.made };
  const types = await compile(whole, kind, {
    bannerComment: `${bannerOf(source)}\nimport type { ObjectMeta } from '../object-meta.ts';`,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 100 },
  });
  return wrapComments(makeReadonly(types));
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

function generateSchema(source) {
  return `${bannerOf(source)}
import type { StructuralSchema } from '../validation/structural-schema.ts';

/** The schema of the kind, without descriptions, as the API server enforces it. */
export const schema: StructuralSchema = ${JSON.stringify(withoutDescriptions(source.schema))};
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
  const files = {};
  for (const source of readKinds()) {
    files[`src/api/generated/${source.slug}.ts`] = await generateTypes(source);
    files[`src/api/generated/${source.slug}-schema.ts`] = generateSchema(source);
  }
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
