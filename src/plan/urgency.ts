/** The order in which calls to AWS go out: who makes one, and how urgent it is. */

/**
 * From the most urgent to the least, by the trigger of a pass: a link is being deleted, a user has
 * changed its spec, something of it is not as it should be, or it is only looked at once more.
 */
export const urgencies = ['Deletion', 'Change', 'Repair', 'Resync'] as const;

export type Urgency = (typeof urgencies)[number];

/** A caller's claim to a turn. */
export interface Claim {
  /** UID of the link that the call is for: links take turns. @default a call for many links */
  readonly link?: string;
  readonly urgency: Urgency;
}

/** True if the first is more urgent than the second. */
export function isMoreUrgent(one: Urgency, other: Urgency): boolean {
  return urgencies.indexOf(one) < urgencies.indexOf(other);
}
