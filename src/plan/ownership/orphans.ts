/** Resources with the cluster's tags that no link of it has: found, named, never guessed. Pure. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Endpoint, Holdings, ManagedPolicy, SecurityGroup, Tags } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import { ownershipTags } from './ownership.ts';

/** One resource without a link. */
export interface OrphanResource {
  readonly kind: 'endpoint' | 'security-group' | 'policy';
  readonly id: string;
  /** The service, the group's or the policy's name. */
  readonly what: string;
  /** Undefined for a policy. */
  readonly vpcId?: string;
  /** ISO 8601; undefined where AWS does not say. */
  readonly createdAt?: string;
}

/** A link that lives no more, and what it left. */
export interface OrphanLink {
  readonly owner: OwnerIdentity;
  readonly resources: readonly OrphanResource[];
}

/** The input of the search for orphans. */
export interface OrphanInput {
  readonly clusterId: string;
  readonly holdings: Holdings;
  readonly policies: readonly ManagedPolicy[];
  /** UIDs of every link that the cluster has now. */
  readonly livingUids: ReadonlySet<string>;
}

/**
 * The orphans, by link. A resource whose tags have no UID is nobody's to delete and not among them;
 * one that is on its way out neither.
 */
export function orphansIn(input: OrphanInput): readonly OrphanLink[] {
  const { endpoints, securityGroups } = input.holdings;
  const found = [
    ...endpoints.filter(isStanding).map((one) => ({ tags: one.tags, resource: endpointOf(one) })),
    ...securityGroups.map((one) => ({ tags: one.tags, resource: groupOf(one) })),
    ...input.policies.map((one) => ({ tags: one.tags, resource: policyOf(one) })),
  ].flatMap(({ tags, resource }) => {
    const owner = ownerIn(tags, input);
    return owner === undefined ? [] : [{ owner, resource }];
  });
  const byUid = new Map<string, OrphanLink>();
  for (const { owner, resource } of found) {
    const { resources = [] } = byUid.get(owner.uid) ?? {};
    byUid.set(owner.uid, { owner, resources: [...resources, resource] });
  }
  return [...byUid.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function ownerIn(tags: Tags, { clusterId, livingUids }: OrphanInput): OwnerIdentity | undefined {
  const uid = tags[ownershipTags.uid];
  if (tags[ownershipTags.cluster] !== clusterId || uid === undefined) return undefined;
  if (livingUids.has(uid)) return undefined;
  return { clusterId, uid, name: tags[ownershipTags.name] ?? 'unknown' };
}

function keyOf({ owner }: OrphanLink): string {
  return `${owner.name} ${owner.uid}`;
}

function isStanding({ state }: Endpoint): boolean {
  return state !== 'deleting' && state !== 'deleted';
}

function endpointOf({ id, serviceName: what, vpcId, createdAt }: Endpoint): OrphanResource {
  return { kind: 'endpoint', id, what, vpcId, ...(createdAt === undefined ? {} : { createdAt }) };
}

function groupOf({ id, name: what, vpcId }: SecurityGroup): OrphanResource {
  return { kind: 'security-group', id, what, vpcId };
}

function policyOf({ arn: id, name: what }: ManagedPolicy): OrphanResource {
  return { kind: 'policy', id, what };
}

/** The spec by which a pass takes away an orphan link's resources, in the safe order. */
export function specOfOrphan(region: string): SageMakerPrivateLinkSpec {
  return {
    region,
    vpc: {},
    subnets: { unsupportedZones: 'Fail' },
    ipAddressType: 'ipv4',
    privateDNSAt: 'Available',
    endpoints: [],
    deletionPolicy: 'Delete',
    driftPolicy: 'Repair',
    adoption: 'Never',
    suspend: false,
    sweepInterval: '60s',
  };
}
