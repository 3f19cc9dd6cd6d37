import type { Random } from '../../runtime/clock.ts';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * The delay before retry number `failures` (1 is the first): it doubles from `firstMs` up to
 * `longestMs`, less a random part of up to a half, so that many clients that failed together do
 * not come back together and no delay is longer than the cap.
 */
export function backoffMs(options: BackoffOptions, failures: number, random: Random): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 40);
  const full = Math.min(options.firstMs * 2 ** doublings, options.longestMs);
  return full * (1 - random() / 2);
}
