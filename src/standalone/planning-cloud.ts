import type { Action, ActionResults, CreateVpcEndpoint } from '../plan/actions.ts';
import type { Cloud } from '../plan/cloud.ts';
import type { Endpoint, ManagedPolicy, SecurityGroup, SecurityGroupRule } from '../plan/facts.ts';

/** Stands for an id that AWS will choose. */
export const knownAfterApply = '(known after apply)';

/**
 * A cloud that answers looks from AWS and only imagines changes: a pass over it finds out
 * everything that a real pass would do, and does none of it.
 */
export function planningCloud(cloud: Cloud): Cloud {
  return {
    now: () => cloud.now(),
    look: (look, options) => cloud.look(look, options),
    apply: (action) => Promise.resolve(imagined(action) as never),
  };
}

function imagined(action: Action): ActionResults[Action['kind']] {
  switch (action.kind) {
    case 'CreateSecurityGroup':
      return { group: imaginedGroup(action), existed: false };
    case 'AuthorizeIngress':
      return { rules: action.rules.map((rule) => imaginedRule(rule, action.tags)) };
    case 'CreateVpcEndpoint':
      return { endpoint: imaginedEndpoint(action) };
    case 'RevokeIngress':
    case 'RevokeEgress':
    case 'UpdateRuleDescriptions':
    case 'DeleteSecurityGroup':
    case 'ModifyVpcEndpoint':
    case 'DeleteVpcEndpoints':
    case 'CreateTags':
    case 'DeleteTags':
    case 'SetDefaultPolicyVersion':
    case 'DeletePolicyVersion':
    case 'AttachPolicy':
    case 'DetachPolicy':
    case 'DeletePolicy':
    case 'TagPolicy':
    case 'UntagPolicy':
      return {};
    case 'CreatePolicy':
      return { policy: imaginedPolicy(action), existed: false };
    case 'CreatePolicyVersion':
      return { versionId: knownAfterApply };
  }
}

function imaginedGroup(action: Extract<Action, { kind: 'CreateSecurityGroup' }>): SecurityGroup {
  const { name, vpcId, tags } = action;
  return { id: knownAfterApply, name, vpcId, ownerId: '', tags };
}

function imaginedPolicy(action: Extract<Action, { kind: 'CreatePolicy' }>): ManagedPolicy {
  const { name, document, tags } = action;
  return {
    arn: knownAfterApply,
    name,
    tags,
    document,
    defaultVersionId: 'v1',
    attachedTo: [],
    boundaryUses: 0,
  };
}

function imaginedRule(
  { source, port, description }: Extract<Action, { kind: 'AuthorizeIngress' }>['rules'][number],
  tags: SecurityGroupRule['tags'],
): SecurityGroupRule {
  return {
    id: knownAfterApply,
    isEgress: false,
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    source,
    ...(description === undefined ? {} : { description }),
    tags,
  };
}

/** As AWS would show it in the end, so that what follows on it is planned too. */
function imaginedEndpoint(action: CreateVpcEndpoint): Endpoint {
  return {
    id: `${knownAfterApply} for ${action.serviceName}`,
    vpcId: action.vpcId,
    serviceName: action.serviceName,
    state: 'available',
    subnetIds: action.subnetIds,
    securityGroupIds: action.securityGroupIds,
    networkInterfaceIds: [],
    privateDnsEnabled: action.privateDnsEnabled,
    ipAddressType: action.ipAddressType,
    ...(action.dnsRecordIpType === undefined ? {} : { dnsRecordIpType: action.dnsRecordIpType }),
    ...(action.policy === undefined ? {} : { policy: action.policy }),
    dnsNames: [],
    requesterManaged: false,
    tags: action.tags,
  };
}
