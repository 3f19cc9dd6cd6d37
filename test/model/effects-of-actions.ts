/** Actions taken apart into single effects, so that two plans can be compared piece by piece. */
import type { Action } from '../../src/plan/actions.ts';
import type { ModifyVpcEndpoint } from '../../src/plan/endpoint/actions.ts';
import type { AwsWorld } from './aws-world.ts';

/** What an effect changes. */
export type EffectKind =
  | 'creation'
  | 'deletion'
  | 'subnets'
  | 'groups'
  | 'policy'
  | 'private DNS'
  | 'address type'
  | 'tags'
  | 'admission'
  | 'revocation'
  | 'description'
  | 'other';

/** One effect: on an endpoint of a service, or on a group (`service` is empty). */
export interface Effect {
  readonly kind: EffectKind;
  readonly service: string;
  /** All of it, in words. Ids of what is new are not in them. */
  readonly words: string;
  /** True for a change of an endpoint that an action before has made. */
  readonly isOfNew?: boolean;
}

/** The effects of some actions. `world` is the one before them. */
export function effectsOf(actions: readonly Action[], world: AwsWorld): readonly Effect[] {
  return actions.flatMap((action) => effectsOfOne(action, world));
}

function effectsOfOne(action: Action, world: AwsWorld): readonly Effect[] {
  const serviceOf = (id: string): string => world.endpoints.get(id)?.serviceName ?? '';
  switch (action.kind) {
    case 'CreateVpcEndpoint':
      return [effect('creation', action.serviceName, '')];
    case 'CreateSecurityGroup':
      return [effect('creation', '', action.name)];
    case 'ModifyVpcEndpoint': {
      const isOfNew = !world.endpoints.has(action.endpointId);
      return modifications(action, serviceOf(action.endpointId)).map((one) => ({
        ...one,
        isOfNew,
      }));
    }
    case 'DeleteVpcEndpoints':
      return action.endpointIds.map((id) => effect('deletion', serviceOf(id), id));
    case 'DeleteSecurityGroup':
      return [effect('deletion', '', action.groupId)];
    case 'AuthorizeIngress':
      return action.rules.map(({ source }) => effect('admission', '', JSON.stringify(source)));
    case 'RevokeIngress':
      return action.ruleIds.map((id) => effect('revocation', '', ruleWords(world, id)));
    case 'RevokeEgress':
      return action.rules.map(({ id }) => effect('revocation', '', id));
    case 'UpdateRuleDescriptions':
      return action.descriptions.map((one) => effect('description', '', JSON.stringify(one)));
    case 'CreateTags':
      return action.resourceIds.map((id) =>
        effect('tags', serviceOf(id), `${id} ${JSON.stringify(action.tags)}`),
      );
    case 'DeleteTags':
      return action.resourceIds.map((id) =>
        effect('tags', serviceOf(id), `${id} ${action.keys.join()}`),
      );
    default:
      return [effect('other', '', JSON.stringify(action))];
  }
}

/** `tcp 22 {"cidr":"0.0.0.0/0"} sgr-1` */
function ruleWords({ groups }: AwsWorld, id: string): string {
  const rule = [...groups.values()].flatMap(({ rules = [] }) => rules).find((one) => one.id === id);
  return `${rule?.protocol} ${rule?.fromPort} ${JSON.stringify(rule?.source)} ${id}`;
}

function modifications(action: ModifyVpcEndpoint, service: string): readonly Effect[] {
  const { addSecurityGroupIds, removeSecurityGroupIds, addSubnetIds, removeSubnetIds } = action;
  const { policy, privateDnsEnabled, ipAddressType, dnsRecordIpType } = action;
  return [
    ...addSubnetIds.map((id) => effect('subnets', service, `+${id}`)),
    ...removeSubnetIds.map((id) => effect('subnets', service, `-${id}`)),
    ...addSecurityGroupIds.map((id) => effect('groups', service, `+${id}`)),
    ...removeSecurityGroupIds.map((id) => effect('groups', service, `-${id}`)),
    ...set('policy', service, policy),
    ...set('private DNS', service, privateDnsEnabled),
    ...set('address type', service, ipAddressType),
    ...set('address type', service, dnsRecordIpType),
  ];
}

function set(kind: EffectKind, service: string, value: unknown): readonly Effect[] {
  return value === undefined ? [] : [effect(kind, service, JSON.stringify(value))];
}

function effect(kind: EffectKind, service: string, words: string): Effect {
  return { kind, service, words: `${kind} ${service} ${words}` };
}
