import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nothingObserved, withAnswer } from '../../../src/plan/observation.ts';
import type { Plan, Remembered } from '../../../src/plan/plan-input.ts';
import { planLink } from '../../../src/plan/plan.ts';
import { defaultPatience, type Elapsed, phasesOf } from '../../../src/plan/sightings.ts';
import { cases } from '../../model/cases.ts';
import { anySpec } from '../../model/generated-specs.ts';
import { anyWorldSeed, owner, worldFrom } from '../../model/generated-worlds.ts';
import { createModelCloud } from '../../model/model-cloud.ts';

const remembered: Remembered = {
  endpointIds: {},
  networkInterfaces: [],
  tagKeys: [],
  access: { attachedTo: [], seenAttached: [], isApplied: false, settledNames: {} },
};

const waits = [
  defaultPatience.dnsSettleMs,
  defaultPatience.iamSettleMs,
  defaultPatience.wayDeadlineMs,
];
const times = [0, ...waits]
  .flatMap((ms) => [ms - 1, ms, ms + 1, ms + 5_000])
  .filter((ms) => ms >= 0)
  .sort((one, other) => one - other);
/** Two times that are neighbours, so that often no wait ends between them. */
const anyNeighbours = fc
  .tuple(fc.nat({ max: times.length - 2 }), fc.boolean())
  .map(([index, isNext]) => [times[index], times[index + (isNext ? 1 : 0)]] as const);

test('states that have lasted for the same waits make the same plan', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      anySpec,
      fc.infiniteStream(anyNeighbours),
      async (seed, spec, pairs) => {
        const cloud = createModelCloud({ world: worldFrom(seed) });
        const { signal } = new AbortController();
        let known = nothingObserved;
        const planWith = (elapsed: Elapsed): Plan =>
          planLink({
            owner,
            spec,
            goal: 'present',
            observation: known,
            remembered,
            absenceIsFinal: true,
            elapsed,
          });
        for (let round = 0; round < 8; round += 1) {
          const { seen, looks } = planWith({ sightings: {}, patience: defaultPatience });
          const drawn = Object.entries(seen).map(
            ([topic, state]) => [topic, state, pairs.next().value] as const,
          );
          const lasted = (which: 0 | 1): Elapsed => ({
            patience: defaultPatience,
            sightings: Object.fromEntries(
              drawn.map(([topic, state, pair]) => [topic, { state, forMs: pair[which] as number }]),
            ),
          });
          const [first, second] = [lasted(0), lasted(1)];
          const isSame = JSON.stringify(phasesOf(first)) === JSON.stringify(phasesOf(second));
          if (isSame && !isDeepStrictEqual(first, second)) compared += 1;
          if (isSame) expect(planWith(first)).toEqual(planWith(second));
          for (const look of looks) {
            known = withAnswer(known, look, await cloud.look(look, { since: 0, signal }));
          }
        }
      },
    ),
    { numRuns: cases(150) },
  );
  expect(compared).toBeGreaterThan(20);
});
