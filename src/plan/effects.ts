/** What an action changes, so that the next step of the plan need not read it back from AWS. */
import { isDeepStrictEqual } from 'node:util';
import type { Action, CreateSecurityGroup, ModifyVpcEndpoint, ResultOf } from './actions.ts';
import { defaultEgress } from './security-group/default-egress.ts';
import type { Endpoint, Holdings, OwnHoldings, SecurityGroupRule, Tags } from './facts.ts';
import type { OwnerIdentity } from './looks.ts';
import type { Observation } from './observation.ts';
import { foreignOwnerOf, holdingsOf, isOwnedBy } from './ownership/ownership.ts';
import { withPolicyEffect } from './notebook-policy/policy-effects.ts';

/** The observation after an action took effect. */
export function withEffect<A extends Action>(
  observation: Observation,
  owner: OwnerIdentity,
  action: A,
  result: ResultOf<A>,
): Observation {
  const done: Action = action;
  switch (done.kind) {
    case 'CreateSecurityGroup':
      return afterGroup(observation, owner, done, result as ResultOf<typeof done>);
    case 'AuthorizeIngress': {
      const { rules } = result as ResultOf<typeof done>;
      return withRules(observation, done.groupId, (former) => [...former, ...rules]);
    }
    case 'RevokeIngress':
      return withRules(observation, done.groupId, (former) =>
        former.filter(({ id }) => !done.ruleIds.includes(id)),
      );
    case 'RevokeEgress':
      return withRules(observation, done.groupId, (former) =>
        former.filter((rule) => !done.rules.some((one) => isDeepStrictEqual(one, rule))),
      );
    case 'UpdateRuleDescriptions':
      return withRules(observation, done.groupId, (former) =>
        former.map((rule) => redescribed(rule, done.descriptions)),
      );
    case 'DeleteSecurityGroup':
      return withHoldings(observation, ({ endpoints, securityGroups }) => ({
        endpoints,
        securityGroups: securityGroups.filter(({ id }) => id !== done.groupId),
      }));
    case 'CreateVpcEndpoint': {
      const { endpoint } = result as ResultOf<typeof done>;
      return withTaken(afterEndpoint(observation, owner, endpoint), done.subnetIds);
    }
    case 'ModifyVpcEndpoint': {
      const after = withEndpoints(observation, [done.endpointId], (one) => modified(one, done));
      return withTaken(after, done.addSubnetIds);
    }
    case 'DeleteVpcEndpoints':
      return withEndpoints(observation, done.endpointIds, (former) => ({
        ...former,
        state: 'deleting',
      }));
    case 'CreateTags':
      return claimed(
        withTags(observation, done.resourceIds, (former) => ({ ...former, ...done.tags })),
        owner,
      );
    case 'DeleteTags':
      return withTags(observation, done.resourceIds, (former) => without(former, done.keys));
    default:
      return withPolicyEffect(observation, owner, done, result);
  }
}

/** The observation after AWS refused an action for a reason that the plan can answer to. */
export function withRefusal(observation: Observation, action: Action, code: string): Observation {
  const { kind } = action;
  const ofOne = 'endpointId' in action ? { [`${kind} ${action.endpointId}`]: code } : {};
  return { ...observation, refusals: { ...observation.refusals, [kind]: code, ...ofOne } };
}

function afterGroup(
  observation: Observation,
  owner: OwnerIdentity,
  { vpcHasIpv6 }: CreateSecurityGroup,
  { group, existed }: ResultOf<CreateSecurityGroup>,
): Observation {
  if (!isOwnedBy(group.tags, owner)) return { ...observation, namesakeGroup: group };
  const known = existed ? group : { ...group, rules: defaultEgress(vpcHasIpv6) };
  return withHoldings(observation, ({ endpoints, securityGroups }) => ({
    endpoints,
    securityGroups: [...securityGroups.filter(({ id }) => id !== group.id), known],
  }));
}

/** A resource just made takes addresses that were free when the subnet was read. */
function withTaken(observation: Observation, subnetIds: readonly string[]): Observation {
  const { FreeAddresses: free } = observation.answers;
  if (free === undefined) return observation;
  const left = free.map((one) =>
    subnetIds.includes(one.id) ? { ...one, availableAddresses: one.availableAddresses - 1 } : one,
  );
  return { ...observation, answers: { ...observation.answers, FreeAddresses: left } };
}

/** A client token answers with the endpoint it made, whoever has claimed that one since. */
function afterEndpoint(
  observation: Observation,
  owner: OwnerIdentity,
  endpoint: Endpoint,
): Observation {
  if (foreignOwnerOf(endpoint.tags, owner) !== undefined) {
    const { claimedByOthers = [] } = observation;
    return { ...observation, claimedByOthers: [...claimedByOthers, endpoint.id] };
  }
  return withHoldings(observation, ({ endpoints, securityGroups }) => ({
    endpoints: [...endpoints.filter(({ id }) => id !== endpoint.id), endpoint],
    securityGroups,
  }));
}

function redescribed(
  rule: SecurityGroupRule,
  descriptions: readonly { readonly ruleId: string; readonly description: string }[],
): SecurityGroupRule {
  const change = descriptions.find(({ ruleId }) => ruleId === rule.id);
  return change === undefined ? rule : { ...rule, description: change.description };
}

/** AWS puts an endpoint back to pending after every modification. */
function modified(endpoint: Endpoint, action: ModifyVpcEndpoint): Endpoint {
  const { addSubnetIds, removeSubnetIds, addSecurityGroupIds, removeSecurityGroupIds } = action;
  return {
    ...endpoint,
    state: 'pending',
    subnetIds: changed(endpoint.subnetIds, addSubnetIds, removeSubnetIds),
    securityGroupIds: changed(
      endpoint.securityGroupIds,
      addSecurityGroupIds,
      removeSecurityGroupIds,
    ),
    privateDnsEnabled: action.privateDnsEnabled ?? endpoint.privateDnsEnabled,
    ...(action.policy === undefined ? {} : { policy: action.policy }),
    ...(action.ipAddressType === undefined ? {} : { ipAddressType: action.ipAddressType }),
    ...(action.dnsRecordIpType === undefined ? {} : { dnsRecordIpType: action.dnsRecordIpType }),
  };
}

function changed(
  former: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): readonly string[] {
  return [...former.filter((id) => !removed.includes(id)), ...added];
}

function without(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

function withHoldings(
  observation: Observation,
  change: (former: OwnHoldings) => OwnHoldings,
): Observation {
  const former: OwnHoldings = observation.answers.Owned ?? nothing;
  const answers = { ...observation.answers, Owned: { ...former, ...change(former) } };
  return { ...observation, answers };
}

function withEndpoints(
  observation: Observation,
  ids: readonly string[],
  change: (former: Endpoint) => Endpoint,
): Observation {
  return withHoldings(observation, ({ endpoints, securityGroups }) => ({
    endpoints: endpoints.map((one) => (ids.includes(one.id) ? change(one) : one)),
    securityGroups,
  }));
}

function withRules(
  observation: Observation,
  groupId: string,
  change: (former: readonly SecurityGroupRule[]) => readonly SecurityGroupRule[],
): Observation {
  return withHoldings(observation, ({ endpoints, securityGroups }) => ({
    endpoints,
    securityGroups: securityGroups.map((group) =>
      group.id === groupId && group.rules !== undefined
        ? { ...group, rules: change(group.rules) }
        : group,
    ),
  }));
}

function withTags(
  observation: Observation,
  ids: readonly string[],
  change: (former: Tags) => Tags,
): Observation {
  function retagged<T extends { readonly id: string; readonly tags: Tags }>(one: T): T {
    return ids.includes(one.id) ? { ...one, tags: change(one.tags) } : one;
  }
  const { VpcEndpoints: inVpc } = observation.answers;
  const changedVpc = inVpc === undefined ? {} : { VpcEndpoints: inVpc.map(retagged) };
  const { namesakeGroup } = observation;
  const base: Observation = {
    ...observation,
    answers: { ...observation.answers, ...changedVpc },
    ...(namesakeGroup === undefined ? {} : { namesakeGroup: retagged(namesakeGroup) }),
  };
  const retaggedAll = ({ endpoints, securityGroups }: Holdings): Holdings => ({
    endpoints: endpoints.map(retagged),
    securityGroups: securityGroups.map(retagged),
  });
  return withHoldings(base, (owned) => ({
    ...retaggedAll(owned),
    ...(owned.former === undefined ? {} : { former: retaggedAll(owned.former) }),
  }));
}

/** What carries our tags now belongs to what we own; what no longer does, does not. */
function claimed(observation: Observation, owner: OwnerIdentity): Observation {
  const { Owned: owned = nothing, VpcEndpoints: inVpc = [] } = observation.answers;
  const { former = nothing }: OwnHoldings = owned;
  const { namesakeGroup } = observation;
  const named = namesakeGroup === undefined ? [] : [namesakeGroup];
  const known = {
    endpoints: distinct([...owned.endpoints, ...inVpc, ...former.endpoints]),
    securityGroups: distinct([...owned.securityGroups, ...named, ...former.securityGroups]),
  };
  return { ...observation, answers: { ...observation.answers, Owned: holdingsOf(known, owner) } };
}

const nothing: Holdings = { endpoints: [], securityGroups: [] };

/** Each thing once: as it is named first. */
function distinct<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index);
}
