/** The differences that somebody else made, among all that a pass found. Pure. */
import type { SageMakerPrivateLinkStatus } from '../../api/sagemaker-private-link.ts';
import type { Difference } from '../findings.ts';

/**
 * Drift to tell people of; empty while the generation has not been brought about.
 *
 * An endpoint gets its private names after it has become available. Of one that takes the place of a
 * deleted endpoint that step is the operator's own, and nobody's interference.
 *
 * @param former the status before the pass
 */
export function newsOfDrift(
  found: readonly Difference[],
  former: SageMakerPrivateLinkStatus,
  generation: number,
): readonly Difference[] {
  if (former.appliedGeneration !== generation) return [];
  return found.filter((one) => !isStagedName(one) || hadName(former, one) || isTold(former, one));
}

function isStagedName({ field, desired }: Difference): boolean {
  return field === 'privateDNS' && desired === 'true';
}

function hadName(
  { endpoints = [] }: SageMakerPrivateLinkStatus,
  { resource }: Difference,
): boolean {
  return endpoints.some(({ id, privateDNS }) => id === resource && privateDNS === true);
}

/** With `driftPolicy: Report` a difference stays, and the status shows the endpoint as it is. */
function isTold({ drift = [] }: SageMakerPrivateLinkStatus, one: Difference): boolean {
  return drift.some(({ resource, field }) => resource === one.resource && field === one.field);
}
