import type { Engine } from '../../src/simulator/requests/answer.ts';
import { createCallLog } from '../../src/simulator/call-log.ts';
import {
  createWorldControl,
  type WorldControl,
} from '../../src/simulator/control/world-control.ts';
import { createFaultPlan, type Fault } from '../../src/simulator/faults.ts';
import { createLimiter } from '../../src/simulator/requests/throttle.ts';
import { createWorld } from '../../src/simulator/world.ts';
import type { VirtualTime } from '../virtual-time.ts';

/** How AWS behaves in a run; times in milliseconds. */
export interface AwsBehaviour {
  /** How long an endpoint is pending after each change. @default 12000 */
  readonly pendingMs?: number;
  /** @default 12000 */
  readonly deletingMs?: number;
  /** Reads show a change so much later. @default 0 */
  readonly lagMs?: number;
  /** So many reads after a change still show the world before it. @default 0 */
  readonly lagReads?: number;
}

/** The simulated AWS of one run, without a network: requests are handed to its engine. */
export interface SimulatedAws {
  readonly engine: Engine;
  readonly control: WorldControl;
  /** The next request meets this fault of the simulator's own. */
  arm(fault: Fault | undefined): void;
  /** Notes that the operator changed something. */
  noteChange(): void;
  /** Whether AWS may still answer from before the last change. */
  mayBeStale(): boolean;
  setLag(lag: { readonly ms: number; readonly reads: number }): void;
}

/**
 * AWS gives no figure for how long its answers may lag. The operator's own is its option
 * `--consistency`, 10 by default.
 */
const staleMs = 10_000;

export function createSimulatedAws(time: VirtualTime, behaviour: AwsBehaviour = {}): SimulatedAws {
  const settings = {
    clock: time.simulatorClock,
    pendingMs: behaviour.pendingMs ?? 12_000,
    deletingMs: behaviour.deletingMs ?? 12_000,
    tombstoneMs: 10_000,
    visibilityLag: { ms: behaviour.lagMs ?? 0, reads: behaviour.lagReads ?? 0 },
    dnsLagMs: 0,
    createAnswerMs: 0,
    throttling: true,
    seed: 'faults',
    accountId: '111122223333',
    zonesPerRegion: 3,
    iamPageSize: 1000,
  };
  const world = createWorld(settings);
  const plan = createFaultPlan();
  let armed: Fault | undefined;
  let changedAtMs = Number.NEGATIVE_INFINITY;
  const faults = {
    ...plan,
    striking: (call: Parameters<typeof plan.striking>[0]) => {
      const fault = armed;
      armed = undefined;
      return [...plan.striking(call), ...(fault === undefined ? [] : [fault])];
    },
  };
  const limiter = createLimiter(settings.clock);
  return {
    engine: { world, log: createCallLog(), faults, limiter },
    control: createWorldControl(world),
    arm: (fault) => void (armed = fault),
    noteChange: () => void (changedAtMs = time.now()),
    mayBeStale: () => time.now() - changedAtMs <= staleMs,
    setLag: ({ ms, reads }) => {
      settings.visibilityLag.ms = ms;
      settings.visibilityLag.reads = reads;
    },
  };
}
