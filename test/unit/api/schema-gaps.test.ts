import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { schema } from '../../../src/api/generated/sagemaker-private-link-schema.ts';
import { schemaGaps } from '../../../src/api/schema-gaps.ts';
import type { StructuralSchema } from '../../../src/api/validation/structural-schema.ts';

type Schema = Record<string, unknown>;
/** A field of the kind: where it is, and how to take it out of a copy of the schema. */
interface Field {
  readonly path: string;
  readonly steps: readonly string[];
}

/** Every field of the kind, found without the code under test. */
function fieldsOf(part: Schema, path: string, steps: readonly string[]): readonly Field[] {
  const below: Field[] = [];
  for (const [name, child] of Object.entries((part['properties'] ?? {}) as Schema)) {
    const field = {
      path: path === '' ? name : `${path}.${name}`,
      steps: [...steps, 'properties', name],
    };
    below.push(field, ...fieldsOf(child as Schema, field.path, field.steps));
  }
  for (const [step, suffix] of [
    ['items', '[]'],
    ['additionalProperties', '.*'],
  ] as const) {
    const child = part[step] as Schema | undefined;
    if (child !== undefined) below.push(...fieldsOf(child, `${path}${suffix}`, [...steps, step]));
  }
  return below;
}

const fields = fieldsOf(schema as never, '', []).filter(({ path }) => !path.startsWith('metadata'));
const enums = fields.filter(({ steps }) => Array.isArray(partAt(schema as never, steps)['enum']));

function partAt(whole: Schema, steps: readonly string[]): Schema {
  return steps.reduce((part, step) => part[step] as Schema, whole);
}

/** A copy of the schema in which the part that the steps lead to is changed. */
function changed(steps: readonly string[], change: (parent: Schema, last: string) => void) {
  const copy = structuredClone(schema) as unknown as Schema;
  change(partAt(copy, steps.slice(0, -1)), steps.at(-1) ?? '');
  return copy as unknown as StructuralSchema;
}

/** Whether fields that are unknown there are kept. */
function keepsUnknown(steps: readonly string[]): boolean {
  return (
    partAt(schema as never, steps.slice(0, -2))['x-kubernetes-preserve-unknown-fields'] === true
  );
}

describe('gaps of the schema in the cluster', () => {
  test('there are none where it is this one', () => {
    expect(schemaGaps(schema, structuredClone(schema))).toEqual([]);
  });

  test('there are many to speak of', () => {
    expect(fields.length).toBeGreaterThan(100);
    expect(enums.length).toBeGreaterThan(5);
  });

  test('each field that it lacks is named, and nothing below it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), ({ path, steps }) => {
        const older = changed(steps, (parent, last) => delete parent[last]);
        expect(schemaGaps(schema, older)).toEqual(keepsUnknown(steps) ? [] : [path]);
      }),
      { numRuns: 500 },
    );
  });

  test('each value that it lacks is named', () => {
    fc.assert(
      fc.property(fc.constantFrom(...enums), fc.nat(), ({ path, steps }, choice) => {
        const values = partAt(schema as never, steps)['enum'] as readonly unknown[];
        const lacking = values[choice % values.length];
        const older = changed(steps, (parent, last) => {
          (parent[last] as Schema)['enum'] = values.filter((value) => value !== lacking);
        });
        expect(schemaGaps(schema, older)).toEqual([`${path}: ${String(lacking)}`]);
      }),
    );
  });

  test('a field, a value and a bound that it has beyond this one are no gaps', () => {
    const newer = structuredClone(schema) as unknown as Schema;
    const spec = partAt(newer, ['properties', 'spec', 'properties']);
    spec['later'] = { type: 'string' };
    const driftPolicy = spec['driftPolicy'] as Schema;
    driftPolicy['enum'] = [...(driftPolicy['enum'] as readonly string[]), 'Later'];
    expect(schemaGaps(schema, newer as never)).toEqual([]);
  });

  test("the metadata is the API server's own", () => {
    const { metadata: _, ...properties } = schema.properties ?? {};
    expect(schemaGaps(schema, { ...schema, properties })).toEqual([]);
  });
});
