import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tick } from '../../../model/aws-world.ts';
import { cases } from '../../../model/cases.ts';
import { anySpec } from '../../../model/generated-specs.ts';
import { anyWorldSeed, owner, worldFrom } from '../../../model/generated-worlds.ts';
import { ownedBy } from '../../../model/goal.ts';
import { LinkLife, reasonsOf } from '../../../model/link-life.ts';
import { type Call, type Fault, ProcessDied } from '../../../model/model-cloud.ts';

const trouble = fc.record({
  lag: fc.nat(3),
  roundsBefore: fc.nat(5),
  crashAt: fc.option(fc.nat(8), { nil: -1 }),
  when: fc.constantFrom<'before' | 'after'>('before', 'after'),
});

test('deletion ends with nothing of the link at AWS, or says what is in the way', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, trouble, async (seed, anyPolicy, given) => {
      const spec = { ...anyPolicy, deletionPolicy: 'Delete' as const };
      const { lag, roundsBefore, crashAt, when } = given;
      const world = worldFrom(seed);
      const faultOf = ({ of, number }: Call): Fault | undefined =>
        of === 'action' && number === crashAt ? { kind: 'crash', when } : undefined;
      const life = new LinkLife({ world, spec, lag, faultOf });
      await withoutDying(life, async () => {
        for (let round = 0; round < roundsBefore; round += 1) await life.pass();
      });
      life.deleting = true;
      const first = await withoutDying(life, () => life.settle());
      const { end } = first ?? (await life.settle());
      const { endpoints, groups, policies } = ownedBy(world, owner);
      expect(end.plan.gone).toBe(endpoints.length + groups.length + policies.length === 0);
      if (end.plan.gone) return;
      const isInTheWay = ['SecurityGroupInUse', 'PolicyInUse', 'ForeignAttachment'];
      expect(reasonsOf(end).filter((one) => isInTheWay.includes(one))).not.toEqual([]);
    }),
    { numRuns: cases(200) },
  );
});

test('a link is never gone because what it has cannot be read', async () => {
  const parts = fc.subarray(['endpoints', 'securityGroups', 'rules'] as const, { minLength: 1 });
  const unread = fc.record({ parts, passes: fc.integer({ min: 1, max: 6 }) });
  const given = fc.tuple(anyWorldSeed, anySpec, unread, fc.nat(2), fc.nat(5));
  await fc.assert(
    fc.asyncProperty(given, async ([seed, spec, { parts: without, passes }, lag, roundsBefore]) => {
      const world = worldFrom(seed);
      let isUnread = false;
      const faultOf = ({ name }: Call): Fault | undefined =>
        isUnread && name === 'Owned' ? { kind: 'unread', parts: without, as: 'Denied' } : undefined;
      const life = new LinkLife({ world, spec, lag, faultOf });
      for (let round = 0; round < roundsBefore; round += 1) await life.pass();
      life.deleting = true;
      isUnread = true;
      for (let pass = 0; pass < passes; pass += 1) {
        const had = world.groups.size;
        const { plan } = await life.pass();
        const { endpoints, groups, policies } = ownedBy(world, owner);
        if (plan.gone) expect([...endpoints, ...groups, ...policies]).toEqual([]);
        // Nobody can tell whether an endpoint uses the group.
        if (without.includes('endpoints')) expect(world.groups.size).toBe(had);
        tick(world);
      }
      isUnread = false;
      const { end } = await life.settle();
      const { endpoints, groups, policies } = ownedBy(world, owner);
      expect(end.plan.gone).toBe(endpoints.length + groups.length + policies.length === 0);
    }),
    { numRuns: cases(100) },
  );
});

test('Retain leaves every resource as it is but for the ownership tags', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, trouble, async (seed, anyPolicy, given) => {
      const spec = { ...anyPolicy, deletionPolicy: 'Retain' as const };
      const world = worldFrom(seed);
      const life = new LinkLife({ world, spec, lag: given.lag });
      for (let round = 0; round < given.roundsBefore; round += 1) await life.pass();
      const had = [...world.endpoints.values()].filter(({ state }) => !state.startsWith('delet'));
      const hadGroups = [...world.groups.keys()];
      const hadPolicies = [...world.policies.values()].map((one) => ({ ...one, tags: 0 }));
      life.deleting = true;
      const { end } = await life.settle();
      expect(end.plan.gone).toBe(true);
      expect([...world.groups.keys()]).toEqual(hadGroups);
      const policiesNow = [...world.policies.values()].map((one) => ({ ...one, tags: 0 }));
      expect(policiesNow).toEqual(hadPolicies);
      for (const one of had) {
        const now = world.endpoints.get(one.id);
        expect({ ...now, state: one.state, tags: 0 }).toEqual({ ...one, tags: 0 });
        expect(Object.entries(now?.tags ?? {})).toEqual(
          Object.entries(one.tags).filter(([key]) => key in (now?.tags ?? {})),
        );
      }
      expect(ownedBy(world, owner)).toEqual({ endpoints: [], groups: [], policies: [] });
    }),
    { numRuns: cases(100) },
  );
});

/** Undefined if the process died on the way; then its successor is ready. */
async function withoutDying<T>(life: LinkLife, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProcessDied)) throw error;
    life.restart('nothing');
    return undefined;
  }
}
