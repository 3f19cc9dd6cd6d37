/** Changes of the IAM policy, as data. */
import type { Described, Nothing } from '../actions/described.ts';
import type { ManagedPolicy, PolicyDocument, Principal } from '../facts.ts';

export interface CreatePolicy extends Described {
  readonly kind: 'CreatePolicy';
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly description: string;
  readonly document: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
}

/** Adds a version and makes it the default in the same call. */
export interface CreatePolicyVersion extends Described {
  readonly kind: 'CreatePolicyVersion';
  readonly arn: string;
  readonly document: PolicyDocument;
}

export interface SetDefaultPolicyVersion extends Described {
  readonly kind: 'SetDefaultPolicyVersion';
  readonly arn: string;
  readonly versionId: string;
  /** The document of that version: the effect of the action. */
  readonly document: PolicyDocument;
}

export interface DeletePolicyVersion extends Described {
  readonly kind: 'DeletePolicyVersion';
  readonly arn: string;
  readonly versionId: string;
}

export interface AttachPolicy extends Described {
  readonly kind: 'AttachPolicy';
  readonly arn: string;
  readonly principal: Principal;
}

export interface DetachPolicy extends Described {
  readonly kind: 'DetachPolicy';
  readonly arn: string;
  readonly principal: Principal;
}

/** Only for a policy that has no other version and is attached nowhere. */
export interface DeletePolicy extends Described {
  readonly kind: 'DeletePolicy';
  readonly arn: string;
}

export interface TagPolicy extends Described {
  readonly kind: 'TagPolicy';
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface UntagPolicy extends Described {
  readonly kind: 'UntagPolicy';
  readonly arn: string;
  readonly keys: readonly string[];
}

/** A change of the IAM policy. */
export type PolicyAction =
  | CreatePolicy
  | CreatePolicyVersion
  | SetDefaultPolicyVersion
  | DeletePolicyVersion
  | AttachPolicy
  | DetachPolicy
  | DeletePolicy
  | TagPolicy
  | UntagPolicy;

/** AWS's answer to each of them; the rest of an action's effect follows from the action itself. */
export interface PolicyResults {
  /**
   * The new policy (`existed: false`), or, where IAM says that the name is taken in this account
   * (whatever the path and the case), the policy that has it (`existed: true`).
   */
  CreatePolicy: { readonly policy: ManagedPolicy; readonly existed: boolean };
  CreatePolicyVersion: { readonly versionId: string };
  SetDefaultPolicyVersion: Nothing;
  DeletePolicyVersion: Nothing;
  AttachPolicy: Nothing;
  DetachPolicy: Nothing;
  DeletePolicy: Nothing;
  TagPolicy: Nothing;
  UntagPolicy: Nothing;
}
