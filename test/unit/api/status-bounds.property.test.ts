import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { schema } from '../../../src/api/generated/sagemaker-private-link-schema.ts';
import { cutText, printable } from '../../../src/api/printable.ts';
import type { SageMakerPrivateLinkStatus } from '../../../src/api/sagemaker-private-link.ts';
import { mostItems, withinBounds } from '../../../src/api/status-bounds.ts';
import type { StructuralSchema } from '../../../src/api/validation/structural-schema.ts';
import { cases } from '../../model/cases.ts';
import { statusViolations } from '../../status/status-schema.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('\u001b[31mred', 'a\r\nb', '\u202etxt', '\u{1f600}', '\ud800', ''),
);

/** Values of the right type, in any size: some of the lists and texts are above their bounds. */
function valueOf(of: StructuralSchema): fc.Arbitrary<unknown> {
  if (of.enum !== undefined) return fc.constantFrom(...of.enum);
  if (of.format === 'date-time') return fc.constant('2026-11-28T00:00:00Z');
  switch (of.type) {
    case 'string':
      return fc
        .tuple(text, fc.constantFrom(0, 0, 1, 400))
        .map(([part, times]) => (of.minLength === undefined ? part : `r${part}`).repeat(1 + times));
    case 'integer':
      return fc.integer({ min: of.minimum ?? -1, max: 9 });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc
        .tuple(fc.array(valueOf(of.items ?? {}), { maxLength: 3 }), fc.constantFrom(1, 1, 1, 70))
        .map(([items, times]) => Array.from({ length: times }, () => items).flat());
    default:
      return fc.record(
        Object.fromEntries(
          Object.entries(of.properties ?? {}).map(([key, field]) => [key, valueOf(field)]),
        ),
        { requiredKeys: [...(of.required ?? [])] },
      );
  }
}

const statusSchema = schema.properties?.['status'] ?? {};
const anyStatus = valueOf(statusSchema).map((value) => {
  const { truncated: _ours, ...status } = value as SageMakerPrivateLinkStatus;
  return status as SageMakerPrivateLinkStatus;
});

test('whatever is seen, the status is one that the API server takes', () => {
  fc.assert(
    fc.property(anyStatus, (status) => {
      expect(statusViolations(withinBounds(status))).toEqual([]);
    }),
    { numRuns: cases(40) },
  );
});

test('a status within its bounds stays as it is', () => {
  fc.assert(
    fc.property(anyStatus, (status) => {
      const bounded = withinBounds(status);
      expect(withinBounds(bounded)).toEqual(bounded);
    }),
    { numRuns: cases(20) },
  );
});

test('a list that is too long is cut, and its rest is counted', () => {
  const since = '2026-11-28T00:00:00Z';
  const drift = Array.from({ length: 260 }, (_, index) => {
    return {
      resource: `sg-${index}`,
      field: 'ingress',
      desired: 'absent',
      actual: 'tcp 22',
      since,
    };
  });
  const bounded = withinBounds({ observedGeneration: 1, drift });
  expect(bounded.drift).toEqual(drift.slice(0, 100));
  expect(bounded.truncated).toEqual([{ field: 'drift', leftOut: 160 }]);
  expect(mostItems('drift')).toBe(100);
});

test('a text that is too long is cut by characters, and its rest is counted', () => {
  const cut = cutText('\u{1f600}'.repeat(2000), 1024);
  expect(Array.from(cut)).toHaveLength(1024);
  expect(cut).toMatch(/\.\.\. \(1006 characters left out\)$/);
  expect(cutText(cut, 1024)).toBe(cut);
});

test('what a terminal obeys is shown instead, and lines become one', () => {
  expect(printable('a\u001b[2Jb\r\nc\u202ed\u0000')).toBe('a\\u001b[2Jb c\\u202ed\\u0000');
  expect(printable('Grüße 日本 👩‍👩‍👧')).toContain('Grüße 日本');
});
