import type { VpcEndpoint } from '../records.ts';

/**
 * The state of an endpoint as the wire spells it at a time; undefined when it is gone and AWS
 * says that it does not exist.
 */
export function endpointState(endpoint: VpcEndpoint, nowMs: number): string | undefined {
  const { deletion } = endpoint;
  if (deletion !== undefined) {
    if (nowMs < deletion.deletedAtMs) return 'deleting';
    return nowMs < deletion.goneAtMs ? 'deleted' : undefined;
  }
  return nowMs < endpoint.pendingUntilMs ? 'pending' : endpoint.settledState;
}

/** True while the endpoint holds its interfaces, addresses, groups and private DNS names. */
export function holdsResources(endpoint: VpcEndpoint, nowMs: number): boolean {
  const state = endpointState(endpoint, nowMs);
  return state !== undefined && state !== 'deleted';
}
