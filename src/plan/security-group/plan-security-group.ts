/** The security group of the endpoints: brought by the user, or managed by us. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Action } from '../actions.ts';
import { findingsFromErrors } from '../cloud-problems.ts';
import type { OwnHoldings, SecurityGroup, Vpc } from '../facts.ts';
import type { Wait } from '../findings.ts';
import { ruleDifferences, wantedRules } from './ingress-rules.ts';
import type { OwnerIdentity } from '../looks.ts';
import {
  allFound,
  answersOf,
  answerTo,
  failureOf,
  hasFailed,
  type Observation,
} from '../observation.ts';
import { knownEndpoints, knownGroups, ownedIn } from '../ownership/observed-holdings.ts';
import {
  foreignOwnerOf,
  isAdoptable,
  isOwnedBy,
  ownershipTagsOf,
  securityGroupName,
} from '../ownership/ownership.ts';
import { planFormerGroup } from './claim-group.ts';
import { planRules } from './plan-rules.ts';
import { askFirst, strangerWords } from '../ownership/stranger-words.ts';
import { joined, type Stage, settled, stage, stalledStage } from '../stage.ts';
import { planTags, type TagPolicy } from '../tags/plan-tags.ts';

/** Everything that the plan of the group depends on. */
export interface SecurityGroupInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly vpc: Vpc;
  readonly observation: Observation;
  readonly tagPolicy: TagPolicy;
}

/** The stage, and the groups that endpoints are to have as soon as they are known. */
export interface SecurityGroupPlan {
  readonly stage: Stage;
  /** Undefined while there is no group yet. */
  readonly groupIds?: readonly string[];
  /**
   * False while the group lacks a wanted rule: an endpoint that is created before its rules
   * would turn everybody away as soon as private DNS points to it.
   */
  readonly admitsTraffic: boolean;
  /** True while nobody can tell whether the group admits traffic: its rules could not be read. */
  readonly rulesAreUnread?: true;
  /**
   * True while calls of this very stage will make the group ready: an endpoint waits for them, so
   * that one modification has everything. False again as soon as AWS refuses one.
   */
  readonly isComing: boolean;
}

/** Plans the groups that the spec asks for. Groups no longer needed are planned elsewhere. */
export function planSecurityGroup(input: SecurityGroupInput): SecurityGroupPlan {
  const ids = input.spec.securityGroup?.ids;
  return ids === undefined ? planManagedGroup(input) : planForeignGroups(input, ids);
}

/** The managed group of this link in a VPC, if it exists. */
export function managedGroup(
  groups: readonly SecurityGroup[],
  owner: OwnerIdentity,
  vpcId: string,
): SecurityGroup | undefined {
  return groups
    .filter((group) => group.vpcId === vpcId && isOwnedBy(group.tags, owner))
    .sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}

function planForeignGroups(
  { vpc, observation }: SecurityGroupInput,
  ids: readonly string[],
): SecurityGroupPlan {
  // A caller that may not look them up can still use them: AWS refuses those that do not exist.
  const look = { kind: 'SecurityGroups', ids } as const;
  if (failureOf(observation, look) !== undefined) {
    return { stage: settled, groupIds: ids, admitsTraffic: true, isComing: false };
  }
  const groups = answerTo(observation, look);
  if (groups === undefined) return unknownGroup(stage({ looks: [look] }));
  const inVpc = new Set(groups.filter(({ vpcId }) => vpcId === vpc.id).map(({ id }) => id));
  const missing = ids.filter((id) => !inVpc.has(id));
  if (missing.length === 0) {
    return { stage: settled, groupIds: ids, admitsTraffic: true, isComing: false };
  }
  const missed = stalledStage(
    'SecurityGroupReady',
    'SecurityGroupNotFound',
    `${missing.join(', ')} not found in ${vpc.id}: it does not exist, or it belongs to another VPC. Correct spec.securityGroup.ids.`,
  );
  return unknownGroup(missed);
}

/** There is no group that endpoints could have. */
function unknownGroup(part: Stage): SecurityGroupPlan {
  return { stage: part, admitsTraffic: false, isComing: false };
}

function planManagedGroup(input: SecurityGroupInput): SecurityGroupPlan {
  const { owner, vpc, observation } = input;
  const owned = ownedIn(observation, owner);
  const groups = knownGroups(owned);
  const group = managedGroup(groups ?? [], owner, vpc.id);
  const lists = planPrefixLists(input, group);
  const isOpen = lists.looks.length > 0 || group === undefined;
  if (lists !== settled && isOpen) return unknownGroup(lists);
  // Why the groups are not known is a finding of the look.
  if (groups === undefined) return unknownGroup(settled);
  if (group === undefined) return planMissingGroup(input);
  const tags = planTags(group.id, group.tags, 'security-group', input.tagPolicy);
  if (group.rules === undefined) {
    const rulesAreUnread =
      owned?.unread?.rules === undefined ? {} : { rulesAreUnread: true as const };
    const part = joined([lists, unknownRules(group, owned), tags]);
    return { ...unknownGroup(part), groupIds: [group.id], ...rulesAreUnread };
  }
  const differences = ruleDifferences(wantedRules(input.spec, vpc), group.rules);
  const admitsTraffic = differences.missing.length === 0;
  return {
    stage: joined([lists, planRules(group, differences, input), tags]),
    groupIds: [group.id],
    admitsTraffic,
    isComing:
      !admitsTraffic && lists === settled && observation.refusals['AuthorizeIngress'] === undefined,
  };
}

/** Nothing is planned on rules that are not known. */
function unknownRules({ id }: SecurityGroup, owned: OwnHoldings | undefined): Stage {
  const error = owned?.unread?.rules;
  const subject = 'SecurityGroupReady';
  if (error !== undefined) return stage(findingsFromErrors([{ error, subject }]));
  const message = `The rules of ${id} are not visible at AWS yet.`;
  return stage({ waits: [{ subject, reason: 'Progressing', message }] });
}

/**
 * Prefix lists that the spec names and AWS does not have, or the look that tells. Those that the
 * group has already are looked at too: what they count decides whether there is room.
 */
function planPrefixLists(
  { spec, observation }: SecurityGroupInput,
  group: SecurityGroup | undefined,
): Stage {
  const ids = (spec.securityGroup?.ingress ?? []).flatMap(({ prefixListId }) => prefixListId ?? []);
  if (ids.length === 0 || hasFailed(observation, 'PrefixLists')) return settled;
  const lists = allFound(observation, 'PrefixLists');
  const asked = new Set(answersOf(observation, 'PrefixLists').flatMap(({ look }) => look.ids));
  if (!ids.every((id) => asked.has(id))) {
    const inUse = (group?.rules ?? []).flatMap(({ source }) =>
      'prefixListId' in source ? [source.prefixListId] : [],
    );
    const all = [...new Set([...ids, ...inUse])];
    return stage({ looks: [{ kind: 'PrefixLists', ids: all }] });
  }
  const missing = ids.filter((id) => !lists.some((list) => list.id === id));
  if (missing.length === 0) return settled;
  return stalledStage(
    'SecurityGroupReady',
    'PrefixListNotFound',
    `${missing.join(', ')} not found in region ${spec.region}. Correct spec.securityGroup.ingress.`,
  );
}

function planMissingGroup(input: SecurityGroupInput): SecurityGroupPlan {
  const { owner, spec, vpc, observation, tagPolicy } = input;
  const name = securityGroupName(owner);
  const namesake = observation.namesakeGroup;
  if (namesake !== undefined) {
    return unknownGroup(planNamesake(namesake, input));
  }
  const former = planFormerGroup(input);
  if (former !== undefined) return unknownGroup(former);
  const create: Action = {
    kind: 'CreateSecurityGroup',
    name,
    description: `Endpoints of SageMakerPrivateLink ${owner.name}`.slice(0, 255),
    vpcId: vpc.id,
    vpcHasIpv6: vpc.ipv6Cidrs.length > 0,
    tags: tagPolicy.wanted('security-group'),
    reason:
      spec.securityGroup === undefined
        ? `the endpoints need a security group that admits HTTPS from ${vpc.id}`
        : 'the endpoints need a security group with the ingress of the spec',
  };
  const difference = {
    resource: name,
    field: 'securityGroup',
    desired: 'present',
    actual: 'missing',
  };
  if (knownEndpoints(ownedIn(observation, owner)) === undefined) {
    return unknownGroup(stage({ waits: [awaitsEndpoints], differences: [difference] }));
  }
  return {
    stage: stage({ actions: [create], differences: [difference] }),
    admitsTraffic: false,
    isComing: observation.refusals['CreateSecurityGroup'] === undefined,
  };
}

/** They tell which VPC the link is in, and nothing would use the group. */
const awaitsEndpoints: Wait = {
  subject: 'SecurityGroupReady',
  reason: 'Progressing',
  message:
    'The security group is not made before the endpoints can be read (see EndpointsAvailable).',
  awaits: ['EndpointsAvailable'],
};

/** Somebody's group has the name that follows from our identity. */
function planNamesake(namesake: SecurityGroup, { owner, spec }: SecurityGroupInput): Stage {
  const other = foreignOwnerOf(namesake.tags, owner);
  if (isAdoptable(namesake.tags, owner) && spec.adoption === 'IfUnowned') {
    const tags = ownershipTagsOf(owner, 'security-group');
    const reason = `${namesake.id} has the name of the managed group and no owner`;
    return stage({
      actions: [
        {
          kind: 'CreateTags',
          subject: 'SecurityGroupReady',
          resourceIds: [namesake.id],
          tags,
          reason,
        },
      ],
    });
  }
  return stalledStage(
    'SecurityGroupReady',
    'OwnershipConflict',
    `The name ${namesake.name} of the managed security group is taken by ${namesake.id}, ${strangerWords(namesake.tags, owner)}. ${askFirst(namesake.tags, owner)} Then ${other === undefined ? 'set spec.adoption: IfUnowned to take it over, or ' : ''}have it deleted or renamed there.`,
  );
}
