import {
  type CallPoint,
  type FaultKind,
  isProcessFault,
  isStreamFault,
  type ProcessFault,
  type StreamFault,
} from './faults.ts';
import type { ProcessLife } from './process-life.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a call of one kind is made and how it fails. */
export interface Crossing<T> {
  readonly to: CallPoint['to'];
  readonly name: string;
  readonly isRead: boolean;
  /** The last question of the process itself before it lets the call out; throws if it may not. */
  admit?(): Promise<void>;
  /** Makes the call take effect. */
  perform(how?: 'stale' | StreamFault): Promise<T>;
  /** Whether an answer says that nothing was done. @default answers say that something was */
  isRefusal?(answer: T): boolean;
  /** The failure that a client sees of a fault; throws or returns an answer. */
  refuse(kind: Refusal): T | Promise<T>;
  /** Time until the client gives up, in milliseconds. */
  readonly timeLimitMs: number;
}

/** Faults that the caller sees as an answer or as a broken connection. */
export type Refusal = Exclude<FaultKind, ProcessFault | StreamFault | 'stale'>;

export interface BoundaryOptions {
  readonly time: VirtualTime;
  /** Which fault, if any, strikes a call. */
  readonly faultAt: (point: CallPoint) => FaultKind | undefined;
  /** Called for every call, whatever becomes of it. */
  readonly onCall: (point: CallPoint) => void;
  /** Called when a process dies. */
  readonly onCrash: (life: ProcessLife) => void;
  /** Called when a process is asked to end. */
  readonly onTerminate: (life: ProcessLife) => void;
  /** Called when another process is to start. */
  readonly onJoin: () => void;
  /** Called when somebody deletes the Leases of a process. */
  readonly onUnlease: (life: ProcessLife) => void;
  /** Called when the server has decided on a call, whatever its caller is told. */
  readonly onEffect: (point: CallPoint, verdict: Verdict) => void;
}

/** How a call ended where it was sent to. */
export type Verdict = 'done' | 'refused';

/** Every call of every process to the outside passes it. */
export interface Boundary {
  cross<T>(life: ProcessLife, crossing: Crossing<T>): Promise<T>;
  /** All calls since the numbering began, in order. */
  points(): readonly CallPoint[];
  /** Numbers calls from 1 again. */
  restartNumbering(): void;
  /** Calls that are under way and do not wait for time to pass. */
  readonly busy: number;
  /** Counts what prepares a call, and what reads its answer, as part of it. */
  whileBusy<T>(work: () => Promise<T>): Promise<T>;
}

/** How long a process stays stopped or cut off: longer than any lease. */
const absenceMs = 60_000;

const takesEffect: ReadonlySet<FaultKind> = new Set([
  'crash-after',
  'freeze-after',
  'lost',
  'garbled',
  'timeout-after',
  'error-after',
]);

/** A call of a dead process: nobody is there to see how it ends. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

export function createBoundary(options: BoundaryOptions): Boundary {
  const { time, faultAt, onCall, onCrash, onTerminate, onJoin, onUnlease, onEffect } = options;
  let points: CallPoint[] = [];
  let busy = 0;

  function crash(life: ProcessLife): void {
    if (!life.isAlive) return;
    life.isAlive = false;
    onCrash(life);
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void time.setTimer(resolve, delayMs));
  }

  /** Lets virtual time pass; the call is not busy meanwhile. */
  async function wait(delayMs: number): Promise<void> {
    busy -= 1;
    await pause(delayMs);
    busy += 1;
  }

  /** Nothing of a stopped process goes on. */
  async function untilThawed(life: ProcessLife): Promise<void> {
    while (life.frozenUntilMs > time.now()) await pause(life.frozenUntilMs - time.now());
  }

  async function freeze(life: ProcessLife): Promise<void> {
    life.frozenUntilMs = time.now() + absenceMs;
    await wait(absenceMs);
  }

  async function performed<T>(crossing: Crossing<T>, point: CallPoint): Promise<T> {
    let verdict: Verdict = 'refused';
    try {
      const answer = await crossing.perform();
      verdict = crossing.isRefusal?.(answer) === true ? 'refused' : 'done';
      return answer;
    } finally {
      onEffect(point, verdict);
    }
  }

  async function sent<T>(life: ProcessLife, crossing: Crossing<T>, point: CallPoint): Promise<T> {
    if (crossing.to === 'kubernetes' && life.cutOffUntilMs > time.now()) {
      await wait(crossing.timeLimitMs);
      return crossing.refuse('timeout');
    }
    await crossing.admit?.();
    return performed(crossing, point);
  }

  /** Lets something happen to the process that makes a call, and so to the call. */
  async function struckProcess<T>(
    life: ProcessLife,
    crossing: Crossing<T>,
    point: CallPoint,
    kind: ProcessFault,
  ): Promise<T | undefined> {
    switch (kind) {
      case 'crash-before':
      case 'crash-after':
        crash(life);
        return undefined;
      case 'freeze':
        await freeze(life);
        return sent(life, crossing, point);
      case 'late':
        // It was stopped between its last question and the sending.
        await freeze(life);
        return performed(crossing, point);
      case 'freeze-after':
        await freeze(life);
        return undefined;
      case 'cut':
        life.cutOffUntilMs = time.now() + absenceMs;
        return sent(life, crossing, point);
      case 'terminate':
        onTerminate(life);
        return sent(life, crossing, point);
      case 'join':
        onJoin();
        return sent(life, crossing, point);
      case 'unlease':
        onUnlease(life);
        return sent(life, crossing, point);
      default:
        return kind satisfies never;
    }
  }

  async function struck<T>(
    life: ProcessLife,
    crossing: Crossing<T>,
    point: CallPoint,
    kind: FaultKind,
  ): Promise<T | undefined> {
    if (kind === 'stale' || isStreamFault(kind)) return crossing.perform(kind);
    await crossing.admit?.();
    let answer: Promise<T> | undefined;
    if (takesEffect.has(kind)) {
      answer = performed(crossing, point);
      await answer.catch(() => undefined);
    }
    if (isProcessFault(kind)) return (await struckProcess(life, crossing, point, kind)) ?? answer;
    if (kind === 'timeout' || kind === 'timeout-after') await wait(crossing.timeLimitMs);
    return crossing.refuse(kind);
  }

  async function cross<T>(life: ProcessLife, crossing: Crossing<T>): Promise<T> {
    await untilThawed(life);
    if (!life.isAlive) return never();
    const { to, name, isRead } = crossing;
    const point = { n: points.length + 1, to, name, isRead, by: life.name };
    points.push(point);
    onCall(point);
    const kind = faultAt(point);
    busy += 1;
    let end: () => T;
    try {
      const answer =
        kind === undefined
          ? await sent(life, crossing, point)
          : await struck(life, crossing, point, kind);
      end = () => answer as T;
    } catch (error) {
      end = () => {
        throw error;
      };
    }
    busy -= 1;
    await untilThawed(life);
    return life.isAlive ? end() : never();
  }

  return {
    cross,
    points: () => points,
    restartNumbering: () => void (points = []),
    get busy() {
      return busy;
    },
    async whileBusy(work) {
      busy += 1;
      try {
        return await work();
      } finally {
        busy -= 1;
      }
    },
  };
}
