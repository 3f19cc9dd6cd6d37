import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as api from '../../../src/api/sagemaker-private-link.ts';
import { compileRule, createCelEnvironment } from '../../../src/api/validation/cel-environment.ts';
import type {
  StructuralSchema,
  ValidationRule,
} from '../../../src/api/validation/structural-schema.ts';

interface Schema extends StructuralSchema {
  readonly description?: string;
}

const crd = parse(
  readFileSync(join(import.meta.dirname, '../../../crds/sagemakerprivatelinks.yaml'), 'utf8'),
);
const root: Schema = crd.spec.versions[0].schema.openAPIV3Schema;

/** Every schema of the CRD with its path and whether it is a field that people write or read. */
function* schemas(schema: Schema, path: string): Generator<[string, Schema]> {
  yield [path, schema];
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    yield* schemas(property, path === '' ? key : `${path}.${key}`);
  }
  if (schema.items) yield* schemas(schema.items, `${path}[]`);
  if (schema.additionalProperties) yield* schemas(schema.additionalProperties, `${path}{}`);
}

const all = [...schemas(root, '')];
const rules = all.flatMap(([path, schema]) =>
  (schema['x-kubernetes-validations'] ?? []).map((rule): [string, ValidationRule] => [path, rule]),
);

test('the names in code are those of the CRD', () => {
  expect(crd.spec).toMatchObject({
    group: api.group,
    scope: 'Cluster',
    names: { kind: api.kind, plural: api.plural },
    versions: [{ name: api.version, served: true, storage: true, subresources: { status: {} } }],
  });
  expect(crd.metadata.name).toBe(`${api.plural}.${api.group}`);
});

test('every field has a description that is a sentence', () => {
  const isDocumented = ([path, { description }]: [string, Schema]) =>
    path === 'metadata' || path.endsWith(']') || /^\S.{10,}\.$/.test(description ?? '');
  expect(all.filter((each) => !isDocumented(each)).map(([path]) => path)).toEqual([]);
});

test('fields of the spec that take more than a choice have an example', () => {
  const scalars = ['string', 'array'];
  const without = all.filter(
    ([path, { type, description, enum: choice, items }]) =>
      path.startsWith('spec.') &&
      !path.endsWith(']') &&
      !path.endsWith('}') &&
      scalars.includes(type ?? '') &&
      choice === undefined &&
      items?.enum === undefined &&
      !description?.includes('Example: '),
  );
  expect(without.map(([path]) => path)).toEqual([]);
});

test('every text, list and map of the spec has a bound, or CEL would cost too much', () => {
  const unbounded = all.filter(([path, schema]) => {
    if (!path.startsWith('spec')) return false;
    if (schema.type === 'string') return schema.maxLength === undefined && !schema.enum;
    if (schema.type === 'array') return schema.maxItems === undefined;
    return schema.additionalProperties !== undefined && schema.maxProperties === undefined;
  });
  expect(unbounded.map(([path]) => path)).toEqual([]);
});

test.each(rules)('the rule at %s is CEL that offline validation reads', (_, { rule, message }) => {
  expect(compileRule(createCelEnvironment(), rule).check()).toMatchObject({ valid: true });
  expect(message).toMatch(/^\S.{5,}[^.]$/);
});

test('no rule asserts that a parent is absent: has() of a field below it would never be asked', () => {
  // A rule of the form `!has(a.b)` also holds where `a` is mistyped; see docs/spec.md.
  const negative = rules.filter(([, { rule }]) => rule.includes('!has('));
  expect(negative).toEqual([]);
});

/** Keywords of the spec's schemas that offline validation enforces, or that enforce nothing. */
const known = new Set([
  'additionalProperties',
  'default',
  'description',
  'enum',
  'items',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'properties',
  'required',
  'type',
  'x-kubernetes-list-type',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);

test('the spec uses no keyword that offline validation would pass over', () => {
  const used = all
    .filter(([path]) => !path.startsWith('status'))
    .flatMap(([, schema]) => Object.keys(schema));
  expect([...new Set(used)].filter((keyword) => !known.has(keyword))).toEqual([]);
});

test('rules use nothing of a rule but what offline validation evaluates', () => {
  const used = new Set(rules.flatMap(([, rule]) => Object.keys(rule)));
  expect([...used].sort()).toEqual(['fieldPath', 'message', 'reason', 'rule']);
  const reasons = rules.flatMap(([, { reason }]) => reason ?? []);
  expect(new Set(reasons)).toEqual(new Set(['FieldValueForbidden']));
});
