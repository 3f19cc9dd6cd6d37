import { addDefaultVpc } from './ec2/network/default-vpc.ts';
import { createRegionState, type RegionState } from './ec2/region.ts';
import { type IamState, createIamState } from './iam/state.ts';
import { type IdSource, idSource } from './ids.ts';
import type { Settings } from './options.ts';
import { partitionOf } from './partitions.ts';
import { createSageMakerState, type SageMakerState } from './sagemaker/state.ts';
import { createPrincipals, type Principals } from './sts/principals.ts';

/** All accounts and regions. They come into being, with a default VPC each, when first asked for. */
export interface World {
  readonly settings: Settings;
  readonly ids: IdSource;
  readonly principals: Principals;
  region(accountId: string, region: string): RegionState;
  /** IAM is global in an account of a partition. */
  iam(accountId: string, region: string): IamState;
  sageMaker(accountId: string, region: string): SageMakerState;
  /** The regions that somebody has asked for, of all accounts. */
  knownRegions(): readonly RegionState[];
}

export function createWorld(settings: Settings): World {
  const regions = new Map<string, RegionState>();
  const accounts = new Map<string, IamState>();
  const sageMakers = new Map<string, SageMakerState>();
  const world: World = {
    settings,
    ids: idSource(settings.seed),
    principals: createPrincipals(settings),
    region(accountId, name) {
      const key = `${accountId}/${name}`;
      const known = regions.get(key);
      if (known !== undefined) return known;
      const region = createRegionState(name, accountId, settings, (account) =>
        world.region(account, name),
      );
      region.ledger.settled(() => addDefaultVpc(region));
      regions.set(key, region);
      return region;
    },
    iam(accountId, region) {
      const partition = partitionOf(region).id;
      const key = `${partition}/${accountId}`;
      const known = accounts.get(key);
      if (known !== undefined) return known;
      const iam = createIamState(accountId, partition, settings);
      accounts.set(key, iam);
      return iam;
    },
    sageMaker(accountId, region) {
      const key = `${accountId}/${region}`;
      const state = sageMakers.get(key) ?? createSageMakerState();
      sageMakers.set(key, state);
      return state;
    },
    knownRegions: () => [...regions.values()],
  };
  return world;
}
