/** The security group of the endpoints: brought by the user, or managed by us. */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { Action } from './actions.ts';
import type { SecurityGroup, Vpc } from './facts.ts';
import type { Difference } from './findings.ts';
import {
  type RuleDifferences,
  ruleDifferences,
  ruleWords,
  sourceWords,
  wantedRules,
} from './ingress-rules.ts';
import type { OwnerIdentity } from './looks.ts';
import type { Observation } from './observation.ts';
import {
  foreignOwnerOf,
  isAdoptable,
  isOwnedBy,
  ownershipTagsOf,
  securityGroupName,
} from './ownership.ts';
import { planFormerGroup } from './claim-group.ts';
import { stalled } from './result.ts';
import { askFirst, strangerWords } from './stranger-words.ts';
import { joined, type Stage, settled, stage } from './stage.ts';
import { planTags, type TagPolicy } from './plan-tags.ts';

/** What the plan of the group depends on. */
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
  const groups = observation.answers.SecurityGroups;
  if (groups === undefined) {
    return { stage: stage({ looks: [{ kind: 'SecurityGroups', ids }] }), admitsTraffic: false };
  }
  const inVpc = new Set(groups.filter(({ vpcId }) => vpcId === vpc.id).map(({ id }) => id));
  const missing = ids.filter((id) => !inVpc.has(id));
  if (missing.length === 0) return { stage: settled, groupIds: ids, admitsTraffic: true };
  const { problems } = stalled(
    'SecurityGroupReady',
    'SecurityGroupNotFound',
    `${missing.join(', ')} not found in ${vpc.id}: it does not exist, or it belongs to another VPC. Correct spec.securityGroup.ids.`,
  );
  return { stage: stage({ problems }), admitsTraffic: false };
}

function planManagedGroup(input: SecurityGroupInput): SecurityGroupPlan {
  const { owner, vpc, observation } = input;
  const lists = planPrefixLists(input);
  if (lists !== settled) return { stage: lists, admitsTraffic: false };
  const group = managedGroup(observation.answers.Owned?.securityGroups ?? [], owner, vpc.id);
  if (group === undefined) return planMissingGroup(input);
  if (group.rules === undefined) {
    const message = `The rules of ${group.id} are not visible at AWS yet.`;
    const wait = { subject: 'SecurityGroupReady', reason: 'Progressing', message } as const;
    return { stage: stage({ waits: [wait] }), groupIds: [group.id], admitsTraffic: false };
  }
  const differences = ruleDifferences(wantedRules(input.spec, vpc), group.rules);
  const tags = planTags(group.id, group.tags, 'security-group', input.tagPolicy);
  return {
    stage: joined([planRules(group, differences, input), tags]),
    groupIds: [group.id],
    admitsTraffic: differences.missing.length === 0,
  };
}

/** Prefix lists that the spec names and AWS does not have, or the look that tells. */
function planPrefixLists({ spec, observation }: SecurityGroupInput): Stage {
  const ids = (spec.securityGroup?.ingress ?? []).flatMap(({ prefixListId }) => prefixListId ?? []);
  if (ids.length === 0 || 'PrefixLists' in observation.failures) return settled;
  const lists = observation.answers.PrefixLists;
  if (lists === undefined) return stage({ looks: [{ kind: 'PrefixLists', ids }] });
  const missing = ids.filter((id) => !lists.some((list) => list.id === id));
  if (missing.length === 0) return settled;
  return stage(
    stalled(
      'SecurityGroupReady',
      'PrefixListNotFound',
      `${missing.join(', ')} not found in region ${spec.region}. Correct spec.securityGroup.ingress.`,
    ),
  );
}

function planMissingGroup(input: SecurityGroupInput): SecurityGroupPlan {
  const { owner, spec, vpc, observation, tagPolicy } = input;
  const name = securityGroupName(owner);
  const namesake = observation.namesakeGroup;
  if (namesake !== undefined) {
    return { stage: planNamesake(namesake, input), admitsTraffic: false };
  }
  const former = planFormerGroup(input);
  if (former !== undefined) return { stage: former, admitsTraffic: false };
  const create: Action = {
    kind: 'CreateSecurityGroup',
    name,
    description: `Endpoints of SageMakerPrivateLink ${owner.name}`.slice(0, 255),
    vpcId: vpc.id,
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
  return {
    stage: stage({ actions: [create], differences: [difference] }),
    admitsTraffic: false,
  };
}

/** Somebody's group has the name that follows from our identity. */
function planNamesake(namesake: SecurityGroup, { owner, spec }: SecurityGroupInput): Stage {
  const other = foreignOwnerOf(namesake.tags, owner);
  if (isAdoptable(namesake.tags, owner) && spec.adoption === 'IfUnowned') {
    const tags = ownershipTagsOf(owner, 'security-group');
    const reason = `${namesake.id} has the name of the managed group and no owner`;
    return stage({ actions: [{ kind: 'CreateTags', resourceIds: [namesake.id], tags, reason }] });
  }
  return stage(
    stalled(
      'SecurityGroupReady',
      'OwnershipConflict',
      `The name ${namesake.name} of the managed security group is taken by ${namesake.id}, ${strangerWords(namesake.tags, owner)}. ${askFirst(namesake.tags, owner)} Then ${other === undefined ? 'set spec.adoption: IfUnowned to take it over, or ' : ''}have it deleted or renamed there.`,
    ),
  );
}

function planRules(
  group: SecurityGroup,
  rules: RuleDifferences,
  { observation, spec }: SecurityGroupInput,
): Stage {
  const groupId = group.id;
  const actions: Action[] = [];
  if (rules.missing.length > 0) {
    const sources = rules.missing.map(({ source }) => sourceWords(source)).join(', ');
    const reason = `HTTPS from ${sources} has to be admitted`;
    const tags = spec.tags ?? {};
    actions.push({ kind: 'AuthorizeIngress', groupId, rules: rules.missing, tags, reason });
  }
  // Rules are added before others go, so that nobody who stays allowed is ever cut off. Only a
  // group that is full of rules has to make room first.
  const isFull = observation.refusals['AuthorizeIngress'] === 'RulesPerSecurityGroupLimitExceeded';
  if (rules.unwanted.length > 0 && (rules.missing.length === 0 || isFull)) {
    const ruleIds = rules.unwanted.map(({ id }) => id);
    const reason = `not in the spec: ${rules.unwanted.map(ruleWords).join(', ')}`;
    actions.push({ kind: 'RevokeIngress', groupId, ruleIds, reason });
  }
  if (rules.egress.length > 0) {
    const reason = 'an endpoint never opens connections, so its group needs no egress';
    actions.push({ kind: 'RevokeEgress', groupId, rules: rules.egress, reason });
  }
  if (rules.otherDescriptions.length > 0) {
    const reason = 'the spec describes these rules otherwise';
    const descriptions = rules.otherDescriptions;
    actions.push({ kind: 'UpdateRuleDescriptions', groupId, descriptions, reason });
  }
  return stage({ actions, differences: ruleFindings(groupId, rules) });
}

function ruleFindings(groupId: string, rules: RuleDifferences): readonly Difference[] {
  const missing = rules.missing.map(({ source }) => ({
    resource: groupId,
    field: `ingress ${sourceWords(source)}`,
    desired: 'tcp 443',
    actual: 'missing',
  }));
  const unwanted = [...rules.unwanted, ...rules.egress].map((rule) => ({
    resource: groupId,
    field: `${rule.isEgress ? 'egress' : 'ingress'} ${sourceWords(rule.source)}`,
    desired: 'absent',
    actual: ruleWords(rule),
  }));
  const described = rules.otherDescriptions.map(({ ruleId, description }) => ({
    resource: ruleId,
    field: 'description',
    desired: description,
    actual: 'different',
  }));
  return [...missing, ...unwanted, ...described];
}
