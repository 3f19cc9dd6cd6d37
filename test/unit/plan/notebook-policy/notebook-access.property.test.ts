import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLinkSpec } from '../../../../src/api/sagemaker-private-link.ts';
import { inForce, ownPolicies } from '../../../model/access-goal.ts';
import { type AwsWorld, tick } from '../../../model/aws-world.ts';
import { cases } from '../../../model/cases.ts';
import { anyAccessSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner, serviceNames } from '../../../model/generated-worlds.ts';
import { ownedBy, shortcomings } from '../../../model/goal.ts';
import { LinkLife, reasonsOf } from '../../../model/link-life.ts';
import { type Call, type Fault, ProcessDied } from '../../../model/model-cloud.ts';
import { meddleWithPolicy, policyMishapNames } from '../../../model/mishaps.ts';
import { type Names, type World, wrongsOnTheWay } from './change-model.ts';

/** How long names answer as before, after AWS shows that it is done. The operator waits longer. */
const namesLagMs = 4_000;

interface Following {
  readonly privateDns: boolean;
  /** When AWS was done with the last change; undefined while it is not. */
  readonly doneAt: number | undefined;
  readonly isNew: boolean;
}

/** What callers of the change model meet in a world, from its beginning on. */
class CallersView {
  private readonly following = new Map<string, Following>();
  private readonly world: AwsWorld;

  constructor(world: AwsWorld) {
    this.world = world;
  }

  now(): World {
    for (const one of this.world.endpoints.values()) {
      const known = this.following.get(one.id);
      const isSame = known?.privateDns === one.privateDnsEnabled;
      const doneAt = isSame ? known.doneAt : undefined;
      const isDone = one.state === 'available';
      this.following.set(one.id, {
        privateDns: one.privateDnsEnabled,
        doneAt: doneAt ?? (isDone ? this.world.nowMs : undefined),
        isNew: known === undefined ? !one.privateDnsEnabled : known.isNew && isSame,
      });
    }
    return seenByCallers(this.world, (id) => this.namesOf(id));
  }

  private namesOf(id: string): Names {
    const { doneAt, isNew } = this.following.get(id) ?? { doneAt: undefined, isNew: true };
    if (isNew) return 'Settled';
    if (doneAt === undefined) return 'Pending';
    return this.world.nowMs - doneAt < namesLagMs ? 'Lagging' : 'Settled';
  }
}

function seenByCallers(world: AwsWorld, namesOf: (id: string) => Names): World {
  const [policy] = ownPolicies(world, owner);
  const endpoints = ownedBy(world, owner).endpoints.flatMap((one) => {
    const isApi = one.serviceName === serviceNames.api;
    if (!isApi && one.serviceName !== serviceNames.notebook) return [];
    const privateDns = one.privateDnsEnabled && ['available', 'pending'].includes(one.state);
    const service = isApi ? ('api' as const) : ('notebook' as const);
    const names = namesOf(one.id);
    const beside = names === 'Settled' ? ('Nothing' as const) : ('Public' as const);
    return [{ id: one.id, service, privateDns, names, beside }];
  });
  const enforced = policy === undefined ? undefined : inForce(policy);
  return { endpoints, enforced, attached: (policy?.attachedTo ?? []).map(({ name }) => name) };
}

interface Trouble {
  readonly crashAt: number;
  readonly when: 'before' | 'after';
  readonly keep: 'status' | 'nothing';
  readonly lag: number;
}

const trouble: fc.Arbitrary<Trouble> = fc.record({
  crashAt: fc.option(fc.nat(14), { nil: -1 }),
  when: fc.constantFrom('before', 'after'),
  keep: fc.constantFrom('status', 'nothing'),
  lag: fc.nat(2),
});

/** A link at rest with the first spec, and every world on its way to what comes after. */
async function recorded(
  spec: SageMakerPrivateLinkSpec,
  { crashAt, when, keep, lag }: Trouble,
  change: (life: LinkLife) => void,
): Promise<{ readonly life: LinkLife; readonly worlds: readonly World[] }> {
  const world = emptyWorld();
  const worlds: World[] = [];
  const callers = new CallersView(world);
  let first = Number.POSITIVE_INFINITY;
  let actions = 0;
  const faultOf = ({ of }: Call): Fault | undefined => {
    if (of === 'look') return undefined;
    actions += 1;
    return actions - 1 === first + crashAt && crashAt >= 0 ? { kind: 'crash', when } : undefined;
  };
  const life = new LinkLife({
    world,
    spec,
    lag,
    faultOf,
    afterStep: () => worlds.push(callers.now()),
  });
  const { end } = await life.settle();
  expect(reasonsOf(end)).toEqual([]);
  worlds.splice(0, worlds.length, callers.now());
  first = actions;
  change(life);
  try {
    await life.settle();
  } catch (error) {
    if (!(error instanceof ProcessDied)) throw error;
    life.restart(keep);
    await life.settle();
  }
  worlds.push(callers.now());
  return { life, worlds };
}

test('from spec to spec, whatever happens, nobody loses or gets access only on the way', async () => {
  await fc.assert(
    fc.asyncProperty(anyAccessSpec, anyAccessSpec, trouble, async (first, second, given) => {
      const { life, worlds } = await recorded(first, given, (one) => one.change(second));
      expect(shortcomings(life.world, owner, second)).toEqual([]);
      expect(life.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
      expect(wrongsOnTheWay(worlds)).toEqual([]);
    }),
    { numRuns: cases(40) },
  );
});

test('a link that is deleted lets nobody lose access on the way, and leaves no policy', async () => {
  await fc.assert(
    fc.asyncProperty(anyAccessSpec, trouble, async (spec, given) => {
      const { life, worlds } = await recorded(spec, given, (one) => {
        one.deleting = true;
      });
      expect([...life.world.policies.values()]).toEqual([]);
      expect(ownedBy(life.world, owner)).toEqual({ endpoints: [], groups: [], policies: [] });
      expect(wrongsOnTheWay(worlds)).toEqual([]);
    }),
    { numRuns: cases(25) },
  );
});

const isAboutPolicies = ({ name }: Call): boolean => name.includes('Polic');

test('without IAM the endpoints still get available, the status says why, and it recovers', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyAccessSpec.filter(({ notebookAccess }) => notebookAccess !== undefined),
      fc.constantFrom('Denied' as const, 'Unavailable' as const, 'Throttled' as const),
      fc.constantFrom<Call['of'][]>(['look', 'action'], ['action']),
      async (spec, as, which) => {
        const faultOf = (call: Call): Fault | undefined =>
          isAboutPolicies(call) && which.includes(call.of) ? { kind: 'refused', as } : undefined;
        const life = new LinkLife({ world: emptyWorld(), spec, faultOf });
        const { end } = await life.settle();
        const stateOf = (of: string): unknown =>
          life.status.conditions?.find(({ type }) => type === of)?.status;
        expect(stateOf('Available')).toBe('True');
        expect(stateOf('Ready')).toBe('False');
        expect(stateOf('NotebookAccessEnforced')).toBe('False');
        const reason = {
          Denied: 'AccessDenied',
          Unavailable: 'AWSUnreachable',
          Throttled: 'Throttled',
        };
        expect(reasonsOf(end)).toContain(reason[as]);
        expect(stateOf('Stalled')).toBe(as === 'Denied' ? 'True' : undefined);
        life.restart('status');
        await life.settle();
        expect(shortcomings(life.world, owner, spec)).toEqual([]);
        expect(stateOf('Ready')).toBe('True');
      },
    ),
    { numRuns: cases(25) },
  );
});

test('what somebody changes at IAM is put right, but for attachments by others, which are named', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyAccessSpec,
      fc.array(fc.constantFrom(...policyMishapNames), { minLength: 1, maxLength: 4 }),
      async (spec, mishaps) => {
        const life = new LinkLife({ world: emptyWorld(), spec });
        await life.settle();
        for (const mishap of mishaps) {
          meddleWithPolicy(life.world, mishap);
          await life.pass();
          tick(life.world);
        }
        const { end } = await life.settle();
        const [policy] = ownPolicies(life.world, owner);
        const isBound = policy?.attachedTo.some(({ name }) => name === 'picky') === true;
        const reasons = reasonsOf(end);
        if (isBound) expect(reasons).toContain('ForeignAttachment');
        else if (!mishaps.includes('without tags')) expect(reasons).toEqual([]);
        if (reasons.length === 0) expect(shortcomings(life.world, owner, spec)).toEqual([]);
      },
    ),
    { numRuns: cases(40) },
  );
});
