import type { CallContext } from '../actions.ts';
import type { RegionState } from './region.ts';

/** The EC2 state of the caller's account in the region of the call. */
export function regionOf(context: CallContext): RegionState {
  return context.world.region(context.caller.accountId, context.region);
}

/** The ARN of a resource of EC2. */
export function arnOf(region: RegionState, resource: string): string {
  return `arn:${region.partition.id}:ec2:${region.name}:${region.accountId}:${resource}`;
}
