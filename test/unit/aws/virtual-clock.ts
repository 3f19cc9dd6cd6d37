import type { Clock } from '../../../src/aws/clock.ts';

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /** Lets time pass; timers run at their time, and what they start goes on before the next one. */
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export function createVirtualClock(): VirtualClock {
  let nowMs = 0;
  let made = 0;
  let timers: Timer[] = [];

  async function advance(ms: number): Promise<void> {
    const untilMs = nowMs + ms;
    await settle();
    for (let next = dueBy(untilMs); next !== undefined; next = dueBy(untilMs)) {
      nowMs = Math.max(nowMs, next.atMs);
      timers = timers.filter((timer) => timer !== next);
      next.run();
      await settle();
    }
    nowMs = untilMs;
  }

  function dueBy(untilMs: number): Timer | undefined {
    return timers
      .filter((timer) => timer.atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }

  return {
    now: () => nowMs,
    after(delayMs, run) {
      made += 1;
      const timer: Timer = { atMs: nowMs + delayMs, order: made, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance,
  };
}

/** Lets promises that are ready go on: one turn of the event loop runs all their callbacks. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
