import type { World } from '../world.ts';
import { createRegionControl, type RegionControl } from './region-control.ts';

/** The simulated world in the hands of a test or a demo. What it changes is visible at once. */
export interface WorldControl {
  /** The account of callers whose access key says nothing else. */
  readonly defaultAccountId: string;
  /** @param accountId default: the default account */
  region(name: string, accountId?: string): RegionControl;
}

export function createWorldControl(world: World): WorldControl {
  const { accountId: defaultAccountId } = world.settings;
  return {
    defaultAccountId,
    region: (name, accountId = defaultAccountId) =>
      createRegionControl(world, world.region(accountId, name)),
  };
}
