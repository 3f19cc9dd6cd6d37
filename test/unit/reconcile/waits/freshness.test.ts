import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import { freshnessOf, restMaxAgeMs } from '../../../../src/reconcile/waits/freshness.ts';
import { workEnded } from '../../../../src/reconcile/waits/link-reasons.ts';

const minute = 60_000;
const askedAt = 60 * minute;

function linkOf(spec: object = {}, generation = 1): SageMakerPrivateLink {
  const metadata = { name: 'ml', uid: 'u', generation };
  return { metadata, spec, status: {} } as unknown as SageMakerPrivateLink;
}

function since(reasons: readonly string[], absenceIsFinal = false) {
  const item = { priority: 'normal', reasons } as const;
  return freshnessOf(linkOf(), item, { askedAt, absenceIsFinal });
}

test('after the end of AWS’s work the link’s own resources need not be read again', () => {
  expect(since([workEnded]).holdingsSince).toBe(askedAt - 5 * minute);
  expect(since(['Poll', workEnded]).holdingsSince).toBe(askedAt - 5 * minute);
  expect(since([workEnded]).resourcesSince).toBe(askedAt);
});

test('any other reason for a pass wants them read', () => {
  expect(since(['Poll']).holdingsSince).toBeUndefined();
  expect(since(['Changed', workEnded]).holdingsSince).toBeUndefined();
});

test('an absence is never final by an older answer', () => {
  expect(since([workEnded], true).holdingsSince).toBe(askedAt);
});

test('a first spec without notebook access takes an older list of policies', () => {
  const item = { priority: 'normal', reasons: ['Poll'] } as const;
  const how = { askedAt, absenceIsFinal: false };
  const of = (link: SageMakerPrivateLink) => freshnessOf(link, item, how).policyNamesSince;
  expect(of(linkOf())).toBe(askedAt - 10 * minute);
  expect(of(linkOf({ notebookAccess: {} }))).toBeUndefined();
  expect(of(linkOf({}, 2))).toBeUndefined();
});

test('after a hint about the network that is asked about anew, after one of its own resources only those', () => {
  const how = { askedAt, absenceIsFinal: false };
  const status = { observedGeneration: 1, conditions: [], lastSweepTime: '2026-01-01T00:00:00Z' };
  const link = { ...linkOf({ sweepInterval: '1m' }), status } as unknown as SageMakerPrivateLink;
  const after = (...reasons: string[]) => freshnessOf(link, { priority: 'low', reasons }, how);
  expect(after('Sweep').networkSince).toBe(askedAt - 10 * minute);
  expect(after('Sweep', 'Hint')).toMatchObject({
    resourcesSince: askedAt,
    networkSince: askedAt - 10 * minute,
  });
  expect(after('Sweep', 'NetworkHint')).toMatchObject({
    resourcesSince: askedAt,
    networkSince: askedAt,
  });
  expect(after('Hint', workEnded).holdingsSince).toBeUndefined();
});

test('a sweep may find a settled link at rest by an answer that is a little older, and no other pass', () => {
  const of = (
    reasons: readonly string[],
    { priority = 'low' as 'low' | 'high', generation = 1, absenceIsFinal = false } = {},
  ) => {
    const status = { observedGeneration: 1, conditions: [], lastSweepTime: '2026-01-01T00:00:00Z' };
    const link = { ...linkOf({ sweepInterval: '30s' }, generation), status } as never;
    return freshnessOf(link, { priority, reasons }, { askedAt, absenceIsFinal }).restSince;
  };
  expect(of(['Sweep'])).toBe(askedAt - 5_000);
  expect(of(['Sweep', 'Hint'])).toBeUndefined();
  expect(of(['Sweep', 'Changed'], { priority: 'high' })).toBeUndefined();
  expect(of(['Added'])).toBeUndefined();
  expect(of(['Sweep'], { generation: 2 })).toBeUndefined();
  expect(of(['Sweep'], { absenceIsFinal: true })).toBeUndefined();
});

test('however rarely a link is swept, an answer that finds it at rest is ten seconds old at most', () => {
  expect([6_000, 60_000, 3_600_000].map(restMaxAgeMs)).toEqual([1_000, 10_000, 10_000]);
});

test('a hint about a link that waits for its turn is followed by reads that are newer than it', () => {
  const how = { askedAt, absenceIsFinal: false };
  const conditions = [{ type: 'Ready', status: 'False', reason: 'WaitingForCallBudget' }];
  const status = { observedGeneration: 1, conditions, lastSweepTime: '2026-01-01T00:00:00Z' };
  const link = { ...linkOf(), status } as unknown as SageMakerPrivateLink;
  const after = (...reasons: string[]) => freshnessOf(link, { priority: 'normal', reasons }, how);
  expect(after('Turn').holdingsSince).toBe(askedAt - 5 * minute);
  expect(after('Turn', 'Hint')).toMatchObject({ resourcesSince: askedAt });
  expect(after('Turn', 'Hint').holdingsSince).toBeUndefined();
  expect(after('Turn', 'NetworkHint')).toMatchObject({
    resourcesSince: askedAt,
    networkSince: askedAt,
  });
});
