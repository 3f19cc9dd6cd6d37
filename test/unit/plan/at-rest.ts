import { expect } from '@jest/globals';
import type { PassEnd } from '../../../src/plan/pass-end.ts';
import { owner } from '../../model/generated-worlds.ts';
import { shortcomings } from '../../model/goal.ts';
import { type LinkLife, reasonsOf } from '../../model/link-life.ts';
import { obstaclesIn } from '../../model/obstacles.ts';

/** The spec of a link that came to rest is true, or reasons that hold in its world say why not. */
export function expectTrueOrExplained({ world, spec }: LinkLife, end: PassEnd): void {
  const reasons = reasonsOf(end);
  const obstacles = [...obstaclesIn(world, owner, spec)];
  expect(reasons.filter((reason) => !obstacles.some((one) => one === reason))).toEqual([]);
  if (reasons.length === 0) expect(shortcomings(world, owner, spec)).toEqual([]);
}
