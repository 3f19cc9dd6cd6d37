import type { FaultId } from '../fault-list.ts';
import type { OperatorConfig } from '../../src/operator/operator-config.ts';
import type { FaultKind } from '../faults.ts';
import type { Run } from '../run.ts';
import type { ClockSkew } from '../virtual-time.ts';
import type { AwsBehaviour } from '../world/simulated-aws.ts';

/** Something that happens to a link, and how it ends when nothing goes wrong. */
export interface Scenario {
  readonly name: string;
  /** Of which faults of the list it is a case by itself. */
  readonly covers?: readonly FaultId[];
  /** Every fault at every call of these is tried in CI. */
  readonly isMain?: boolean;
  readonly aws?: AwsBehaviour;
  /** Replicas that share the work. @default one process without a Lease */
  readonly replicas?: number;
  /** How the clocks of the n-th process, counted from 0, are off. @default not */
  readonly skewOf?: (n: number) => Partial<ClockSkew>;
  /** Flags that are not at their defaults. */
  readonly flags?: Partial<OperatorConfig>;
  /** The faults that its calls meet. @default those of one process */
  readonly kinds?: readonly FaultKind[];
  /** Makes what is there before; runs to rest without faults. */
  readonly before?: (run: Run) => void | Promise<void>;
  /** Lets the story happen; its calls are numbered and meet faults. Runs to rest afterwards. */
  readonly act: (run: Run) => void | Promise<void>;
  readonly end: ScenarioEnd;
  /** Nothing is to be changed at AWS while nothing goes wrong. */
  readonly isIdle?: true;
  /** How many calls and minutes it takes depends on which calls are refused; the bound per minute holds. */
  readonly callsVary?: true;
  /** With a fault some of what the undisturbed run makes (and takes away) is never made. */
  readonly mayStopEarly?: true;
}

/** Of all links; where they end differently each way once, in the order of the alphabet. */
export type ScenarioEnd = 'ready' | 'gone' | 'suspended' | `stalled ${string}` | `ready, ${string}`;

/** The link that scenarios are about. */
export const linkName = 'ml';
