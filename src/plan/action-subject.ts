import type { Action, ActionKind } from './actions.ts';
import type { Subject } from './findings.ts';
import { isPolicyAction } from './notebook-policy/policy-effects.ts';

const groupActions: ReadonlySet<ActionKind> = new Set([
  'CreateSecurityGroup',
  'AuthorizeIngress',
  'RevokeIngress',
  'RevokeEgress',
  'UpdateRuleDescriptions',
  'DeleteSecurityGroup',
]);

/** The condition that an action works for. */
export function subjectOf(action: Action): Subject {
  if (isPolicyAction(action)) return 'NotebookAccessEnforced';
  if (groupActions.has(action.kind)) return 'SecurityGroupReady';
  const onGroups =
    'resourceIds' in action && action.resourceIds.every((id) => id.startsWith('sg-'));
  return onGroups ? 'SecurityGroupReady' : 'EndpointsAvailable';
}
