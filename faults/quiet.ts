import { turnsWaiting } from '../src/runtime/turn.ts';
import type { Boundary } from './boundary.ts';
import { breathe } from './virtual-time.ts';

/**
 * Lets everything happen that needs no time.
 *
 * @param isOver asked in between: nobody waits for what has gone wild
 */
export async function untilQuiet(
  boundary: Pick<Boundary, 'busy' | 'points'>,
  isOver: () => boolean = () => false,
): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const before = boundary.points().length;
    await breathe();
    const isQuiet =
      boundary.busy === 0 && turnsWaiting() === 0 && boundary.points().length === before;
    quiet = isQuiet ? quiet + 1 : 0;
    if (isOver()) return;
  }
}
