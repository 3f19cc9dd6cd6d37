/** Endpoints that are there already: which of them a link takes over, and what that changes. */
import { waiting } from './endpoint-conflict.ts';
import type { DesiredEndpoint } from './desired-endpoint.ts';
import type { Endpoint, EndpointState } from '../facts.ts';
import type { Note } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import { adoptionNote } from './adoption-note.ts';
import {
  foreignOwnerOf,
  isAdoptable,
  isOwnedBy,
  ownershipTags,
  ownershipTagsOf,
} from '../ownership/ownership.ts';
import type { TagPolicy } from '../tags/plan-tags.ts';
import { type Stage, stage, stalledStage } from '../stage.ts';

/** Everything that the choice depends on. */
export interface ClaimInput {
  readonly owner: OwnerIdentity;
  readonly adopt: boolean;
  readonly desired: DesiredEndpoint;
  /** Endpoints of the link's former selves, of any service and state. */
  readonly former: readonly Endpoint[];
  readonly groupIds: readonly string[] | undefined;
  readonly tagPolicy: TagPolicy;
  /** Id of this endpoint in the last status: a hint, never the truth. */
  readonly rememberedId: string | undefined;
}

/** Why an endpoint is marked as the link's. */
export type ClaimCause = 'lost' | 'adopted';

/** States in which an endpoint works, or can come to work by itself. */
const usableStates: ReadonlySet<EndpointState> = new Set([
  'available',
  'pending',
  'pendingacceptance',
]);

const goingStates: ReadonlySet<EndpointState> = new Set(['deleting', 'deleted']);

/**
 * The endpoint to take over, of those that are not ours: first ours without its tags (the last
 * status knows its id), then, where adoption is wanted, the best of nobody's that can be used.
 */
export function bestCandidate(
  others: readonly Endpoint[],
  input: ClaimInput,
): Endpoint | undefined {
  const standing = others.filter((one) => !goingStates.has(one.state) && !one.requesterManaged);
  const lost = standing.find(
    ({ id, tags }) => id === input.rememberedId && foreignOwnerOf(tags, input.owner) === undefined,
  );
  if (lost !== undefined || !input.adopt) return lost;
  const adoptable = standing.filter(
    ({ tags, state }) => usableStates.has(state) && isAdoptable(tags, input.owner),
  );
  return rankedCandidates(adoptable, input.desired)[0];
}

/**
 * Candidates, best first: the one whose private DNS is as wanted, since it is the one in use; then
 * the available one; then the one with the most of the wanted subnets and the fewest others; then
 * the oldest, and the lowest id.
 */
export function rankedCandidates(
  candidates: readonly Endpoint[],
  desired: Pick<DesiredEndpoint, 'privateDns' | 'subnets'>,
): readonly Endpoint[] {
  const wanted = new Set(desired.subnets.map(({ id }) => id));
  const scores = (one: Endpoint): readonly number[] => [
    one.privateDnsEnabled === desired.privateDns ? 0 : 1,
    one.state === 'available' ? 0 : 1,
    -one.subnetIds.filter((id) => wanted.has(id)).length,
    one.subnetIds.filter((id) => !wanted.has(id)).length,
  ];
  return [...candidates].sort((a, b) => {
    const [left, right] = [scores(a), scores(b)];
    const differing = left.findIndex((score, index) => score !== right[index]);
    if (differing >= 0) return (left[differing] ?? 0) - (right[differing] ?? 0);
    return ageOf(a).localeCompare(ageOf(b));
  });
}

function ageOf({ createdAt = '9', id }: Endpoint): string {
  return `${createdAt} ${id}`;
}

/**
 * An endpoint that a former self left for the service in this VPC is taken back where the spec says
 * so. Else nothing is made beside it: it would have no keeper. Undefined if there is none.
 */
export function planFormerSelf(input: ClaimInput): Stage | undefined {
  const { desired, owner, adopt } = input;
  const former = input.former.filter(
    ({ serviceName, vpcId, tags, state, requesterManaged }) =>
      !requesterManaged &&
      serviceName === desired.serviceName &&
      vpcId === desired.vpcId &&
      state !== 'deleted' &&
      !isOwnedBy(tags, owner),
  );
  const leaving = former.find(({ state }) => state === 'deleting');
  if (leaving !== undefined) {
    const message = `${leaving.id} of ${foreignOwnerOf(leaving.tags, owner)} is being deleted; its successor follows.`;
    return waiting('WaitingForDeletion', message, leaving.id);
  }
  const [best] = rankedCandidates(
    former.filter(({ state }) => usableStates.has(state)),
    desired,
  );
  if (best !== undefined && adopt) return planClaim(best, input, 'adopted');
  const [other] = best === undefined ? former : [best];
  return other === undefined ? undefined : formerSelfConflict(other, input);
}

function formerSelfConflict(endpoint: Endpoint, { desired, owner }: ClaimInput): Stage {
  const { id, tags, state } = endpoint;
  const isUsable = usableStates.has(state);
  const advice = isUsable
    ? 'Set spec.adoption: IfUnowned to take it back with everything else of that link, or delete it.'
    : `It is ${state}, so it is not taken back. Delete it.`;
  return stalledStage(
    'EndpointsAvailable',
    'OwnershipConflict',
    `${id} serves ${desired.label} in ${desired.vpcId} and belongs to ${foreignOwnerOf(tags, owner)}: no second endpoint is made. ${advice}`,
  );
}

/** Marks an endpoint as the link's. */
export function planClaim(endpoint: Endpoint, input: ClaimInput, cause: ClaimCause): Stage {
  const { owner } = input;
  const { id } = endpoint;
  const tags = ownershipTagsOf(owner, 'endpoint');
  const notes: readonly Note[] = cause === 'lost' ? [] : [adoptionNote(endpoint, input)];
  return stage({
    actions: [
      {
        kind: 'CreateTags',
        subject: 'EndpointsAvailable',
        resourceIds: [id],
        tags,
        reason: claimReason(endpoint, owner, cause),
      },
    ],
    differences: [
      {
        resource: id,
        field: `tag ${ownershipTags.uid}`,
        desired: owner.uid,
        actual: endpoint.tags[ownershipTags.uid] ?? 'missing',
      },
    ],
    notes,
  });
}

function claimReason({ id, tags }: Endpoint, owner: OwnerIdentity, cause: ClaimCause): string {
  if (cause === 'lost') return `the ownership tags of ${id} were removed`;
  const former = foreignOwnerOf(tags, owner);
  return former === undefined
    ? `${id} already serves this purpose and has no owner`
    : `${id} already serves this purpose and belonged to ${former}`;
}
