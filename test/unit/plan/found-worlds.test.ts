/** Worlds in which a search with other seeds found the planner wrong. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import { type WorldSeed, worldFrom } from '../../model/generated-worlds.ts';
import { LinkLife } from '../../model/link-life.ts';
import { expectTrueOrExplained } from './at-rest.ts';

interface FoundWorld {
  readonly why: string;
  readonly world: WorldSeed;
  readonly spec: SageMakerPrivateLinkSpec;
}

const file = new URL('found-worlds.json', import.meta.url);
const found = JSON.parse(readFileSync(file, 'utf8')) as readonly FoundWorld[];

// The steps on the way are held against test/model/step-rules.ts.
test.each(found)('a link comes to rest with the truth: $why', async ({ world, spec }) => {
  const life = new LinkLife({ world: worldFrom(world), spec });
  const { end, idleWrites } = await life.settle();
  expect(idleWrites).toBe(0);
  expectTrueOrExplained(life, end);
});
