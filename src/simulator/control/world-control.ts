import type { RegionState } from '../ec2/region.ts';
import type { World } from '../world.ts';
import { type AccountControl, createAccountControl } from './account-control.ts';
import { createRegionControl, type RegionControl } from './region-control.ts';
import { createSageMakerControl, type SageMakerControl } from './sagemaker-control.ts';

/** The simulated world in the hands of a test or a demo. Its changes are visible at once. */
export interface WorldControl {
  /** The account of callers whose access key says nothing else. */
  readonly defaultAccountId: string;
  /** EC2. @param accountId default: the default account */
  region(name: string, accountId?: string): RegionControl;
  /** IAM. @param region any region of the partition; default: us-east-1 */
  account(accountId?: string, region?: string): AccountControl;
  /** SageMaker. @param accountId default: the default account */
  sageMaker(region: string, accountId?: string): SageMakerControl;
  /** From now on only access keys that the simulator issued are accepted. */
  acceptOnlyKnownCredentials(): void;
}

export function createWorldControl(world: World): WorldControl {
  const { accountId: defaultAccountId } = world.settings;
  // Asked for at every step of a run, and not small.
  const regions = new Map<RegionState, RegionControl>();
  return {
    defaultAccountId,
    region(name, accountId = defaultAccountId) {
      const state = world.region(accountId, name);
      const control = regions.get(state) ?? createRegionControl(world, state);
      regions.set(state, control);
      return control;
    },
    account: (accountId = defaultAccountId, region = 'us-east-1') =>
      createAccountControl(world.iam(accountId, region)),
    sageMaker: (region, accountId = defaultAccountId) =>
      createSageMakerControl(world.sageMaker(accountId, region), world.settings.clock.now),
    acceptOnlyKnownCredentials: () => world.principals.acceptOnlyKnown(),
  };
}
