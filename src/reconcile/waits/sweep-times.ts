/** When AWS was last looked at for drift, for metrics: a status is written for news alone. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { OwnerIdentity } from '../../plan/looks.ts';
import { callerIn } from '../../plan/network/caller-in.ts';
import { isWhole, ownedIn } from '../../plan/ownership/observed-holdings.ts';
import type { PassEnd } from '../../plan/pass-end.ts';

/** Where the times are told. */
export interface SweepGauge {
  set(labels: { readonly account: string; readonly region: string }, seconds: number): void;
}

/** Notes a pass that was told everything that its link owns. */
export function noteSweep(
  lastSweep: SweepGauge,
  { owner, spec, at }: SweptLink,
  { observation }: Pick<PassEnd, 'observation'>,
): void {
  const caller = callerIn(observation);
  const owned = ownedIn(observation, owner);
  if (caller === undefined || owned === undefined || !isWhole(owned)) return;
  lastSweep.set({ account: caller.account, region: spec.region }, at.getTime() / 1000);
}

export interface SweptLink {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly at: Date;
}
