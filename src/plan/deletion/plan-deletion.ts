/** Taking everything away again, or leaving it without an owner. */
import { formerSelfNote, retainedNote } from './deletion-notes.ts';
import type { Endpoint, SecurityGroup } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { Observation } from '../observation.ts';
import { isOwnedBy } from '../ownership/ownership.ts';
import { deletionOf } from '../endpoint/actions/deletion-of.ts';
import { isGoing } from '../endpoint/plan-endpoint.ts';
import { planGroupDeletion } from '../security-group/plan-group-deletion.ts';
import { joined, type Stage, settled, stage } from '../stage.ts';
import { releaseOf } from '../tags/actions/release-of.ts';
import { knownEndpoints, knownGroups, ownedIn } from '../ownership/observed-holdings.ts';

/** Everything that the plan of a deletion depends on. */
export interface DeletionInput {
  readonly owner: OwnerIdentity;
  readonly observation: Observation;
  readonly deletionPolicy: 'Delete' | 'Retain';
  /**
   * Whether "nothing is there" can be believed: AWS may not show for some seconds what was
   * created just before, perhaps by a process that died.
   */
  readonly absenceIsFinal: boolean;
}

const subject = 'EndpointsAvailable';

/** The stage, and whether nothing of the link is left at AWS. */
export interface DeletionPlan {
  readonly stage: Stage;
  readonly gone: boolean;
}

/**
 * Endpoints first, then, when AWS confirms that they are gone, the groups they used. A part that could
 * not be read is not gone, and while the endpoints are not known no group goes.
 */
export function planDeletion(input: DeletionInput): DeletionPlan {
  const owned = ownedIn(input.observation, input.owner);
  if (owned === undefined) {
    return { stage: stage({ looks: [{ kind: 'Owned', owner: input.owner }] }), gone: false };
  }
  const ours = ({ tags }: { readonly tags: Endpoint['tags'] }): boolean =>
    isOwnedBy(tags, input.owner);
  const endpoints = owned.endpoints.filter((one) => ours(one) && one.state !== 'deleted');
  const groups = owned.securityGroups.filter(ours);
  const isKnown = knownEndpoints(owned) !== undefined && knownGroups(owned) !== undefined;
  if (endpoints.length === 0 && groups.length === 0) {
    return isKnown ? nothingLeft(input) : { stage: settled, gone: false };
  }
  const removal =
    input.deletionPolicy === 'Retain'
      ? planRelease(endpoints, groups)
      : planRemoval(endpoints, groups, input);
  return { stage: removal, gone: false };
}

function nothingLeft({ absenceIsFinal, observation, owner }: DeletionInput): DeletionPlan {
  if (absenceIsFinal) {
    const note = formerSelfNote(ownedIn(observation, owner)?.former, owner);
    return { stage: note === undefined ? settled : stage({ notes: [note] }), gone: true };
  }
  const message = 'AWS shows nothing of this link any more; looked at once more to be sure.';
  const wait = { subject, reason: 'WaitingForDeletion', message, isForQuiet: true } as const;
  return { stage: stage({ waits: [wait] }), gone: false };
}

/** Without ownership tags nobody takes the resources for a leak, and anybody may adopt them. */
function planRelease(endpoints: readonly Endpoint[], groups: readonly SecurityGroup[]): Stage {
  const standing = endpoints.filter((one) => !isGoing(one));
  const resourceIds = [...standing, ...groups].map(({ id }) => id);
  if (resourceIds.length === 0)
    return waiting('Endpoints that are being deleted are not gone yet.', endpoints);
  return stage({
    actions: [releaseOf(resourceIds)],
    notes: [retainedNote(standing, groups)],
  });
}

function planRemoval(
  endpoints: readonly Endpoint[],
  groups: readonly SecurityGroup[],
  { owner, observation }: DeletionInput,
): Stage {
  const standing = endpoints.filter((one) => !isGoing(one));
  const leaving = endpoints.filter(isGoing);
  const deletions = deletionOf(standing, 'the link is deleted');
  const owned = ownedIn(observation, owner) ?? { endpoints, securityGroups: groups };
  const areEndpointsGone = knownEndpoints(owned) !== undefined && endpoints.length === 0;
  const groupsGo = planGroupDeletion({
    owner,
    observation,
    holdings: owned,
    groupIds: areEndpointsGone ? groups.map(({ id }) => id) : [],
    reason: 'the link is deleted and no endpoint uses the group any more',
  });
  const waits =
    leaving.length === 0
      ? settled
      : waiting(`AWS is deleting ${leaving.map(({ id }) => id).join(', ')}.`, leaving);
  return joined([stage({ actions: deletions }), groupsGo, waits]);
}

/** @param leaving the endpoints that AWS is deleting */
function waiting(message: string, leaving: readonly Endpoint[]): Stage {
  const endpointIds = leaving.map(({ id }) => id);
  return stage({ waits: [{ subject, reason: 'WaitingForDeletion', message, endpointIds }] });
}
