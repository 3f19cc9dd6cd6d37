/** The simulated world as plain facts, split into what is a link's own and what is not. */
import { isOwnedBy, ownershipTags, securityGroupName } from '../../src/plan/ownership/ownership.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import type { InspectedEndpoint } from '../../src/simulator/control/region-control.ts';
import type { Policy, Principal } from '../../src/simulator/iam/records.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../src/simulator/ec2/records.ts';
import type { SimulatedAws } from './simulated-aws.ts';
import { region } from './foreign.ts';

/** Everything that carries a link's tags, or its name where there are no tags. */
export interface Holdings {
  /** Tombstones are nothing. */
  readonly endpoints: readonly InspectedEndpoint[];
  readonly groups: readonly SecurityGroup[];
  readonly rules: readonly SecurityGroupRule[];
  readonly policies: readonly Policy[];
  /** Principals that have a policy of the link's. */
  readonly attachments: readonly { readonly arn: string; readonly principal: Principal }[];
}

export function holdingsOf({ control }: SimulatedAws, owner: OwnerIdentity): Holdings {
  const ec2 = control.region(region);
  const iam = control.account();
  const endpoints = ec2
    .endpoints()
    .filter(({ tags, state }) => state !== 'deleted' && isOwnedBy(tags, owner));
  const groups = ec2.securityGroups().filter(({ tags, name }) => {
    // A group that was taken back keeps the name that its former owner gave it.
    const isNobodys = !(ownershipTags.uid in tags);
    return isOwnedBy(tags, owner) || (isNobodys && name === securityGroupName(owner));
  });
  const groupIds = new Set(groups.map(({ id }) => id));
  const policies = iam.policies().filter(({ tags }) => isOwnedBy(tags, owner));
  return {
    endpoints,
    groups,
    rules: ec2.rules().filter(({ groupId }) => groupIds.has(groupId)),
    policies,
    attachments: policies.flatMap(({ arn }) =>
      iam
        .principals()
        .filter(({ attachedPolicyArns }) => attachedPolicyArns.includes(arn))
        .map((principal) => ({ arn, principal })),
    ),
  };
}

/** Everything that is not in the set of ids and of policy ARNs, as text. */
export function othersAsText({ control }: SimulatedAws, known: ReadonlySet<string>): string {
  const ec2 = control.region(region);
  const iam = control.account();
  const of = <T>(rows: readonly T[], idOf: (row: T) => string): T[] =>
    rows.filter((row) => known.has(idOf(row)));
  return JSON.stringify({
    vpcs: of(ec2.vpcs(), ({ id }) => id),
    subnets: of(ec2.subnets(), ({ id }) => id),
    groups: of(ec2.securityGroups(), ({ id }) => id),
    rules: of(ec2.rules(), ({ groupId }) => groupId),
    endpoints: of(ec2.endpointHistory(), ({ id }) => id),
    policies: of(iam.policies(), ({ arn }) => arn),
    principals: iam.principals().map((one) => ({
      ...one,
      attachedPolicyArns: one.attachedPolicyArns.filter((arn) => known.has(arn)),
    })),
  });
}

/** Ids of everything that exists now. */
export function idsOfEverything({ control }: SimulatedAws): Set<string> {
  const ec2 = control.region(region);
  const rows = [...ec2.vpcs(), ...ec2.subnets(), ...ec2.securityGroups(), ...ec2.endpointHistory()];
  return new Set([
    ...rows.map(({ id }) => id),
    ...control
      .account()
      .policies()
      .map(({ arn }) => arn),
  ]);
}

/** Resources by what they are to the link, for counting what was made and taken away. */
export function rolesOf(holdings: Holdings): ReadonlyMap<string, string> {
  const standing = holdings.endpoints.filter(({ deletion }) => deletion === undefined);
  return new Map([
    ...standing.map(({ id, serviceName }) => [id, `endpoint ${serviceName}`] as const),
    ...holdings.groups.map(({ id }) => [id, 'group'] as const),
    ...holdings.rules.map((rule) => [rule.id, `rule ${ruleText(rule)}`] as const),
    ...holdings.policies.map(({ arn }) => [arn, 'policy'] as const),
    ...holdings.policies.flatMap(({ arn, versions }) =>
      versions.map(({ id }) => [`${arn} ${id}`, 'policy version'] as const),
    ),
    ...holdings.attachments.map(
      ({ arn, principal }) =>
        [`${arn} ${principal.kind} ${principal.name}`, `attachment ${principal.name}`] as const,
    ),
  ]);
}

function ruleText({ isEgress, protocol, fromPort, toPort, peer }: SecurityGroupRule): string {
  const source = Object.entries(peer).find(([key]) => key !== 'kind')?.[1];
  return `${isEgress ? 'egress' : 'ingress'} ${protocol} ${fromPort}-${toPort} ${source}`;
}

/** The link's holdings without what differs from run to run, as text. */
export function normalForm(holdings: Holdings): string {
  const nameOf = namesOf(holdings);
  const ownTag = new Set<string>(Object.values(ownershipTags));
  const tagsOf = (tags: Readonly<Record<string, string>>): unknown =>
    Object.entries(tags)
      .filter(([key]) => !ownTag.has(key) || key === ownershipTags.role)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const state = {
    endpoints: holdings.endpoints
      .map((one) => ({
        service: one.serviceName,
        state: one.state,
        subnets: one.interfaces.map(({ subnetId }) => subnetId).sort(),
        groups: [...one.groupIds].sort(),
        policy: one.policy,
        privateDns: one.privateDnsEnabled,
        type: [one.ipAddressType, one.dnsRecordIpType],
        tags: tagsOf(one.tags),
      }))
      .sort((a, b) => (a.service < b.service ? -1 : 1)),
    groups: holdings.groups.map(({ name, tags }) => ({ name, tags: tagsOf(tags) })),
    rules: holdings.rules.map((rule) => `${ruleText(rule)} ${rule.description ?? ''}`).sort(),
    policies: holdings.policies.map(({ name, versions, defaultVersionId, tags }) => ({
      name,
      document: inOrder(versions.find(({ id }) => id === defaultVersionId)?.document, nameOf),
      tags: tagsOf(tags),
    })),
    attachments: holdings.attachments.map(({ principal }) => principal.name).sort(),
  };
  return nameOf(JSON.stringify(state));
}

/** A policy document with names for ids, lists in the order of the names: ids differ from run to run. */
function inOrder(document: string | undefined, nameOf: (text: string) => string): unknown {
  return JSON.parse(nameOf(document ?? 'null'), (_key, value: unknown) =>
    Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.sort() : value,
  );
}

/** Replaces ids by what they are. */
export function namesOf(holdings: Holdings): (text: string) => string {
  const names = new Map<string, string>();
  for (const { id, serviceName } of holdings.endpoints) names.set(id, `<${serviceName}>`);
  for (const { id } of holdings.groups) names.set(id, '<group>');
  return (text) =>
    text
      .replaceAll(/\b(?:vpce|sg)-[0-9a-f]{17}/g, (id) => names.get(id) ?? id)
      .replaceAll(/\beni-[0-9a-f]{17}/g, '<eni>');
}
