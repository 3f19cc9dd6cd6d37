/** The managed group that a former self of the link left. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Holdings, SecurityGroup, Vpc } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { Observation } from '../observation.ts';
import {
  foreignOwnerOf,
  isOwnedBy,
  ownershipTags,
  ownershipTagsOf,
} from '../ownership/ownership.ts';
import { type Stage, stage, stalledStage } from '../stage.ts';
import { ownedIn } from '../ownership/observed-holdings.ts';

/** Everything that the plan depends on. */
export interface FormerGroupInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly vpc: Vpc;
  readonly observation: Observation;
}

/**
 * Takes the group back where the spec says so; else none is made beside it, which nobody would
 * keep. Undefined if a former self left none in the VPC.
 */
export function planFormerGroup(input: FormerGroupInput): Stage | undefined {
  const { owner, spec, vpc, observation } = input;
  const { former } = ownedIn(observation, owner) ?? {};
  const [group] = former === undefined ? [] : candidates(former, owner, vpc);
  if (group === undefined) return undefined;
  const words = `${group.id}, the security group of ${foreignOwnerOf(group.tags, owner)}`;
  if (spec.adoption === 'IfUnowned') {
    const tags = ownershipTagsOf(owner, 'security-group');
    const reason = `${words}, does the job`;
    return stage({
      actions: [
        {
          kind: 'CreateTags',
          subject: 'SecurityGroupReady',
          resourceIds: [group.id],
          tags,
          reason,
        },
      ],
      differences: [
        {
          resource: group.id,
          field: `tag ${ownershipTags.uid}`,
          desired: owner.uid,
          actual: group.tags[ownershipTags.uid] ?? 'missing',
        },
      ],
    });
  }
  return stalledStage(
    'SecurityGroupReady',
    'OwnershipConflict',
    `${words}, is still in ${vpc.id}: no second one is made. Set spec.adoption: IfUnowned to take it back with everything else of that link, or delete it.`,
  );
}

/** The one that most of the former endpoints use first, then the lowest id. */
function candidates(
  { endpoints, securityGroups }: Holdings,
  owner: OwnerIdentity,
  vpc: Vpc,
): readonly SecurityGroup[] {
  const uses = ({ id }: SecurityGroup): number =>
    endpoints.filter(({ securityGroupIds }) => securityGroupIds.includes(id)).length;
  return securityGroups
    .filter(({ vpcId, tags }) => vpcId === vpc.id && !isOwnedBy(tags, owner))
    .sort((a, b) => uses(b) - uses(a) || (a.id < b.id ? -1 : 1));
}
