/** The rules of the managed security group: what has to be added, revoked and described anew. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Action } from '../actions.ts';
import type { RuleSource, SecurityGroup } from '../facts.ts';
import type { Difference, Problem } from '../findings.ts';
import { type RuleDifferences, ruleWords, sourceWords } from './ingress-rules.ts';
import { allFound, answersOf, type Observation } from '../observation.ts';
import { nextRuleChange, type RuleChange } from './rule-changes.ts';
import { type Stage, stage } from '../stage.ts';

/** Everything that the plan of the rules depends on. */
export interface RulesInput {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly observation: Observation;
}

/** Plans the next changes of a group's rules. */
export function planRules(
  group: SecurityGroup,
  rules: RuleDifferences,
  { observation, spec }: RulesInput,
): Stage {
  const groupId = group.id;
  const change = nextRuleChange({
    differences: rules,
    present: (group.rules ?? []).filter(({ isEgress }) => !isEgress),
    lists: allFound(observation, 'PrefixLists'),
    isPossible: ({ source }) => hasItsList(source, observation),
    refusal: observation.refusals['AuthorizeIngress'],
  });
  const actions = ingressActions(groupId, change, spec);
  if (rules.egress.length > 0) {
    const reason = 'an endpoint never opens connections, so its group needs no egress';
    actions.push({ kind: 'RevokeEgress', groupId, rules: rules.egress, reason });
  }
  if (rules.otherDescriptions.length > 0) {
    const reason = 'the spec describes these rules otherwise';
    const descriptions = rules.otherDescriptions;
    actions.push({ kind: 'UpdateRuleDescriptions', groupId, descriptions, reason });
  }
  const problems = change.problem === undefined ? [] : [fullGroup(groupId, change.problem)];
  return stage({ actions, problems, differences: ruleFindings(groupId, rules) });
}

/** False for a prefix list that AWS was asked for and does not have. */
function hasItsList(source: RuleSource, observation: Observation): boolean {
  if (!('prefixListId' in source)) return true;
  const { prefixListId } = source;
  const looks = answersOf(observation, 'PrefixLists').map(({ look }) => look);
  return (
    !looks.some(({ ids }) => ids.includes(prefixListId)) ||
    allFound(observation, 'PrefixLists').some(({ id }) => id === prefixListId)
  );
}

function ingressActions(
  groupId: string,
  { authorize, revoke, needsRoom }: RuleChange,
  spec: SageMakerPrivateLinkSpec,
): Action[] {
  const additions = authorize.map((added): Action => {
    const sources = added.map(({ source }) => sourceWords(source)).join(', ');
    const reason = `HTTPS from ${sources} has to be admitted`;
    return { kind: 'AuthorizeIngress', groupId, rules: added, tags: spec.tags ?? {}, reason };
  });
  if (revoke.length === 0) return additions;
  const ruleIds = revoke.map(({ id }) => id);
  const reason = `not in the spec: ${revoke.map(ruleWords).join(', ')}`;
  const removal: Action = { kind: 'RevokeIngress', groupId, ruleIds, reason };
  return needsRoom ? [removal, ...additions] : [...additions, removal];
}

function fullGroup(groupId: string, message: string): Problem {
  return {
    subject: 'SecurityGroupReady',
    reason: 'QuotaExceeded',
    severity: 'stalled',
    message,
    heldBack: groupId,
  };
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
