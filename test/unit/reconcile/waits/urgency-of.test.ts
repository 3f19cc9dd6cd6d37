import { expect, test } from '@jest/globals';
import {
  apiVersion,
  kind,
  type SageMakerPrivateLink,
} from '../../../../src/api/sagemaker-private-link.ts';
import { urgencyOf } from '../../../../src/reconcile/waits/urgency-of.ts';
import { plainSpec } from '../../../model/generated-specs.ts';

function linkWith(
  status: SageMakerPrivateLink['status'],
  metadata: Partial<SageMakerPrivateLink['metadata']> = {},
): SageMakerPrivateLink {
  const own = { name: 'ml', uid: 'uid-1', generation: 3, resourceVersion: '1', ...metadata };
  return { apiVersion, kind, metadata: own, spec: plainSpec, ...(status ? { status } : {}) };
}

const applied = { appliedGeneration: 3, observedGeneration: 3 };
const begun = { appliedGeneration: 2, observedGeneration: 3 };
const going = { deletionTimestamp: '2026-11-01T00:00:00Z' };

test.each([
  ['of a new link', linkWith(undefined), 'high', ['Added'], 'Change'],
  ['after an edit', linkWith(applied, { generation: 4 }), 'high', ['Changed'], 'Change'],
  ['of an edit that is applied in part', linkWith(begun), 'normal', ['Poll'], 'Change'],
  ['that a user asked for', linkWith(applied), 'high', ['Changed'], 'Change'],
  ['of a link that AWS works on', linkWith(applied), 'normal', ['WorkEnded'], 'Repair'],
  ['after a failed call', linkWith(applied), 'normal', ['Retry'], 'Repair'],
  ['that only sweeps', linkWith(applied), 'low', ['Sweep'], 'Resync'],
  ['of a link that somebody has to act on', linkWith(begun), 'low', ['Sweep'], 'Resync'],
  ['after a restart, of a link that is well', linkWith(applied), 'low', ['Added'], 'Resync'],
  ['of a link that goes', linkWith(applied, going), 'high', ['Changed'], 'Deletion'],
  ['of a link that still goes', linkWith(begun, going), 'low', ['Sweep'], 'Deletion'],
] as const)('the urgency of a pass %s', (_title, link, priority, reasons, urgency) => {
  expect(urgencyOf(link, { priority, reasons })).toBe(urgency);
});
