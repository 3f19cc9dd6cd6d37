/** Saved plans of generated links in generated worlds, planned again whenever the work stops. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import { type LinkPlan, planLinkChanges } from '../../../src/standalone/link-plan.ts';
import {
  firstUnplanned,
  readSavedPlan,
  savedPlanText,
} from '../../../src/standalone/saved-plan.ts';
import { type AwsWorld, copyOf, tick } from '../../model/aws-world.ts';
import { cases } from '../../model/cases.ts';
import { anyAccessSpec, anySpec } from '../../model/generated-specs.ts';
import { anyWorldSeed, owner, worldFrom } from '../../model/generated-worlds.ts';
import { LinkLife } from '../../model/link-life.ts';
import { createModelCloud } from '../../model/model-cloud.ts';

function planIn(world: AwsWorld, spec: SageMakerPrivateLinkSpec): Promise<LinkPlan> {
  const cloud = createModelCloud({
    world: copyOf(world),
    process: 'plan',
    lag: 0,
    onStep: () => undefined,
  });
  const link = { name: owner.name, uid: owner.uid, owner, spec };
  return planLinkChanges({ link, goal: 'present', cloud, signal: new AbortController().signal });
}

test('a plan that was applied in part goes on, after whichever of its actions it stopped', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, fc.oneof(anySpec, anyAccessSpec), async (seed, spec) => {
      // Where AWS has other resources of the link already, a part may change what is best for the rest.
      const world = worldFrom({ ...seed, endpoints: [], groups: [], policies: [] });
      const plan = await planIn(world, spec);
      const { name, uid } = owner;
      const saved = readSavedPlan(savedPlanText('c', [{ name, uid, owner, spec }], [plan]));
      const stops: AwsWorld[] = [];
      const life = new LinkLife({ world, spec, afterStep: () => void stops.push(copyOf(world)) });
      let isRefused = false;
      for (let round = 0; round < 4 && !isRefused; round += 1) {
        isRefused = (await life.pass()).failed.length > 0;
        tick(world);
      }
      // Whatever AWS refused has another plan.
      fc.pre(!isRefused);
      for (const stop of stops) {
        expect(firstUnplanned(saved, [await planIn(stop, spec)])).toBeUndefined();
      }
    }),
    { numRuns: cases(40) },
  );
}, 120_000);
