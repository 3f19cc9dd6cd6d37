import type { Clock as SimulatorClock } from '../src/simulator/clock.ts';
import { type Clock, sleepOn } from '../src/runtime/clock.ts';
import type { ProcessLife } from './process-life.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * The one time of a run: of the simulated AWS, of the API server and of every process. It stands
 * still while anything can happen, and then jumps to the next timer.
 */
export interface VirtualTime {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimer(run: () => void, delayMs: number): () => void;
  /** When the next timer is due; undefined when there is none. */
  nextAt(): number | undefined;
  /** Jumps to the next timer and runs it. */
  step(): void;
  readonly simulatorClock: SimulatorClock;
}

const start = Date.UTC(2026, 0, 1);

/** Creates a time that begins at 2026-01-01. */
export function createVirtualTime(): VirtualTime {
  let nowMs = start;
  let order = 0;
  const timers = new Set<Timer>();

  function setTimer(run: () => void, delayMs: number): () => void {
    order += 1;
    // In whole milliseconds: a rest too small for a sum of this size would be due for ever.
    const timer = { at: Math.ceil(nowMs + Math.max(delayMs, 0)), order, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  function next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (first === undefined || timer.at < first.at) first = timer;
    }
    return first;
  }

  return {
    now: () => nowMs,
    setTimer,
    nextAt: () => next()?.at,
    step() {
      const timer = next();
      if (timer === undefined) return;
      timers.delete(timer);
      nowMs = Math.max(nowMs, timer.at);
      timer.run();
    },
    simulatorClock: {
      now: () => nowMs,
      wallTimeOf: (ms) => ms,
      sleep: (ms) => new Promise((resolve) => void setTimer(() => resolve(), ms)),
    },
  };
}

/** How a process's clocks differ from the true time. */
export interface ClockSkew {
  /** How far its wall clock is off, in milliseconds; may change while the process runs. */
  wallMs: number;
  /** How fast its clocks go: 1.1 gains six seconds a minute. */
  readonly rate: number;
}

/** Time as one process sees it: its timers stand still while it is stopped and die with it. */
export function processClock(time: VirtualTime, life: ProcessLife, skew: ClockSkew): Clock {
  const { rate } = skew;
  // A process measures time from its own start.
  const startedAt = time.now() - 1_000;
  const setTimer = (run: () => void, delayMs: number): (() => void) => {
    let cancel: () => void;
    const due = (): void => {
      if (!life.isAlive) return;
      const frozenMs = life.frozenUntilMs - time.now();
      if (frozenMs > 0) cancel = time.setTimer(due, frozenMs);
      else run();
    };
    cancel = time.setTimer(due, delayMs / rate);
    return () => cancel();
  };
  const clock: Clock = {
    now: () => (time.now() - startedAt) * rate,
    wallTime: () => new Date(time.now() + skew.wallMs),
    setTimer,
    sleep: (delayMs, signal) => sleepOn(clock, delayMs, signal),
  };
  return clock;
}

/** Lets everything that can happen without the passing of time happen. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
