import { ownershipTags } from '../../ownership/ownership.ts';
import type { DeleteTags } from '../actions.ts';

/** Takes the ownership tags off resources that `deletionPolicy: Retain` leaves. */
export function releaseOf(resourceIds: readonly string[]): DeleteTags {
  return {
    kind: 'DeleteTags',
    subject: 'EndpointsAvailable',
    resourceIds,
    keys: Object.values(ownershipTags),
    reason: 'deletionPolicy is Retain: the resources stay and have no owner any more',
  };
}
