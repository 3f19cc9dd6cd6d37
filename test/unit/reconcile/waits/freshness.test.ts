import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import { freshnessOf } from '../../../../src/reconcile/waits/freshness.ts';
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
