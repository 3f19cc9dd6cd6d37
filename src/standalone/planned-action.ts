/** An action with what it replaces, and with what callers feel of it. */
import type { Action } from '../plan/actions.ts';
import type { Endpoint, ManagedPolicy, SecurityGroup } from '../plan/facts.ts';
import type { Observation } from '../plan/observation.ts';

/** Fields of the resource as they are at AWS now, as far as the action changes them. */
export type Before = Readonly<Record<string, unknown>>;

export type PlannedAction = Action & {
  readonly before?: Before;
  /** The callers whose connections end, and for how long; absent for an action that nobody feels. */
  readonly interruption?: string;
};

/** @param answers AWS's own, without the effects of the plan */
export function plannedAction(action: Action, answers: Observation['answers']): PlannedAction {
  const before = beforeOf(action, answers);
  const interruption = interruptionOf(action);
  return {
    ...action,
    ...(before === undefined ? {} : { before }),
    ...(interruption === undefined ? {} : { interruption }),
  };
}

function beforeOf(action: Action, answers: Observation['answers']): Before | undefined {
  switch (action.kind) {
    case 'ModifyVpcEndpoint':
      return endpointBefore(action, endpointOf(action.endpointId, answers));
    case 'RevokeIngress': {
      const rules = groupOf(action.groupId, answers)?.rules ?? [];
      return { rules: rules.filter(({ id }) => action.ruleIds.includes(id)) };
    }
    case 'CreatePolicyVersion':
    case 'SetDefaultPolicyVersion': {
      const document = policyOf(action.arn, answers)?.document;
      return document === undefined ? undefined : { document };
    }
    case 'CreateTags':
      return tagsBefore(action.resourceIds, Object.keys(action.tags), answers);
    case 'DeleteTags':
      return tagsBefore(action.resourceIds, action.keys, answers);
    case 'TagPolicy':
      return tagsBefore([action.arn], Object.keys(action.tags), answers);
    case 'UntagPolicy':
      return tagsBefore([action.arn], action.keys, answers);
    default:
      return undefined;
  }
}

function endpointBefore(
  action: Extract<Action, { kind: 'ModifyVpcEndpoint' }>,
  endpoint: Endpoint | undefined,
): Before | undefined {
  if (endpoint === undefined) return undefined;
  const { policy, privateDnsEnabled, ipAddressType, dnsRecordIpType } = endpoint;
  const subnets = [...action.addSubnetIds, ...action.removeSubnetIds, ...action.addresses];
  const groups = [...action.addSecurityGroupIds, ...action.removeSecurityGroupIds];
  return {
    ...(subnets.length === 0 ? {} : { subnetIds: endpoint.subnetIds }),
    ...(groups.length === 0 ? {} : { securityGroupIds: endpoint.securityGroupIds }),
    ...(action.policy === undefined || policy === undefined ? {} : { policy }),
    ...(action.privateDnsEnabled === undefined ? {} : { privateDnsEnabled }),
    ...(action.ipAddressType === undefined ? {} : { ipAddressType }),
    ...(action.dnsRecordIpType === undefined ? {} : { dnsRecordIpType }),
  };
}

/** Of several resources: those of the first one that has any of them. */
function tagsBefore(
  ids: readonly string[],
  keys: readonly string[],
  answers: Observation['answers'],
): Before | undefined {
  for (const id of ids) {
    const all = tagsOf(id, answers) ?? {};
    const tags = Object.entries(all).filter(([key]) => keys.includes(key));
    if (tags.length > 0) return { tags: Object.fromEntries(tags) };
  }
  return undefined;
}

function tagsOf(
  id: string,
  answers: Observation['answers'],
): Readonly<Record<string, string>> | undefined {
  return (endpointOf(id, answers) ?? groupOf(id, answers) ?? policyOf(id, answers))?.tags;
}

function endpointOf(id: string, answers: Observation['answers']): Endpoint | undefined {
  const all = [...(answers.Owned?.endpoints ?? []), ...(answers.VpcEndpoints ?? [])];
  return all.find((one) => one.id === id);
}

function groupOf(id: string, answers: Observation['answers']): SecurityGroup | undefined {
  const all = [...(answers.Owned?.securityGroups ?? []), ...(answers.SecurityGroups ?? [])];
  return all.find((one) => one.id === id);
}

function policyOf(arn: string, answers: Observation['answers']): ManagedPolicy | undefined {
  const policy = answers.ManagedPolicy?.policy;
  return policy?.arn === arn ? policy : undefined;
}

/** Times are those of field reports: AWS promises none. */
function interruptionOf(action: Action): string | undefined {
  switch (action.kind) {
    case 'ModifyVpcEndpoint':
      return modificationFelt(action);
    case 'DeleteVpcEndpoints':
      return 'connections through these endpoints end, and their names stop to resolve to them';
    case 'RevokeIngress':
      return 'no new connections from these sources; AWS lets established ones go on for a while';
    default:
      return undefined;
  }
}

function modificationFelt(
  action: Extract<Action, { kind: 'ModifyVpcEndpoint' }>,
): string | undefined {
  const { removeSubnetIds, addresses, privateDnsEnabled } = action;
  const replaced = addresses
    .map(({ subnetId }) => subnetId)
    .filter((id) => !action.addSubnetIds.includes(id));
  const felt = [
    ...(removeSubnetIds.length === 0
      ? []
      : [
          `connections through ${removeSubnetIds.join(', ')} end; where another subnet of the zone follows, the zone has no address for a minute or two`,
        ]),
    ...(replaced.length === 0
      ? []
      : [`connections through ${replaced.join(', ')} are interrupted for about a minute`]),
    ...(privateDnsEnabled === undefined
      ? []
      : [
          `callers in the VPC are led ${privateDnsEnabled ? 'to the endpoint' : 'past the endpoint, over the internet if they have it,'} within a few minutes; open connections go on`,
        ]),
  ];
  return felt.length === 0 ? undefined : felt.join('; ');
}
