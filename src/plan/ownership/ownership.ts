import { createHash } from 'node:crypto';
import type { Holdings, OwnHoldings, Tags } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';

/**
 * Keys of the tags that say whose a resource is. They are the identity (a status is only a
 * cache): a resource is a link's own if and only if it carries the cluster's id and the link's UID.
 */
export const ownershipTags = {
  cluster: 'sagemaker.privatelink.dev/cluster',
  uid: 'sagemaker.privatelink.dev/uid',
  /** The link's name, for people who read tags; with the cluster's id it tells a former self. */
  name: 'sagemaker.privatelink.dev/name',
  /** The role of the resource in the link: `security-group`, `endpoint`, ... */
  role: 'sagemaker.privatelink.dev/role',
} as const;

/** The role of a resource in its link. */
export type ResourceRole =
  | 'security-group'
  | 'security-group-rule'
  | 'endpoint'
  | 'notebook-policy';

/** Every tag key that is ours starts with this. */
export const ownershipPrefix = 'sagemaker.privatelink.dev/';

/** True if the tags say that the resource belongs to this very link. */
export function isOwnedBy(tags: Tags, owner: OwnerIdentity): boolean {
  return tags[ownershipTags.cluster] === owner.clusterId && tags[ownershipTags.uid] === owner.uid;
}

/** The ownership tags of a resource of this link. */
export function ownershipTagsOf(owner: OwnerIdentity, role: ResourceRole): Tags {
  return {
    [ownershipTags.cluster]: owner.clusterId,
    [ownershipTags.uid]: owner.uid,
    [ownershipTags.name]: owner.name,
    [ownershipTags.role]: role,
  };
}

/**
 * Tag keys by which other tools mark what is theirs. A resource that carries one of them is never
 * adopted: the other tool would fight for it.
 */
const foreignOwnerKeys: readonly { readonly pattern: RegExp; readonly tool: string }[] = [
  { pattern: /^aws:cloudformation:stack-id$/, tool: 'CloudFormation' },
  { pattern: /^services\.k8s\.aws\//, tool: 'ACK' },
  { pattern: /^crossplane-/, tool: 'Crossplane' },
  { pattern: /^kubernetes\.io\/cluster\//, tool: 'a Kubernetes cluster' },
  { pattern: /^elbv2\.k8s\.aws\//, tool: 'AWS Load Balancer Controller' },
  { pattern: /^red-hat-managed$/, tool: 'OpenShift' },
  { pattern: /^sigs\.k8s\.io\/cluster-api-provider-aws\//, tool: 'Cluster API' },
];

/** The owner of a resource, as its tags say it. */
export type Ownership =
  /** This very link's. */
  | { readonly kind: 'own' }
  /**
   * This link's before it was made anew: same cluster, same name, a UID that no longer lives. It is
   * taken back only when the spec says so (`adoption: IfUnowned`), and named for what it is else.
   */
  | { readonly kind: 'former-self'; readonly name: string; readonly uid: string }
  /** Another link's of this cluster. */
  | { readonly kind: 'other-link'; readonly name: string; readonly uid: string }
  /** A link's of another cluster, or of nobody that its tags tell completely. */
  | { readonly kind: 'other-cluster'; readonly name: string; readonly clusterId: string }
  /** Another tool's. */
  | { readonly kind: 'other-tool'; readonly tool: string; readonly key: string }
  | { readonly kind: 'unowned' };

/** Reads the owner from the tags of a resource. */
export function ownershipOf(tags: Tags, owner: OwnerIdentity): Ownership {
  if (isOwnedBy(tags, owner)) return { kind: 'own' };
  const marks = ownerMarks(tags);
  if (marks !== undefined) return ownershipByMarks(marks, owner);
  for (const { pattern, tool } of foreignOwnerKeys) {
    const key = Object.keys(tags).find((candidate) => pattern.test(candidate));
    if (key !== undefined) return { kind: 'other-tool', tool, key };
  }
  return { kind: 'unowned' };
}

/** The parts of an owner that tags name. */
interface OwnerMarks {
  readonly cluster: string | undefined;
  readonly uid: string | undefined;
  readonly name: string | undefined;
}

/**
 * The owner that the tags name, also in another letter case: IAM's tag keys have no case, and a
 * person who put `Sagemaker.privatelink.dev/cluster` on a resource of EC2 meant to name its owner.
 */
export function markedOwner(tags: Tags): OwnerMarks {
  return {
    cluster: valueOf(tags, ownershipTags.cluster),
    uid: valueOf(tags, ownershipTags.uid),
    name: valueOf(tags, ownershipTags.name),
  };
}

function ownerMarks(tags: Tags): OwnerMarks | undefined {
  const marks = markedOwner(tags);
  return marks.cluster === undefined && marks.uid === undefined ? undefined : marks;
}

function valueOf(tags: Tags, key: string): string | undefined {
  const exact = tags[key];
  if (exact !== undefined) return exact;
  return Object.entries(tags).find(([other]) => other.toLowerCase() === key)?.[1];
}

function ownershipByMarks(
  { cluster = unknown, uid = unknown, name = unknown }: OwnerMarks,
  owner: OwnerIdentity,
): Ownership {
  if (cluster !== owner.clusterId) return { kind: 'other-cluster', name, clusterId: cluster };
  const isFormer =
    owner.formerUids === undefined
      ? name === owner.name && uid !== unknown
      : owner.formerUids.includes(uid);
  return { kind: isFormer ? 'former-self' : 'other-link', name, uid };
}

const unknown = 'unknown';

/** The owner in words that fit "… belongs to X"; undefined for our own and for nobody's. */
export function ownerWords(ownership: Ownership, owner: OwnerIdentity): string | undefined {
  switch (ownership.kind) {
    case 'own':
    case 'unowned':
      return undefined;
    case 'former-self':
      return `an earlier SageMakerPrivateLink ${ownership.name} of this cluster (UID ${ownership.uid})`;
    case 'other-link':
      return ownership.name === owner.name
        ? `another SageMakerPrivateLink ${ownership.name} of cluster ${owner.clusterId} (UID ${ownership.uid})`
        : `SageMakerPrivateLink ${ownership.name} of cluster ${owner.clusterId}`;
    case 'other-cluster':
      return `SageMakerPrivateLink ${ownership.name} of cluster ${ownership.clusterId}`;
    case 'other-tool':
      return `${ownership.tool} (tag ${ownership.key})`;
  }
}

/**
 * The other owner of a resource, in words that fit "… belongs to X", or undefined if the tags
 * name none. `owner` itself is not another owner; a former self is.
 */
export function foreignOwnerOf(tags: Tags, owner: OwnerIdentity): string | undefined {
  return ownerWords(ownershipOf(tags, owner), owner);
}

/** A link's part of all that its cluster owns, and its former selves'. */
export function holdingsOf(all: Holdings, owner: OwnerIdentity): OwnHoldings {
  const former = partOf(all, owner, 'former-self');
  const isEmpty = former.endpoints.length === 0 && former.securityGroups.length === 0;
  const { unread } = all;
  return {
    ...partOf(all, owner, 'own'),
    ...(isEmpty ? {} : { former }),
    ...(unread === undefined ? {} : { unread }),
  };
}

function partOf(
  { endpoints, securityGroups }: Holdings,
  owner: OwnerIdentity,
  kind: Ownership['kind'],
): Holdings {
  const isPart = ({ tags }: { readonly tags: Tags }): boolean =>
    ownershipOf(tags, owner).kind === kind;
  return { endpoints: endpoints.filter(isPart), securityGroups: securityGroups.filter(isPart) };
}

/** Whether `adoption: IfUnowned` takes a resource: nobody's, and what was ours before. */
export function isAdoptable(tags: Tags, owner: OwnerIdentity): boolean {
  const { kind } = ownershipOf(tags, owner);
  return kind === 'unowned' || kind === 'former-self';
}

/** First `length` hexadecimal digits of the SHA-256 of the parts, which are told apart. */
function digest(parts: readonly unknown[], length: number): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
}

/**
 * Name of the managed security group. A group's name is unique in its VPC and is the only
 * idempotency that `CreateSecurityGroup` has, so it follows from the owner alone.
 */
export function securityGroupName(owner: OwnerIdentity): string {
  return `sagemaker-privatelink-${owner.name.slice(0, 150)}-${digest([owner.clusterId, owner.uid], 10)}`;
}

/** Path of every notebook policy in IAM; what the operator may touch there is limited by it. */
export const policyPath = '/sagemaker-privatelink/';

/**
 * Name of a link's notebook policy: unique in the account, whatever the path and the case.
 *
 * @param given `spec.notebookAccess.policyName`; by default the name follows from the owner
 */
export function policyName(owner: OwnerIdentity, given?: string): string {
  if (given !== undefined) return given;
  return `${policyPrefix(owner)}${digest([owner.clusterId, owner.uid], 10)}`;
}

function policyPrefix({ name }: OwnerIdentity): string {
  return `sagemaker-privatelink-${name.slice(0, 80)}-`;
}

/** True for a default name that a link of this name has with some UID: its tags tell whose it is. */
export function mayBeFormerPolicyName(name: string, owner: OwnerIdentity): boolean {
  const prefix = policyPrefix(owner);
  return name.startsWith(prefix) && /^[0-9a-f]{10}$/.test(name.slice(prefix.length));
}

/** ARN of a link's notebook policy, which follows from its name and the account alone. */
export function policyArn(owner: OwnerIdentity, where: IamAccount, given?: string): string {
  return policyArnOfName(policyName(owner, given), where);
}

/** An AWS account as ARNs name it. */
export interface IamAccount {
  readonly partition: string;
  readonly account: string;
}

/** ARN of a policy under our path. */
export function policyArnOfName(name: string, { partition, account }: IamAccount): string {
  return `arn:${partition}:iam::${account}:policy${policyPath}${name}`;
}

/**
 * Client token of a `CreateVpcEndpoint`: the same call gives the same token, whoever makes it and
 * after any crash; other parameters or another incarnation give another token (AWS answers
 * `IdempotentParameterMismatch` otherwise). 64 hexadecimal digits, AWS's maximum.
 *
 * @param incarnation ids of earlier endpoints for the same service that are gone, so that an
 *   endpoint deleted by somebody is created anew instead of being answered from AWS's memory
 */
export function clientToken(
  owner: OwnerIdentity,
  parameters: Readonly<Record<string, unknown>>,
  incarnation: readonly string[],
): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return digest([owner.clusterId, owner.uid, sorted, [...incarnation].sort()], 64);
}
