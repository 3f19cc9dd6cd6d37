import type { CallPoint, FaultKind } from './faults.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One run of the operator's program, from its start to its end or its death. */
export interface ProcessLife {
  readonly name: string;
  isAlive: boolean;
}

/** How a call of one kind is made and how it fails. */
export interface Crossing<T> {
  readonly to: CallPoint['to'];
  readonly name: string;
  readonly isRead: boolean;
  /** Makes the call take effect. */
  perform(how?: 'stale'): Promise<T>;
  /** The failure that a client sees for a fault that is answered; throws or returns an answer. */
  refuse(kind: Refusal): T | Promise<T>;
  /** Time until the client gives up, in milliseconds. */
  readonly timeLimitMs: number;
}

export type Refusal = Exclude<FaultKind, 'crash-before' | 'crash-after' | 'stale'>;

export interface BoundaryOptions {
  readonly time: VirtualTime;
  /** Which fault, if any, strikes a call. */
  readonly faultAt: (point: CallPoint) => FaultKind | undefined;
  /** Called for every call, whatever becomes of it. */
  readonly onCall: (point: CallPoint) => void;
  /** Called when a process dies. */
  readonly onCrash: (life: ProcessLife) => void;
  /** Called after a call took effect, whatever its caller is told. */
  readonly onEffect: (point: CallPoint) => void;
}

/** What every call of every process to the outside passes. */
export interface Boundary {
  cross<T>(life: ProcessLife, crossing: Crossing<T>): Promise<T>;
  /** All calls since the numbering began, in order. */
  points(): readonly CallPoint[];
  /** Numbers calls from 1 again. */
  restartNumbering(): void;
  /** Calls that are under way and do not wait for time to pass. */
  readonly busy: number;
}

const takesEffect: ReadonlySet<FaultKind> = new Set([
  'crash-after',
  'lost',
  'timeout-after',
  'error-after',
]);

/** A call of a dead process: nobody is there to see how it ends. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

export function createBoundary(options: BoundaryOptions): Boundary {
  const { time, faultAt, onCall, onCrash, onEffect } = options;
  let points: CallPoint[] = [];
  let busy = 0;

  function crash(life: ProcessLife): void {
    if (!life.isAlive) return;
    life.isAlive = false;
    onCrash(life);
  }

  /** Lets virtual time pass; the call is not busy meanwhile. */
  async function wait(delayMs: number): Promise<void> {
    busy -= 1;
    await new Promise<void>((resolve) => void time.setTimer(resolve, delayMs));
    busy += 1;
  }

  async function struck<T>(
    life: ProcessLife,
    crossing: Crossing<T>,
    point: CallPoint,
    kind: FaultKind,
  ): Promise<T | undefined> {
    if (kind === 'stale') return crossing.perform('stale');
    if (takesEffect.has(kind)) {
      await crossing.perform().catch(() => undefined);
      onEffect(point);
    }
    if (kind === 'crash-before' || kind === 'crash-after') {
      crash(life);
      return undefined;
    }
    if (kind === 'timeout' || kind === 'timeout-after') await wait(crossing.timeLimitMs);
    return crossing.refuse(kind);
  }

  async function cross<T>(life: ProcessLife, crossing: Crossing<T>): Promise<T> {
    if (!life.isAlive) return never();
    const { to, name, isRead } = crossing;
    const point = { n: points.length + 1, to, name, isRead };
    points.push(point);
    onCall(point);
    const kind = faultAt(point);
    busy += 1;
    let end: () => T;
    try {
      const answer =
        kind === undefined
          ? await crossing.perform().finally(() => onEffect(point))
          : await struck(life, crossing, point, kind);
      end = () => answer as T;
    } catch (error) {
      end = () => {
        throw error;
      };
    }
    busy -= 1;
    return life.isAlive ? end() : never();
  }

  return {
    cross,
    points: () => points,
    restartNumbering: () => void (points = []),
    get busy() {
      return busy;
    },
  };
}
