import type { Run } from '../run.ts';
import type { AwsBehaviour } from '../world/simulated-aws.ts';

/** Something that happens to a link, and how it ends when nothing goes wrong. */
export interface Scenario {
  readonly name: string;
  /** Every fault at every call of these is tried in CI. */
  readonly isMain?: boolean;
  readonly aws?: AwsBehaviour;
  /** What is there before; runs to rest without faults. */
  readonly before?: (run: Run) => void | Promise<void>;
  /** What happens; its calls are numbered and meet faults. Runs to rest afterwards. */
  readonly act: (run: Run) => void | Promise<void>;
  readonly end: ScenarioEnd;
  /** With a fault some of what the undisturbed run makes (and takes away) is never made. */
  readonly mayStopEarly?: true;
}

export type ScenarioEnd = 'ready' | 'gone' | 'suspended' | `stalled ${string}`;

/** The link that scenarios are about. */
export const linkName = 'ml';
