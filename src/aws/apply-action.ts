import type { Action, ActionKind, ActionResults } from '../plan/actions.ts';
import { applyPolicyAction } from './notebook-policy/apply-policy-action.ts';
import type { AwsCalls, CallOptions } from './client/aws-calls.ts';
import { isPolicyAction } from '../plan/notebook-policy/policy-effects.ts';
import type { Ec2Action } from './consistency/recent-write.ts';
import type { EndpointDeletions } from './endpoint/endpoint-deletions.ts';
import { createVpcEndpoint, modifyVpcEndpoint } from './endpoint/write-endpoints.ts';
import {
  authorizeIngress,
  revokeEgress,
  revokeIngress,
  updateRuleDescriptions,
} from './security-group/write-rules.ts';
import {
  createSecurityGroup,
  deleteSecurityGroup,
} from './security-group/write-security-groups.ts';
import type { PolicyWriteContext } from './notebook-policy/policy-write-context.ts';
import { createTags, deleteTags } from './write-tags.ts';

/** Everything that changes are made with. */
export interface WriteEdges extends Pick<PolicyWriteContext, 'caller' | 'documents'> {
  readonly calls: AwsCalls;
  readonly endpointDeletions: EndpointDeletions;
}

/** Makes one change. Throws `CloudError`. */
export async function applyAction(
  action: Action,
  edges: WriteEdges,
  signal: AbortSignal,
): Promise<ActionResults[ActionKind]> {
  const options = { signal, place: placeOf(action) };
  if (isPolicyAction(action)) return applyPolicyAction(action, { ...edges, options });
  return applyEc2Action(action, edges, options);
}

async function applyEc2Action(
  action: Ec2Action,
  edges: WriteEdges,
  options: CallOptions,
): Promise<ActionResults[ActionKind]> {
  const context = { calls: edges.calls, options };
  switch (action.kind) {
    case 'CreateSecurityGroup':
      return createSecurityGroup(action, context);
    case 'AuthorizeIngress':
      return authorizeIngress(action, context);
    case 'RevokeIngress':
      await revokeIngress(action, context);
      return {};
    case 'RevokeEgress':
      await revokeEgress(action, context);
      return {};
    case 'UpdateRuleDescriptions':
      await updateRuleDescriptions(action, context);
      return {};
    case 'DeleteSecurityGroup':
      await deleteSecurityGroup(action, context);
      return {};
    case 'CreateVpcEndpoint':
      return createVpcEndpoint(action, context);
    case 'ModifyVpcEndpoint':
      await modifyVpcEndpoint(action, context);
      return {};
    case 'DeleteVpcEndpoints':
      await edges.endpointDeletions.delete(action.endpointIds, options.signal);
      return {};
    case 'CreateTags':
      await createTags(action, context);
      return {};
    case 'DeleteTags':
      await deleteTags(action, context);
      return {};
    default:
      return action satisfies never;
  }
}

/** The name of a change in the waiting line of its call: the same for each try of the same one. */
function placeOf(action: Action): string {
  const { reason: _why, ...change } = action;
  return JSON.stringify(change);
}
