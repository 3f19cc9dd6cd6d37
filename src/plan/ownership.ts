import { createHash } from 'node:crypto';
import type { Tags } from './facts.ts';
import type { OwnerIdentity } from './looks.ts';

/**
 * Keys of the tags that say whose a resource is. They are the identity (a status is only a
 * cache): a resource is a link's own if and only if it carries the cluster's id and the link's UID.
 */
export const ownershipTags = {
  cluster: 'sagemaker.privatelink.dev/cluster',
  uid: 'sagemaker.privatelink.dev/uid',
  /** The link's name, for people who read tags. Never compared. */
  name: 'sagemaker.privatelink.dev/name',
  /** What the resource is to the link: `security-group`, `endpoint`, ... */
  role: 'sagemaker.privatelink.dev/role',
} as const;

/** What a resource is to its link. */
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

/**
 * Who else owns a resource, in words that fit "… belongs to X", or undefined if nobody says so.
 * `owner` itself is not somebody else.
 */
export function foreignOwnerOf(tags: Tags, owner: OwnerIdentity): string | undefined {
  if (isOwnedBy(tags, owner)) return undefined;
  if (tags[ownershipTags.uid] !== undefined || tags[ownershipTags.cluster] !== undefined) {
    const name = tags[ownershipTags.name] ?? 'unknown';
    const cluster = tags[ownershipTags.cluster] ?? 'unknown';
    return `SageMakerPrivateLink ${name} of cluster ${cluster}`;
  }
  const keys = Object.keys(tags);
  for (const { pattern, tool } of foreignOwnerKeys) {
    const key = keys.find((candidate) => pattern.test(candidate));
    if (key !== undefined) return `${tool} (tag ${key})`;
  }
  return undefined;
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

/** Name of a link's notebook policy: unique in the account, whatever the path and the case. */
export function policyName(owner: OwnerIdentity): string {
  return `sagemaker-privatelink-${owner.name.slice(0, 80)}-${digest([owner.clusterId, owner.uid], 10)}`;
}

/** ARN of a link's notebook policy, which follows from the owner and the account alone. */
export function policyArn(
  owner: OwnerIdentity,
  { partition, account }: { readonly partition: string; readonly account: string },
): string {
  return `arn:${partition}:iam::${account}:policy${policyPath}${policyName(owner)}`;
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
