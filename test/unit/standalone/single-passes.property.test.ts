/**
 * Commands that do not wait for AWS (`apply` without --wait, `delete --no-wait`): each is a process
 * of its own and remembers nothing, and so many of them still come to the end of any work.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import type { Patience } from '../../../src/plan/sightings.ts';
import { runStandalone, type StandaloneEnd } from '../../../src/standalone/standalone-run.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import { type AwsWorld, copyOf, fingerprint, tick } from '../../model/aws-world.ts';
import { cases } from '../../model/cases.ts';
import { anyAccessSpec, anySpec, plainSpec } from '../../model/generated-specs.ts';
import { anyWorldSeed, calmSeed, owner, worldFrom } from '../../model/generated-worlds.ts';
import { createModelCloud } from '../../model/model-cloud.ts';

/** A clock that AWS works by: sleeping lets it. */
function clockOf(world: AwsWorld): Clock & { sleptMs: number } {
  const clock = {
    sleptMs: 0,
    now: () => world.nowMs,
    wallTime: () => new Date(Date.UTC(2026, 10, 1) + world.nowMs),
    setTimer: () => () => undefined,
    sleep: async (ms: number) => {
      clock.sleptMs += ms;
      const until = world.nowMs + ms;
      while (world.nowMs < until) tick(world);
    },
  };
  return clock;
}

/** In rounds of five seconds of AWS's work. */
const patience: Patience = {
  dnsSettleMs: 15_000,
  iamSettleMs: 10_000,
  wayDeadlineMs: Number.POSITIVE_INFINITY,
};

class TooLong extends Error {}

type Goal = 'present' | 'absent';

interface Command {
  readonly world: AwsWorld;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly goal: Goal;
  readonly until: 'once' | 'settled';
}

/** One command, in a process of its own. */
async function runCommand(command: Command): Promise<StandaloneEnd & { readonly ms: number }> {
  const { world, spec, goal, until } = command;
  const clock = clockOf(world);
  const { name, uid } = owner;
  const end = await runStandalone({
    link: { name, uid, owner, spec },
    goal,
    cloud: createModelCloud({ world, onStep: () => undefined }),
    clock,
    pollMs: 5_000,
    consistencyMs: 10_000,
    patience,
    until,
    signal: new AbortController().signal,
    onProgress: () => {
      if (clock.sleptMs > mostMs) throw new TooLong();
    },
  });
  return { ...end, ms: clock.sleptMs };
}

/** Nothing takes so long in the model. */
const mostMs = 200_000;
/** More than all steps of a link with AWS's work between them. */
const mostCommands = 25;

/** A row of single passes, with AWS's work between them, until they change nothing any more. */
async function restOf(command: Omit<Command, 'until'>): Promise<StandaloneEnd['outcome']> {
  const { world } = command;
  let quiet = 0;
  for (let commands = 1; commands <= mostCommands; commands += 1) {
    const before = fingerprint(world);
    const end = await runCommand({ ...command, until: 'once' });
    // What a command waits for itself: what IAM takes, what callers take, and a second look.
    expect(end.ms).toBeLessThanOrEqual(100_000);
    if (end.outcome !== 'unfinished') return end.outcome;
    tick(world);
    quiet = before === fingerprint(world) ? quiet + 1 : 0;
    if (quiet > world.slowness + 1) break;
  }
  return 'unfinished';
}

/** The outcome of one process that waits; what nobody accepts, for one, is waited for without end. */
async function waitedOutcome(command: Omit<Command, 'until'>): Promise<string> {
  try {
    return (await runCommand({ ...command, until: 'settled' })).outcome;
  } catch (error) {
    if (error instanceof TooLong) return 'unfinished';
    throw error;
  }
}

/** Both specs of the example restrict somebody, whatever the others are. */
const restricting: SageMakerPrivateLinkSpec = {
  ...plainSpec,
  notebookAccess: {
    actions: ['NotebookInstances'],
    onImpact: 'Fail',
    allowEndpoints: true,
    attachTo: { roles: ['ana'] },
  },
};

test('single passes in processes of their own end where one waiting process ends', async () => {
  let restricted = 0;
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      fc.tuple(fc.oneof(anySpec, anyAccessSpec), anyAccessSpec),
      async (seed, [first, second]) => {
        const world = worldFrom(seed);
        const { region, vpc } = first;
        const specs = [first, { ...second, region, vpc }];
        for (const [spec, goal] of [
          [specs[0], 'present'],
          [specs[1], 'present'],
          [specs[1], 'absent'],
        ] as const) {
          if (spec === undefined) return;
          const reference = copyOf(world);
          const outcome = await restOf({ world, spec, goal });
          expect(outcome).toBe(await waitedOutcome({ world: reference, spec, goal }));
          if (outcome === 'ready' && spec.notebookAccess !== undefined) restricted += 1;
        }
      },
    ),
    { numRuns: cases(10), examples: [[calmSeed, [restricting, restricting]]] },
  );
  expect(restricted).toBeGreaterThan(1);
}, 120_000);
