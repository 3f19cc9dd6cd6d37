/** The table of the actions on a security group: all that the machinery knows of them. */
import type { ActionRow, ActionTable } from '../../actions/action-table.ts';
import type { SecurityGroup } from '../../facts.ts';
import type { SecurityGroupAction, SecurityGroupResults } from '../actions.ts';
import {
  egressRevoked,
  groupCreated,
  groupDeleted,
  rulesAdded,
  rulesDescribed,
  rulesRevoked,
} from './group-changes.ts';
import { ruleLines, rulesOf, sourceText } from './group-words.ts';
import { imaginedGroup, imaginedRule } from './imagined-group.ts';
import { hasPart, missingSources } from './refused-ingress.ts';

const subject = () => 'SecurityGroupReady' as const;

/** Columns of a change of a group that is there. */
const ofGroup = {
  subject,
  resourceIds: ({ groupId }: { readonly groupId: string }) => [groupId],
  place: ({ groupId }: { readonly groupId: string }) => ({ groupId }),
} satisfies Partial<ActionRow<{ readonly groupId: string }, object>>;

export const securityGroupActions: ActionTable<SecurityGroupAction, SecurityGroupResults> = {
  CreateSecurityGroup: {
    subject,
    eventReason: 'SecurityGroupCreated',
    resourceIds: () => [],
    about: ({ name }) => name,
    place: ({ vpcId }) => ({ vpcId }),
    changes: (action, result) => [groupCreated(action, result)],
    createdId: ({ group, existed }) => (existed ? undefined : group.id),
    check: ({ vpcId, name }) => ({
      look: { kind: 'SecurityGroupsByName', vpcId, name },
      there: ([group]: readonly SecurityGroup[]) =>
        group === undefined ? undefined : { group, existed: true },
    }),
    imagined: (action, { unknownId }) => ({
      group: imaginedGroup(action, unknownId),
      existed: false,
    }),
    makesOrDeletes: true,
    text: ({ name, vpcId }) => ({
      sign: '+',
      title: `security group ${name}`,
      details: [`in ${vpcId}`],
    }),
  },
  AuthorizeIngress: {
    ...ofGroup,
    eventReason: 'IngressAuthorized',
    changes: ({ groupId }, { rules }) => [rulesAdded(groupId, rules)],
    imagined: ({ rules, tags }, imagination) => ({
      rules: rules.map((rule) => imaginedRule(rule, tags, imagination)),
    }),
    problems: missingSources,
    explained: 'Quota',
    hasPart,
    text: ({ groupId, rules }) => ({
      sign: '+',
      title: `ingress of ${groupId}`,
      details: rules.map(({ source, port }) => `tcp ${port} from ${sourceText(source)}`),
    }),
  },
  RevokeIngress: {
    ...ofGroup,
    eventReason: 'IngressRevoked',
    changes: ({ groupId, ruleIds }) => [rulesRevoked(groupId, ruleIds)],
    makesRoomFor: 'AuthorizeIngress',
    mayCloseEndpoints: true,
    before: ({ groupId, ruleIds }, known) => ({
      rules: rulesOf(known.securityGroup(groupId), ruleIds),
    }),
    interruption: () =>
      'no new connections from these sources; AWS lets established ones go on for a while',
    text: ({ groupId, ruleIds }, before) => ({
      sign: '-',
      title: `ingress of ${groupId}`,
      details: ruleLines(ruleIds, before),
    }),
  },
  RevokeEgress: {
    ...ofGroup,
    eventReason: 'EgressRevoked',
    changes: (action) => [egressRevoked(action)],
    text: ({ groupId, rules }) => ({
      sign: '-',
      title: `egress of ${groupId}`,
      details: rules.map(({ source }) => `all traffic to ${sourceText(source)}`),
      // The egress rule that AWS gives to a new group is part of making the group as it should be; it has no id yet.
      ...(rules.every(({ id }) => id === '') ? { isPart: true } : {}),
    }),
  },
  UpdateRuleDescriptions: {
    ...ofGroup,
    eventReason: 'RuleDescriptionsUpdated',
    changes: (action) => [rulesDescribed(action)],
    text: ({ groupId, descriptions }) => ({
      sign: '~',
      title: `descriptions of rules of ${groupId}`,
      details: descriptions.map(({ ruleId, description }) => `${ruleId}: ${description}`),
    }),
  },
  DeleteSecurityGroup: {
    ...ofGroup,
    eventReason: 'SecurityGroupDeleted',
    changes: ({ groupId }) => [groupDeleted(groupId)],
    makesOrDeletes: true,
    explained: 'InUse',
    text: ({ groupId }) => ({ sign: '-', title: `security group ${groupId}`, details: [] }),
  },
};
