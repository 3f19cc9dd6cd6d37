/** Effects of actions on an observation, so that the next step of the plan need not read it back from AWS. */
import { changesOf, rowOf } from './action-catalogue.ts';
import type { Action, ResultOf } from '../actions.ts';
import type { Change, ChangedFact, ChangeOf } from './changes.ts';
import type { CloudError } from '../cloud.ts';
import { foldEndpoint } from '../endpoint/actions/fold-endpoint.ts';
import { foldFreeAddresses } from '../endpoint/actions/fold-free-addresses.ts';
import type { OwnerIdentity } from '../looks.ts';
import { foldPolicy } from '../notebook-policy/actions/fold-policy.ts';
import { foldPolicyVersions } from '../notebook-policy/actions/fold-policy-versions.ts';
import type { Observation } from '../observation.ts';
import { foldSecurityGroup } from '../security-group/actions/fold-security-group.ts';
import { foldTags } from '../tags/actions/fold-tags.ts';

/** Puts a change of one fact into an observation. */
type Fold<Fact extends ChangedFact> = (
  observation: Observation,
  change: ChangeOf<Fact>,
  owner: OwnerIdentity,
) => Observation;

const folds: { readonly [Fact in ChangedFact]: Fold<Fact> } = {
  Endpoint: foldEndpoint,
  FreeAddresses: foldFreeAddresses,
  SecurityGroup: foldSecurityGroup,
  Tags: foldTags,
  ManagedPolicy: foldPolicy,
  PolicyVersions: foldPolicyVersions,
};

/** The observation after an action took effect. */
export function withEffect<A extends Action>(
  observation: Observation,
  owner: OwnerIdentity,
  action: A,
  result: ResultOf<A>,
): Observation {
  return changesOf(action, result).reduce<Observation>(
    (known, change) => withChange(known, change, owner),
    observation,
  );
}

function withChange(observation: Observation, change: Change, owner: OwnerIdentity): Observation {
  const fold = folds[change.of] as Fold<ChangedFact>;
  return fold(observation, change as ChangeOf<ChangedFact>, owner);
}

/** The observation after AWS refused an action: the refusal, and what it tells of the resource. */
export function withRefusal(
  observation: Observation,
  owner: OwnerIdentity,
  action: Action,
  error: CloudError,
): Observation {
  const { kind } = action;
  const { code } = error;
  const row = rowOf(action);
  const ofEach = row.resourceIds(action).map((id) => [`${kind} ${id}`, code]);
  const refusals = { ...observation.refusals, [kind]: code, ...Object.fromEntries(ofEach) };
  return (row.shows?.(action, error) ?? []).reduce<Observation>(
    (known, change) => withChange(known, change, owner),
    { ...observation, refusals },
  );
}
