/** What links have at AWS, as somebody else sees it. */
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';

export function isLive({ state }: { readonly state: string }): boolean {
  return !['deleting', 'deleted', 'gone'].includes(state);
}

export function liveEndpoints(region: RegionControl): ReturnType<RegionControl['endpoints']> {
  return region.endpoints().filter(isLive);
}

export function managedGroups(region: RegionControl): ReturnType<RegionControl['securityGroups']> {
  return region.securityGroups().filter(({ name }) => name.startsWith('sagemaker-privatelink-'));
}
