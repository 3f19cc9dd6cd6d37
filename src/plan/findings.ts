/**
 * The findings of a plan besides its actions: waits, problems, differences. Data for the
 * status, for events and for the decision when to look again.
 */
import type { ConditionType, Reason } from '../api/conditions.ts';

/** Conditions that a finding can concern; the aggregate ones follow from these. */
export type Subject = Extract<
  ConditionType,
  | 'NetworkResolved'
  | 'SecurityGroupReady'
  | 'EndpointsAvailable'
  | 'NotebookAccessEnforced'
  | 'ClientsConfigured'
>;

/** Something in progress at AWS that ends by itself. */
export interface Wait {
  readonly subject: Subject;
  readonly reason: Reason;
  readonly message: string;
  /** Endpoints that AWS works on, if it is they that it waits for. */
  readonly endpointIds?: readonly string[];
  /** Nothing is to be seen at AWS: it waits for the quiet time alone, after which that is believed. */
  readonly isForQuiet?: true;
  /** Other parts of the link that it waits for: if one of them is held up, so is this one. */
  readonly awaits?: readonly Subject[];
}

/** Why something of the spec is not true and does not become so by waiting for AWS. */
export interface Problem {
  readonly subject: Subject;
  readonly reason: Reason;
  /** Says what is wrong, where, and what to do. Stable from pass to pass. */
  readonly message: string;
  /**
   * `stalled`: somebody has to change something; looked at again slowly.
   * `retry`: may pass by itself (throttling, no answer); tried again with backoff.
   */
  readonly severity: 'stalled' | 'retry';
  /** When a retry can succeed at the earliest, in milliseconds from now, where that is known. */
  readonly retryAfterMs?: number;
  /** Id of what AWS refused to delete or to change for this: its refusal has nothing to add. */
  readonly heldBack?: string;
}

/** A problem that a person has to solve. */
export function stalled(subject: Subject, reason: Reason, message: string): Problem {
  return { subject, reason, message, severity: 'stalled' };
}

/** One difference between the spec and AWS on something that exists or should exist. */
export interface Difference {
  /** AWS id, or the service name of an endpoint that is missing. */
  readonly resource: string;
  readonly field: string;
  readonly desired: string;
  readonly actual: string;
}

/** Something that people should know and that keeps nothing from being true. */
export interface Note {
  readonly subject: Subject;
  /**
   * `NotebookAccessWarning`: the spec allows what is probably not meant. `Adoption`: something that
   * was there before is taken over. `ResourcesLeft`: something stays at AWS without a keeper.
   */
  readonly reason: 'PolicyImpact' | 'NotebookAccessWarning' | 'Adoption' | 'ResourcesLeft';
  readonly message: string;
  /** Id of the resource that it is about: a later note about the same takes its place. */
  readonly about?: string;
}
