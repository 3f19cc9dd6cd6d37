import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Endpoint, Principal } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { Observation } from '../observation.ts';
import type { TagPolicy } from '../tags/plan-tags.ts';
import type { Elapsed } from '../sightings.ts';
import type { Rival } from './rivals.ts';

/** Everything that the plan of a notebook policy depends on. */
export interface NotebookAccessInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly goal: 'present' | 'absent';
  readonly observation: Observation;
  /** This link's endpoints of any service and state; undefined while they are not known. */
  readonly owned: readonly Endpoint[] | undefined;
  /** For how long things have been as they are. */
  readonly elapsed: Elapsed;
  readonly tagPolicy: TagPolicy;
  /** Other links with the same principals. */
  readonly rivals: readonly Rival[];
  readonly remembered: RememberedAccess;
}

/** Everything that the last status knows about the policy. */
export interface RememberedAccess {
  readonly policyArn?: string;
  /** Principals that the operator attached. */
  readonly attachedTo: readonly Principal[];
  /** Those that IAM showed as attached. */
  readonly seenAttached: readonly Principal[];
  /** Whether the spec as it is was brought about completely once. */
  readonly isApplied: boolean;
  /** See `WaysInput.settledNames`. */
  readonly settledNames: Readonly<Record<string, boolean>>;
}

/** Whether the spec asks for a policy. */
export function isWanted({ spec, goal }: NotebookAccessInput): boolean {
  return goal === 'present' && spec.notebookAccess !== undefined;
}
