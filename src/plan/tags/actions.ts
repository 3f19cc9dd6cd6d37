/** Changes of tags of resources of EC2, as data. */
import type { Described, Nothing } from '../actions/described.ts';
import type { Subject } from '../findings.ts';

export interface CreateTags extends Described {
  readonly kind: 'CreateTags';
  /** The condition that it works for. */
  readonly subject: Subject;
  /** More conditions, where its resources are of several. */
  readonly alsoFor?: readonly Subject[];
  readonly resourceIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeleteTags extends Described {
  readonly kind: 'DeleteTags';
  /** The condition that it works for. */
  readonly subject: Subject;
  /** More conditions, where its resources are of several. */
  readonly alsoFor?: readonly Subject[];
  readonly resourceIds: readonly string[];
  readonly keys: readonly string[];
}

/** A change of tags of resources of EC2. */
export type TagAction = CreateTags | DeleteTags;

/** AWS's answer to each of them; the rest of an action's effect follows from the action itself. */
export interface TagResults {
  CreateTags: Nothing;
  DeleteTags: Nothing;
}
