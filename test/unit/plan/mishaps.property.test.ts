import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HoldingsPart } from '../../../src/plan/facts.ts';
import { tick } from '../../model/aws-world.ts';
import { cases } from '../../model/cases.ts';
import { anySpec } from '../../model/generated-specs.ts';
import { anyWorldSeed, calmSeed, owner, worldFrom } from '../../model/generated-worlds.ts';
import { shortcomings } from '../../model/goal.ts';
import { LinkLife, reasonsOf } from '../../model/link-life.ts';
import type { Call, Fault } from '../../model/model-cloud.ts';
import {
  anyEvent,
  type Event,
  meddleWithEndpoint,
  meddleWithGroup,
  meddleWithPolicy,
} from '../../model/mishaps.ts';
import { expectTrueOrExplained } from './at-rest.ts';

async function happen(life: LinkLife, event: Event): Promise<void> {
  switch (event.happens) {
    case 'pass':
      await life.pass();
      tick(life.world);
      return;
    case 'restart':
      life.restart('status', 'go on');
      return;
    case 'status lost':
      life.restart('nothing', 'go on');
      return;
    case 'spec':
      life.change(event.spec);
      return;
    case 'endpoint':
      meddleWithEndpoint(life.world, event.mishap);
      return;
    case 'group':
      meddleWithGroup(life.world, event.mishap);
      return;
    case 'policy':
      meddleWithPolicy(life.world, event.mishap);
      return;
    default:
      event satisfies never;
  }
}

/** From now on these parts of what the link has cannot be read, and all others can. */
const anyReading = fc.record({
  happens: fc.constant('reading' as const),
  unread: fc.subarray(['endpoints', 'securityGroups', 'rules'] as const),
});

test('whatever happens on the way, every status is true and the link comes to rest', async () => {
  const happenings = fc.oneof(
    { weight: 9, arbitrary: anyEvent },
    { weight: 1, arbitrary: anyReading },
  );
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      anySpec,
      fc.array(happenings, { maxLength: 25 }),
      async (seed, spec, events) => {
        let unread: readonly HoldingsPart[] = [];
        const faultOf = ({ name }: Call): Fault | undefined =>
          name === 'Owned' && unread.length > 0
            ? { kind: 'unread', parts: unread, as: 'Denied' }
            : undefined;
        const world = worldFrom(seed);
        const life = new LinkLife({ world, spec, faultOf, rulesAreUnread: true });
        for (const event of events) {
          if (event.happens === 'reading') ({ unread } = event);
          else await happen(life, event);
        }
        unread = [];
        const { end } = await life.settle();
        expectTrueOrExplained(life, end);
      },
    ),
    { numRuns: cases(120) },
  );
});

test('what somebody changed is repaired, and reported as drift only where that is asked for', async () => {
  await fc.assert(
    fc.asyncProperty(anySpec, fc.array(anyEvent, { maxLength: 6 }), async (spec, events) => {
      const life = new LinkLife({ world: worldFrom(calmSeed), spec });
      const { end } = await life.settle();
      fc.pre(reasonsOf(end).length === 0);
      for (const event of events) {
        if ('mishap' in event) await happen(life, event);
      }
      const before = shortcomings(life.world, owner, life.spec);
      life.repair = false;
      await life.pass();
      tick(life.world);
      const reported = await life.pass();
      const { drift = [], conditions = [] } = life.status;
      const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
      if (isReady) expect(before).toEqual([]);
      if (reported.withheld.length > 0) {
        expect(drift.length).toBeGreaterThan(0);
        expect(reasonsOf(reported)).toContain('DriftDetected');
      }
      life.repair = true;
      const { end: repaired } = await life.settle();
      if (reasonsOf(repaired).length === 0) expect(life.status.drift).toBeUndefined();
    }),
    { numRuns: cases(40) },
  );
});
