/**
 * Writes the generated parts of the page of each kind in crds/, such as docs/spec.md. With --check it
 * writes nothing and exits 1 when a page is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readKinds } from './crds.mjs';
import { replacePart } from './generated-part.mjs';
import { importSource } from './import-source.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** Fields in the order of the CRD, each with its path as `kubectl explain` takes it. */
function* fieldsOf(schema, at) {
  const required = new Set(schema.required ?? []);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const here = { name, path: `${at}.${name}`, schema: field, required: required.has(name) };
    yield here;
    yield* below(field, here.path);
  }
}

function* below(schema, at) {
  if (schema.items) yield* below(schema.items, `${at}[]`);
  else if (schema.additionalProperties) yield* below(schema.additionalProperties, `${at}.*`);
  else yield* fieldsOf(schema, at);
}

/** A field that may have several forms: its schema has no type, and bounds each form, by 0 to none. */
function isOpen(schema) {
  return schema.type === undefined && schema['x-kubernetes-preserve-unknown-fields'] === true;
}

/** The forms of an open field with their bounds. */
function openWords(schema) {
  const { maxLength, maxItems, maxProperties, items, additionalProperties } = schema;
  const most = (count) => (count === undefined ? '' : `at most ${count} `);
  const forms = [];
  if (maxLength !== 0) {
    forms.push(maxLength === undefined ? 'text' : `text of at most ${maxLength} characters`);
  }
  if (maxItems !== 0) forms.push(`a list of ${most(maxItems)}${formsWords(items)}`);
  if (maxProperties !== 0) {
    const each = additionalProperties === undefined ? 'anything' : openWords(additionalProperties);
    forms.push(`a map of ${most(maxProperties)}entries, each ${each}`);
  }
  return forms.join(' or ');
}

/** Several values of an open field's items. */
function formsWords(items) {
  const isText = items !== undefined && items.maxItems === 0 && items.maxProperties === 0;
  return isText ? 'texts' : 'values';
}

function typeWords(schema) {
  if (isOpen(schema)) return openWords(schema);
  if (schema.type === 'array') return `list of ${plural(typeWords(schema.items))}`;
  if (schema.additionalProperties) {
    const each = schema.additionalProperties;
    return `map of ${isOpen(each) ? `values, each ${typeWords(each)}` : plural(typeWords(each))}`;
  }
  if (schema.enum) return `one of ${schema.enum.map((each) => `\`${each}\``).join(', ')}`;
  const words = { string: 'text', integer: 'number', boolean: 'true or false', object: 'object' };
  return words[schema.type] ?? 'anything';
}

function plural(words) {
  return words === 'object'
    ? 'objects'
    : words.replace(/^one of/, 'values, each one of').replace(/^map /, 'maps ');
}

function boundWords(schema) {
  if (isOpen(schema)) return [];
  const bounds = [];
  const add = (min, max, unit) => {
    if (min !== undefined && max !== undefined) bounds.push(`${min} to ${max} ${unit}`);
    else if (max !== undefined) bounds.push(`at most ${max} ${unit}`);
    else if (min !== undefined) bounds.push(`at least ${min} ${unit}`);
  };
  add(schema.minLength, schema.maxLength, 'characters');
  add(schema.minItems, schema.maxItems, 'items');
  add(schema.minProperties, schema.maxProperties, 'entries');
  if (schema['x-kubernetes-list-type'] === 'set') bounds.push('no duplicates');
  return bounds;
}

/** The messages of the rules of a field, of its items and of their parents' `fieldPath`, once each. */
function ruleWords({ schema, path: at }, moved) {
  const rules = [schema, schema.items, schema.additionalProperties].flatMap(
    (each) => each?.['x-kubernetes-validations'] ?? [],
  );
  const own = rules.filter((rule) => !rule.fieldPath).map(({ message }) => message);
  return [...new Set([...own, ...(moved.get(at) ?? [])])];
}

/** Messages of rules that point at a field below the schema that has them, by that field's path. */
function movedRules(schema, at, moved = new Map()) {
  for (const { fieldPath, message } of schema['x-kubernetes-validations'] ?? []) {
    const target = `${at}${fieldPath ?? ''}`;
    if (fieldPath) moved.set(target, [...(moved.get(target) ?? []), message]);
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    movedRules(field, `${at}.${name}`, moved);
  }
  if (schema.items) movedRules(schema.items, `${at}[]`, moved);
  if (schema.additionalProperties) movedRules(schema.additionalProperties, `${at}.*`, moved);
  return moved;
}

/** The example of the description, else the default, else the first choice. */
function exampleOf({ name, schema, description }) {
  const written = /Example: (.*)\.$/.exec(description)?.[1];
  if (written !== undefined) return `${name}: ${written}`;
  const value = schema.default ?? schema.enum?.[0];
  return value === undefined ? undefined : `${name}: ${JSON.stringify(value).replaceAll('"', '')}`;
}

function fieldSection(field, moved) {
  const { path: at, schema, required } = field;
  const description = schema.description ?? '';
  const facts = [typeWords(schema), ...boundWords(schema)];
  if (required) facts.push('required');
  if (schema.default !== undefined) facts.push(`default \`${JSON.stringify(schema.default)}\``);
  const example = exampleOf({ ...field, description });
  const lines = [`### \`${at}\``, '', `*${facts.join('; ')}*`, ''];
  lines.push(description.replace(/ ?Example: .*\.$/, ''), '');
  const rules = ruleWords(field, moved);
  if (rules.length > 0) lines.push(...rules.map((rule) => `- ${rule}`), '');
  if (example !== undefined) lines.push('```yaml', example, '```', '');
  return lines.join('\n');
}

function specFields(schema) {
  const moved = movedRules(schema, 'spec');
  return [...fieldsOf(schema, 'spec')].map((field) => fieldSection(field, moved)).join('\n');
}

function statusFields(schema) {
  const rows = [...fieldsOf(schema, 'status')].map(({ path: at, schema: field }) => {
    const cell = (field.description ?? '').replaceAll('|', '\\|');
    return `| \`${at}\` | ${typeWords(field)} | ${cell} |`;
  });
  return ['| field | type | what it says |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** The table of reasons, by their groups. */
function reasonTables({ reasonGuide }) {
  return Object.entries(reasonGuide)
    .map(([title, reasons]) => {
      const rows = Object.entries(reasons).map(
        ([reason, { means, todo }]) => `| \`${reason}\` | ${means} | ${todo} |`,
      );
      const head = ['| reason | what it means | what to do |', '| --- | --- | --- |'];
      return [`### ${title}`, '', ...head, ...rows, ''].join('\n');
    })
    .join('\n');
}

/** Each kind has a page of its own; the reasons are those of the one whose conditions have them. */
function pageOf({ kind, slug }) {
  return kind === 'SageMakerPrivateLink' ? 'docs/spec.md' : `docs/spec-${slug}.md`;
}

const guide = await importSource("export * from './src/api/reason-guide.ts';");
for (const source of readKinds()) {
  const page = pageOf(source);
  const { spec, status } = source.schema.properties;
  const actual = await readFile(path.join(root, page), 'utf8');
  const parts = {
    spec: specFields(spec),
    ...(status === undefined ? {} : { status: statusFields(status) }),
    ...(page === 'docs/spec.md' ? { reasons: reasonTables(guide) } : {}),
  };
  const wanted = Object.entries(parts).reduce(
    (text, [part, content]) => replacePart(text, part, content, page),
    actual,
  );
  if (!process.argv.includes('--check')) {
    await writeFile(path.join(root, page), wanted);
  } else if (wanted !== actual) {
    console.error(`${page} is out of date: run node scripts/generate-spec-doc.mjs`);
    process.exitCode = 1;
  }
}
