import { type Clock as AwsClock } from '../src/aws/clock.ts';
import type { Clock as SimulatorClock } from '../src/simulator/clock.ts';
import { type Clock, sleepOn } from '../src/telemetry/clock.ts';

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
      sleep: (ms) => new Promise((resolve) => void setTimer(() => resolve(), ms)),
    },
  };
}

/** Time as one process sees it: its timers die with it. */
export interface ProcessClocks {
  readonly clock: Clock;
  readonly awsClock: AwsClock;
}

/** @param isAlive whether the process still runs: what is due after its end is dropped */
export function processClocks(time: VirtualTime, isAlive: () => boolean): ProcessClocks {
  // A process measures time from its own start.
  const startedAt = time.now() - 1_000;
  const setTimer = (run: () => void, delayMs: number): (() => void) =>
    time.setTimer(() => {
      if (isAlive()) run();
    }, delayMs);
  const clock: Clock = {
    now: () => time.now() - startedAt,
    wallTime: () => new Date(time.now()),
    setTimer,
    sleep: (delayMs, signal) => sleepOn(clock, delayMs, signal),
  };
  const awsClock: AwsClock = {
    now: () => time.now() - startedAt,
    after: (delayMs, run) => setTimer(run, delayMs),
  };
  return { clock, awsClock };
}

/** Lets everything that can happen without the passing of time happen. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
