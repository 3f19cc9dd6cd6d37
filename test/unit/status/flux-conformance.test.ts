import { expect, test } from '@jest/globals';
import { fluxViolations } from '../../status/flux-conformance.ts';
import type { Condition, StatusObject } from '../../status/status-object.ts';

function condition(type: string, status: string, changes: Partial<Condition> = {}): Condition {
  return { type, status, reason: 'R', message: 'M', observedGeneration: 2, ...changes };
}

function written(
  conditions: readonly Condition[],
  observedGeneration = 2,
  generation = 2,
): StatusObject {
  return { metadata: { generation }, status: { observedGeneration, conditions } };
}

/** For each rule one status that breaks it, and what else it cannot help but break. */
const broken: readonly (readonly [rule: string, object: StatusObject, also?: string[]])[] = [
  [
    'FAIL0001',
    written([condition('Reconciling', 'True'), condition('Ready', 'True')]),
    ['FAIL0003', 'WARN0001'],
  ],
  ['FAIL0002', written([])],
  ['FAIL0003', written([condition('Reconciling', 'True'), condition('Ready', 'Unknown')])],
  ['FAIL0004', written([condition('Stalled', 'True'), condition('Ready', 'Unknown')])],
  [
    'FAIL0005',
    written([
      condition('Reconciling', 'True'),
      condition('Stalled', 'True'),
      condition('Ready', 'False'),
    ]),
  ],
  ['FAIL0006', written([condition('Ready', 'False')], 3)],
  ['FAIL0007', written([condition('Ready', 'True', { observedGeneration: 2 })], 1), ['FAIL0009']],
  [
    'FAIL0008',
    written([
      condition('Ready', 'True'),
      condition('Available', 'True', { observedGeneration: 1 }),
    ]),
    ['FAIL0009'],
  ],
  ['FAIL0009', written([condition('Ready', 'True', { observedGeneration: 3 })])],
  ['WARN0001', written([condition('Stalled', 'Unknown'), condition('Ready', 'True')])],
  [
    'WARN0002',
    written([condition('Stalled', 'True', { message: 'other' }), condition('Ready', 'False')]),
  ],
  ['WARN0003', written([condition('Reconciling', 'False'), condition('Ready', 'False')])],
  ['WARN0004', written([condition('Stalled', 'False'), condition('Ready', 'False')])],
  ['WARN0005', written([condition('Ready', 'False', { observedGeneration: 0 })])],
];

test.each(broken)('a status that breaks %s is told so', (rule, object, also = []) => {
  const names = fluxViolations(object).map((line) => line.split(':')[0]);
  expect(names).toEqual([rule, ...also]);
});

test('a note in the middle of a pass may leave Ready unknown', () => {
  const note = written([condition('Reconciling', 'True'), condition('Ready', 'Unknown')], 1);
  expect(fluxViolations(note, 'middle')).toEqual([]);
});

test('a note in the middle of a pass that leaves Ready unknown says that work goes on', () => {
  expect(fluxViolations(written([condition('Ready', 'Unknown')]), 'middle')).toEqual([
    'FAIL0011: Reconciling must be True while Ready is Unknown',
  ]);
});

test('an object without any status lacks Ready', () => {
  expect(fluxViolations({ metadata: { generation: 1 } })).toEqual([
    'FAIL0002: Ready must always be present',
  ]);
});
