import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Reason, reasons } from '../../../src/api/conditions.ts';
import { cloudErrorKinds } from '../../model/cloud-error-kinds.ts';
import { anySpec } from '../../model/generated-specs.ts';
import { anyWorldSeed, worldFrom } from '../../model/generated-worlds.ts';
import { LinkLife } from '../../model/link-life.ts';
import type { Call, Fault } from '../../model/model-cloud.ts';

const root = join(import.meta.dirname, '../../..');

/** Reasons in the conditions of links of random worlds, some of whose calls fail. */
async function reasonsOfWorlds(runs: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const fault = fc.record({
    as: fc.constantFrom(...cloudErrorKinds),
    of: fc.constantFrom('look' as const, 'action' as const),
    number: fc.nat(8),
  });
  const sample = fc.sample(fc.tuple(anyWorldSeed, anySpec, fc.option(fault)), {
    numRuns: runs,
    seed: 1,
  });
  for (const [seed, spec, planned] of sample) {
    const faultOf = ({ of, number }: Call): Fault | undefined =>
      of === planned?.of && number === planned.number
        ? { kind: 'refused', as: planned.as }
        : undefined;
    const life = new LinkLife({ world: worldFrom(seed), spec, faultOf });
    for (let pass = 0; pass < 3; pass += 1) {
      await life.pass();
      for (const { reason } of life.status.conditions ?? []) seen.add(reason);
    }
  }
  return seen;
}

/** Sources and tests as text, by their path. */
function textsBelow(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts'));
  return new Map(sources.map((file) => [file, readFileSync(join(root, folder, file), 'utf8')]));
}

/** Where a reason stands as a word of its own in quotes. */
function placesOf(reason: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const word = new RegExp(`['"\`( ]${reason}['"\`), ]`);
  return [...texts].flatMap(([file, text]) => (word.test(text) ? [file] : []));
}

test('every reason is given by some code, and shown by a world or by a test of its own', async () => {
  const shown = await reasonsOfWorlds(60);
  const sources = textsBelow('src');
  const tests = new Map([...textsBelow('test'), ...textsBelow('faults')]);
  const lists = /^api\/|generated|unit\/plan\/reasons\.test\.ts|obstacles\.ts|^model\//;
  const notIn = (places: readonly string[]): readonly string[] =>
    places.filter((file) => !lists.test(file));
  const dead: Reason[] = [];
  const untested: Reason[] = [];
  for (const reason of Object.keys(reasons) as Reason[]) {
    if (notIn(placesOf(reason, sources)).length === 0) dead.push(reason);
    const isTested = notIn(placesOf(reason, tests)).some(
      (file) => file.endsWith('.test.ts') || file.includes('scenarios'),
    );
    if (!shown.has(reason) && !isTested) untested.push(reason);
  }
  expect(dead).toEqual([]);
  expect(untested).toEqual([]);
  // The worlds are no empty promise: most reasons come from them.
  expect(Object.keys(reasons).filter((reason) => shown.has(reason)).length).toBeGreaterThan(20);
});
