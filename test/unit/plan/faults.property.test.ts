import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloudErrorKinds } from '../../model/cloud-error-kinds.ts';
import type { AwsWorld } from '../../model/aws-world.ts';
import { cases } from '../../model/cases.ts';
import { anySpec } from '../../model/generated-specs.ts';
import { anyWorldSeed, owner, worldFrom } from '../../model/generated-worlds.ts';
import { ownedBy } from '../../model/goal.ts';
import { type LifeOptions, LinkLife } from '../../model/link-life.ts';
import { type Call, type Fault, ProcessDied } from '../../model/model-cloud.ts';
import type { WorldSeed } from '../../model/generated-worlds.ts';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import { expectTrueOrExplained } from './at-rest.ts';

interface Trouble extends Pick<LifeOptions, 'rulesAreUnread'> {
  readonly lag: number;
  readonly faultOf: (call: Call) => Fault | undefined;
  readonly keep: 'status' | 'nothing';
}

/** A link with trouble ends as the spec says, with one endpoint per service, or says why not. */
async function endsWell(
  seed: WorldSeed,
  spec: SageMakerPrivateLinkSpec,
  { keep, ...trouble }: Trouble,
): Promise<void> {
  const world = worldFrom(seed);
  const life = new LinkLife({ world, spec, ...trouble });
  try {
    await life.settle();
  } catch (error) {
    if (!(error instanceof ProcessDied)) throw error;
  }
  life.restart(keep);
  const { end } = await life.settle();
  expectTrueOrExplained(life, end);
  const had = servicesOf(worldFrom(seed));
  for (const [service, count] of servicesOf(world)) {
    expect(count).toBeLessThanOrEqual(Math.max(1, had.get(service) ?? 0));
  }
}

/** How many endpoints the link has for each service. */
function servicesOf(world: AwsWorld): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { vpcId, serviceName } of ownedBy(world, owner).endpoints) {
    const key = `${vpcId} ${serviceName}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const keep = fc.constantFrom<'status' | 'nothing'>('status', 'nothing');

test('a process that dies at any call leaves nothing that its successor cannot finish', async () => {
  const fault = fc.record({
    number: fc.nat(12),
    of: fc.constantFrom('action', 'action', 'action', 'look'),
    when: fc.constantFrom<'before' | 'after'>('before', 'after'),
  });
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, fault, keep, fc.nat(2), async (...given) => {
      const [seed, spec, { number, of, when }, kept, lag] = given;
      const faultOf = (call: Call): Fault | undefined =>
        call.of === of && call.number === number ? { kind: 'crash', when } : undefined;
      await endsWell(seed, spec, { lag, faultOf, keep: kept });
    }),
    { numRuns: cases(100) },
  );
});

test('an answer that is lost, of any change, makes no second resource and loses none', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      anySpec,
      fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 4 }),
      fc.nat(2),
      async (seed, spec, numbers, lag) => {
        const faultOf = ({ of, number }: Call): Fault | undefined =>
          of === 'action' && numbers.includes(number) ? { kind: 'answer-lost' } : undefined;
        await endsWell(seed, spec, { lag, faultOf, keep: 'nothing' });
      },
    ),
    { numRuns: cases(80) },
  );
});

test('calls that fail for a while, in any way, are no harm once they succeed', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      anySpec,
      fc.constantFrom(...cloudErrorKinds),
      fc.uniqueArray(fc.nat(25), { minLength: 1, maxLength: 12 }),
      fc.constantFrom('look' as const, 'action' as const),
      async (seed, spec, kind, numbers, which) => {
        const faultOf = ({ of, number }: Call): Fault | undefined =>
          of === which && numbers.includes(number) ? { kind: 'refused', as: kind } : undefined;
        await endsWell(seed, spec, { lag: 0, faultOf, keep: 'nothing' });
      },
    ),
    { numRuns: cases(80) },
  );
});

test('parts of what a link has that cannot be read for a while are no harm', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      anySpec,
      fc.constantFrom(...cloudErrorKinds),
      fc.subarray(['endpoints', 'securityGroups', 'rules'] as const, { minLength: 1 }),
      fc.record({ from: fc.nat(4), looks: fc.integer({ min: 1, max: 8 }) }),
      keep,
      fc.nat(2),
      async (seed, spec, as, parts, { from, looks }, kept, lag) => {
        let asked = 0;
        const faultOf = ({ of, name }: Call): Fault | undefined => {
          if (of !== 'look' || name !== 'Owned') return undefined;
          asked += 1;
          const isUnread = asked > from && asked <= from + looks;
          return isUnread ? { kind: 'unread', parts, as } : undefined;
        };
        await endsWell(seed, spec, { lag, faultOf, keep: kept, rulesAreUnread: true });
      },
    ),
    { numRuns: cases(120) },
  );
});

test('reads that lag behind are no harm', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, fc.integer({ min: 1, max: 4 }), (seed, spec, lag) =>
      endsWell(seed, spec, { lag, faultOf: () => undefined, keep: 'nothing' }),
    ),
    { numRuns: cases(100) },
  );
});
