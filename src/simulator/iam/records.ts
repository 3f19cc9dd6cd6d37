import type { Tags } from '../ec2/records.ts';

export type PrincipalKind = 'role' | 'user' | 'group';

export interface PolicyVersion {
  /** `v1`, `v2`, ...: numbers are never used again. */
  readonly id: string;
  readonly document: string;
  readonly createdAtMs: number;
}

export interface Policy {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string | undefined;
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersionId: string;
  /** How many versions there ever were. */
  readonly versionCount: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly tags: Tags;
}

/** Hands a role to instances. */
export interface InstanceProfile {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  /** One at most. */
  readonly roleNames: readonly string[];
  readonly createdAtMs: number;
  readonly tags: Tags;
}

export interface Principal {
  readonly kind: PrincipalKind;
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string | undefined;
  /** Of roles only. */
  readonly trustPolicy?: string | undefined;
  /** Of roles only: how long a session may be. @default an hour */
  readonly maxSessionSeconds?: number | undefined;
  readonly attachedPolicyArns: readonly string[];
  readonly inlinePolicies: Readonly<Record<string, string>>;
  readonly boundaryArn?: string | undefined;
  /** Of users only. */
  readonly groupNames: readonly string[];
  readonly createdAtMs: number;
  readonly tags: Tags;
}
