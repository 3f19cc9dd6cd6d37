import type { Clock } from '../../runtime/clock.ts';

/** Work that has begun and not ended. */
export interface InFlight {
  run<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Waits until nothing is under way, and cuts off what is after `limitMs`. Nothing may begin any more.
   *
   * @returns whether everything ended by itself
   */
  end(limitMs: number, cutOff: () => void): Promise<boolean>;
}

/** Creates a count of nothing. */
export function createInFlight(clock: Clock): InFlight {
  const running = new Set<Promise<unknown>>();
  return {
    async run(work) {
      const one = work();
      running.add(one);
      try {
        return await one;
      } finally {
        running.delete(one);
      }
    },
    end: (limitMs, cutOff) => endInTime(clock, { limitMs, cutOff }, Promise.allSettled(running)),
  };
}

/** Waits for an end, and cuts off after a limit. @returns whether it came by itself */
export async function endInTime(
  clock: Clock,
  { limitMs, cutOff }: { readonly limitMs: number; readonly cutOff: () => void },
  end: Promise<unknown>,
): Promise<boolean> {
  let isInTime = true;
  const cancel = clock.setTimer(() => {
    isInTime = false;
    cutOff();
  }, limitMs);
  await end;
  cancel();
  return isInTime;
}
