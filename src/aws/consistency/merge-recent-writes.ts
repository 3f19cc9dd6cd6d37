import { isDeepStrictEqual } from 'node:util';
import type { ModifyVpcEndpoint } from '../../plan/actions.ts';
import type {
  Endpoint,
  Holdings,
  SecurityGroup,
  SecurityGroupRule,
  Tags,
} from '../../plan/facts.ts';
import { policiesAreEqual } from '../../plan/endpoint/policy-equality.ts';
import type { RecentWrite } from './recent-write.ts';

/** What a read showed with our own recent changes put in, and the changes that it lacked. */
export interface Merged {
  readonly holdings: Holdings;
  /** The changes that the read does not show yet, in their order. */
  readonly unseen: readonly RecentWrite[];
}

/** A working copy: what the changes before this one have already been put into. */
interface Draft {
  readonly endpoints: Map<string, Endpoint>;
  readonly groups: Map<string, SecurityGroup>;
}

/**
 * Puts changes of our own into a read that may not show them yet: AWS's reads lag behind its
 * writes by up to seconds. Pure; changes are given in the order in which they were made.
 */
export function mergeRecentWrites(read: Holdings, writes: readonly RecentWrite[]): Merged {
  const draft: Draft = {
    endpoints: new Map(read.endpoints.map((endpoint) => [endpoint.id, endpoint])),
    groups: new Map(read.securityGroups.map((group) => [group.id, group])),
  };
  const unseen = writes.filter((write) => !isShown(draft, write));
  return {
    holdings: {
      endpoints: [...draft.endpoints.values()],
      securityGroups: [...draft.groups.values()],
    },
    unseen,
  };
}

/** True if the draft shows the change; else the change is put into the draft. */
function isShown(draft: Draft, write: RecentWrite): boolean {
  switch (write.kind) {
    case 'EndpointCreated':
      return showsCreatedEndpoint(draft, write.endpoint);
    case 'EndpointModified':
      return showsModification(draft, write.change);
    case 'EndpointDeleted':
      return showsDeletedEndpoint(draft, write.endpointId);
    case 'GroupCreated':
      return showsCreatedGroup(draft, write.group);
    case 'GroupDeleted':
      return !draft.groups.delete(write.groupId);
    case 'RulesAdded':
    case 'RulesRemoved':
    case 'RulesDescribed':
      return showsRules(draft, write);
    case 'TagsChanged':
      return showsTags(draft, write);
    default:
      return write satisfies never;
  }
}

function showsCreatedEndpoint({ endpoints }: Draft, endpoint: Endpoint): boolean {
  if (endpoints.has(endpoint.id)) return true;
  endpoints.set(endpoint.id, { ...endpoint, settling: true });
  return false;
}

function showsModification({ endpoints }: Draft, change: ModifyVpcEndpoint): boolean {
  const endpoint = endpoints.get(change.endpointId);
  if (endpoint === undefined || isModified(endpoint, change)) return true;
  endpoints.set(endpoint.id, { ...endpoint, settling: true });
  return false;
}

function showsDeletedEndpoint({ endpoints }: Draft, endpointId: string): boolean {
  const endpoint = endpoints.get(endpointId);
  if (endpoint === undefined) return true;
  if (endpoint.state === 'deleting' || endpoint.state === 'deleted') return true;
  endpoints.set(endpointId, { ...endpoint, state: 'deleting' });
  return false;
}

function showsCreatedGroup({ groups }: Draft, group: SecurityGroup): boolean {
  if (groups.has(group.id)) return true;
  groups.set(group.id, group);
  return false;
}

type RuleWrite = Extract<RecentWrite, { readonly kind: `Rules${string}` }>;

function showsRules({ groups }: Draft, write: RuleWrite): boolean {
  const group = groups.get(write.groupId);
  if (group?.rules === undefined) return true;
  const rules = changedRules(group.rules, write);
  if (isDeepStrictEqual(rules, group.rules)) return true;
  groups.set(group.id, { ...group, rules });
  return false;
}

function changedRules(
  rules: readonly SecurityGroupRule[],
  write: RuleWrite,
): readonly SecurityGroupRule[] {
  switch (write.kind) {
    case 'RulesAdded':
      return [...rules, ...write.rules.filter(({ id }) => !rules.some((rule) => rule.id === id))];
    case 'RulesRemoved':
      return rules.filter(
        (rule) =>
          !write.ruleIds.includes(rule.id) &&
          !write.contents.some((content) => hasSameContent(rule, content)),
      );
    case 'RulesDescribed':
      return rules.map((rule) => {
        const description = write.descriptions.get(rule.id);
        return description === undefined ? rule : { ...rule, description };
      });
    default:
      return write satisfies never;
  }
}

function hasSameContent(rule: SecurityGroupRule, other: SecurityGroupRule): boolean {
  return (
    rule.isEgress === other.isEgress &&
    rule.protocol === other.protocol &&
    rule.fromPort === other.fromPort &&
    rule.toPort === other.toPort &&
    isDeepStrictEqual(rule.source, other.source)
  );
}

type TagWrite = Extract<RecentWrite, { readonly kind: 'TagsChanged' }>;

/** A resource that the read lacks may lack because its new tags are not visible yet. */
function showsTags({ endpoints, groups }: Draft, write: TagWrite): boolean {
  let isComplete = true;
  for (const id of write.resourceIds) {
    const endpoint = endpoints.get(id);
    const group = groups.get(id);
    const tags = endpoint?.tags ?? group?.tags;
    if (tags !== undefined && hasChangedTags(tags, write)) continue;
    isComplete = false;
    if (endpoint !== undefined) {
      endpoints.set(id, { ...endpoint, tags: changedTags(endpoint.tags, write) });
    }
    if (group !== undefined) groups.set(id, { ...group, tags: changedTags(group.tags, write) });
  }
  return isComplete;
}

function hasChangedTags(tags: Tags, { set, removed }: TagWrite): boolean {
  const hasSet = Object.entries(set).every(([key, value]) => tags[key] === value);
  return hasSet && removed.every((key) => tags[key] === undefined);
}

function changedTags(tags: Tags, { set, removed }: TagWrite): Tags {
  const kept = Object.entries(tags).filter(([key]) => !removed.includes(key));
  return { ...Object.fromEntries(kept), ...set };
}

/**
 * Addresses are no part of an endpoint's description: that they were changed shows only in the
 * endpoint being pending, into which AWS puts it with every modification. A read that comes when
 * that is over leaves the change unseen until the settle window is.
 */
function isModified(endpoint: Endpoint, change: ModifyVpcEndpoint): boolean {
  return (
    (change.addresses.length === 0 || endpoint.state !== 'available') &&
    hasChanged(endpoint.subnetIds, change.addSubnetIds, change.removeSubnetIds) &&
    hasChanged(
      endpoint.securityGroupIds,
      change.addSecurityGroupIds,
      change.removeSecurityGroupIds,
    ) &&
    isUnsetOr(change.privateDnsEnabled, endpoint.privateDnsEnabled) &&
    isUnsetOr(change.ipAddressType, endpoint.ipAddressType) &&
    isUnsetOr(change.dnsRecordIpType, endpoint.dnsRecordIpType) &&
    hasPolicy(endpoint, change)
  );
}

function hasChanged(
  ids: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): boolean {
  return added.every((id) => ids.includes(id)) && !removed.some((id) => ids.includes(id));
}

function isUnsetOr<Value>(wanted: Value | undefined, actual: Value | undefined): boolean {
  return wanted === undefined || actual === wanted;
}

function hasPolicy(endpoint: Endpoint, { policy }: ModifyVpcEndpoint): boolean {
  if (policy === undefined) return true;
  return endpoint.policy !== undefined && policiesAreEqual(endpoint.policy, policy);
}
