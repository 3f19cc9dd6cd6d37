/** Lives of a verified link: pods end, hang, vanish and are refused, operators begin anew. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  planVerification,
  type VerificationInput,
  type VerificationPlan,
} from '../../../../src/plan/verification/plan-verification.ts';
import type { VerificationPod } from '../../../../src/plan/verification/run-outcome.ts';
import {
  type VerificationMemory,
  withRefusal,
} from '../../../../src/plan/verification/verification-memory.ts';
import { cases } from '../../../model/cases.ts';
import {
  allWell,
  configured,
  inputWith,
  minute,
  podOf,
  publicName,
  told,
  verifiedLink,
} from './verification-world.ts';

const names = ['team-a', 'team-b', 'team-c', 'team-d'] as const;

/** Something that happens between two passes. */
type Event =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'end'; readonly pod: number; readonly how: 'well' | 'fault' | 'crash' }
  | { readonly kind: 'hang'; readonly pod: number }
  | { readonly kind: 'vanish'; readonly pod: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'address'; readonly endpoints: number }
  | { readonly kind: 'select'; readonly count: number }
  | { readonly kind: 'refuse'; readonly namespaces: readonly string[] };

const pod = fc.nat(7);
const events: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('time' as const),
    ms: fc.constantFrom(1_000, 31_000, 301_000, 1_801_000),
  }),
  fc.record({
    kind: fc.constant('end' as const),
    pod,
    how: fc.constantFrom('well' as const, 'fault' as const, 'crash' as const),
  }),
  fc.record({ kind: fc.constant('hang' as const), pod }),
  fc.record({ kind: fc.constant('vanish' as const), pod }),
  fc.constant({ kind: 'restart' as const }),
  fc.record({ kind: fc.constant('address' as const), endpoints: fc.nat(1) }),
  fc.record({ kind: fc.constant('select' as const), count: fc.nat(4) }),
  fc.record({ kind: fc.constant('refuse' as const), namespaces: fc.subarray([...names]) }),
);

/** The cluster, with what one operator remembers. */
interface World {
  now: number;
  pods: VerificationPod[];
  memory: VerificationMemory;
  moved: boolean;
  selected: readonly string[];
  refusing: readonly string[];
  /** When a run was last begun, by namespace, since this operator began. */
  begun: Map<string, number>;
}

const maxNamespaces = 3;
const podsPerNamespace = 2;

function inputOf({ now, pods, memory, moved, selected }: World): VerificationInput {
  const status = moved ? { endpoints: [] } : {};
  const link = verifiedLink({ maxNamespaces, podsPerNamespace }, { status });
  return inputWith({ link, clients: configured(link, ...selected), pods, memory, now });
}

function happens(world: World, event: Event): void {
  const change = (index: number, given: Partial<VerificationPod>): void => {
    world.pods = world.pods.map((one, at) =>
      at === index && !one.ended ? { ...one, ...given } : one,
    );
  };
  switch (event.kind) {
    case 'time':
      world.now += event.ms;
      break;
    case 'end': {
      const report = event.how === 'well' ? allWell : publicName;
      const ended = event.how === 'crash' ? { at: '', message: 'x' } : told(report, world.now);
      change(event.pod, { ended });
      break;
    }
    case 'hang':
      change(event.pod, { obstacle: 'ImagePullBackOff: no' });
      break;
    case 'vanish':
      world.pods = world.pods.filter((_, at) => at !== event.pod);
      break;
    case 'restart':
      world.memory = new Map();
      world.begun = new Map();
      break;
    case 'address':
      world.moved = event.endpoints === 1;
      break;
    case 'select':
      world.selected = names.slice(0, event.count);
      // One that is selected anew is a new one.
      for (const name of names.slice(event.count)) world.begun.delete(name);
      break;
    case 'refuse':
      world.refusing = event.namespaces;
  }
}

/** Does as the reconciler does. */
function pass(world: World): VerificationPlan {
  const plan = planVerification(inputOf(world));
  world.memory = plan.memory;
  for (const action of plan.actions) {
    if (action.kind === 'Delete') {
      world.pods = world.pods.filter(({ uid }) => uid !== action.pod.uid);
      continue;
    }
    const { namespace } = action.pod.metadata;
    if (world.refusing.includes(namespace)) {
      world.memory = withRefusal(world.memory, { namespace, words: 'quota: x', at: world.now });
    } else world.pods = [...world.pods, podOf(action.pod, world.now)];
  }
  return plan;
}

const lives = fc.array(events, { minLength: 1, maxLength: 30 });

function live(
  all: readonly Event[],
  check: (world: World, plan: VerificationPlan, before: World) => void,
) {
  const world: World = {
    now: 0,
    pods: [],
    memory: new Map(),
    moved: false,
    selected: [...names],
    refusing: [],
    begun: new Map(),
  };
  pass(world);
  for (const event of all) {
    happens(world, event);
    const before = { ...world };
    check(world, pass(world), before);
  }
}

test('pods run in chosen namespaces alone, and one run at a time in each', () => {
  fc.assert(
    fc.property(lives, (all) => {
      live(all, ({ pods, selected }) => {
        const chosen = selected.slice(0, maxNamespaces);
        expect(pods.filter(({ namespace }) => !chosen.includes(namespace))).toEqual([]);
        for (const namespace of chosen) {
          const here = pods.filter((one) => one.namespace === namespace);
          const going = here.filter(({ ended }) => ended === undefined);
          expect(new Set(going.map(({ run }) => run)).size).toBeLessThanOrEqual(1);
          expect(here.length).toBeLessThanOrEqual(2 * podsPerNamespace);
        }
      });
    }),
    { numRuns: cases(100) },
  );
});

test('once carried out, a plan is at rest', () => {
  fc.assert(
    fc.property(lives, (all) => {
      live(all, (world) => {
        const again = planVerification(inputOf(world));
        expect(again.actions.filter(({ kind }) => kind === 'Create')).toEqual([]);
        const after = { ...world };
        pass(after);
        expect(planVerification(inputOf(after)).actions).toEqual([]);
      });
    }),
    { numRuns: cases(100) },
  );
});

test('no namespace that stays selected gets runs sooner than ten seconds after each other', () => {
  fc.assert(
    fc.property(lives, (all) => {
      live(all, ({ now, begun }, { actions }) => {
        for (const action of actions) {
          if (action.kind !== 'Create' || !action.pod.metadata.name.endsWith('-0')) continue;
          const { namespace } = action.pod.metadata;
          expect(now - (begun.get(namespace) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(
            10_000,
          );
          begun.set(namespace, now);
        }
      });
    }),
    { numRuns: cases(100) },
  );
});

test('what happens in one namespace changes nothing in another one', () => {
  fc.assert(
    fc.property(lives, fc.constantFrom(...names), (all, one) => {
      live(all, (_world, plan, before) => {
        const alone = planVerification({
          ...inputOf(before),
          pods: before.pods.filter(({ namespace }) => namespace === one),
          memory: new Map([...before.memory].filter(([namespace]) => namespace === one)),
        });
        const about = ({ actions, view }: VerificationPlan) => ({
          actions: actions.filter(
            ({ pod }) => ('metadata' in pod ? pod.metadata : pod).namespace === one,
          ),
          seen:
            view?.kind === 'Known' && view.namespaces.find(({ namespace }) => namespace === one),
        });
        expect(about(alone)).toEqual(about(plan));
      });
    }),
    { numRuns: cases(100) },
  );
});

test('left alone, every namespace has a verdict within two rounds', () => {
  fc.assert(
    fc.property(lives, (all) => {
      const worlds: World[] = [];
      live(all, (world) => worlds.push(world));
      const [world] = worlds;
      if (world === undefined) return;
      world.refusing = [];
      for (let round = 0; round < 4; round += 1) {
        world.now += 6 * minute;
        pass(world);
        for (let index = 0; index < world.pods.length; index += 1) {
          happens(world, { kind: 'end', pod: index, how: 'well' });
        }
      }
      const { view } = pass(world);
      const states = view?.kind === 'Known' ? view.namespaces.map(({ state }) => state) : [];
      expect(states).toEqual(world.selected.slice(0, maxNamespaces).map(() => 'Reachable'));
    }),
    { numRuns: cases(100) },
  );
});
