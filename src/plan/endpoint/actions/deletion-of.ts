import type { Endpoint } from '../../facts.ts';
import type { DeleteVpcEndpoints } from '../actions.ts';

/** Deletes endpoints by one action; none for none. */
export function deletionOf(
  endpoints: readonly Endpoint[],
  reason: string,
): readonly DeleteVpcEndpoints[] {
  if (endpoints.length === 0) return [];
  return [{ kind: 'DeleteVpcEndpoints', endpointIds: endpoints.map(({ id }) => id), reason }];
}
