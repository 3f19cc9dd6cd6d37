import { expect } from '@jest/globals';
import type { Wait } from '../../../src/plan/findings.ts';
import { findingsOf, type PassEnd } from '../../../src/plan/pass-end.ts';
import { owner } from '../../model/generated-worlds.ts';
import { shortcomings } from '../../model/goal.ts';
import { type LinkLife, reasonsOf } from '../../model/link-life.ts';
import { obstaclesIn } from '../../model/obstacles.ts';

const waitsForWays: ReadonlySet<string> = new Set(['NotRestrictedYet', 'FormerNetworksAllowed']);

/** The spec of a link that came to rest is true, or reasons that hold in its world say why not. */
export function expectTrueOrExplained({ world, spec }: LinkLife, end: PassEnd): void {
  const { problems, waits } = findingsOf(end);
  // A wait for another part of the link is explained by what holds that part up.
  const isHeldUp = ({ awaits = [] }: Wait): boolean =>
    problems.some(({ subject }) => awaits.includes(subject));
  const heldUp = new Set<string>(waits.filter(isHeldUp).map(({ reason }) => reason));
  const own: readonly string[] = [...problems, ...waits.filter((wait) => !isHeldUp(wait))].map(
    (one) => one.reason,
  );
  const all = reasonsOf(end).filter((reason) => own.includes(reason) || !heldUp.has(reason));
  // What waits for a way is explained by what holds the way up.
  const reasons = all.some((one) => !waitsForWays.has(one))
    ? all.filter((one) => !waitsForWays.has(one))
    : all;
  const obstacles = [...obstaclesIn(world, owner, spec)];
  expect(reasons.filter((reason) => !obstacles.some((one) => one === reason))).toEqual([]);
  if (reasons.length === 0) expect(shortcomings(world, owner, spec)).toEqual([]);
}
