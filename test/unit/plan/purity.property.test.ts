import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cloud } from '../../../src/plan/cloud.ts';
import { nothingObserved, type Observation, withAnswer } from '../../../src/plan/observation.ts';
import { clientToken } from '../../../src/plan/ownership/ownership.ts';
import type { Plan, Remembered } from '../../../src/plan/plan-input.ts';
import { planLink } from '../../../src/plan/plan.ts';
import { defaultPatience } from '../../../src/plan/sightings.ts';
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

test('a plan follows from its input alone and leaves it as it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      anySpec,
      fc.constantFrom('present' as const, 'absent' as const),
      async (seed, spec, goal) => {
        const cloud = createModelCloud({ world: worldFrom(seed) });
        let observation = nothingObserved;
        for (let round = 0; round < 6; round += 1) {
          const elapsed = { sightings: {}, patience: defaultPatience };
          const rest = { remembered, absenceIsFinal: true, elapsed };
          const input = { owner, spec, goal, observation, ...rest };
          const plan = planLink(deepFrozen(input));
          expect(planLink(structuredClone(input))).toEqual(plan);
          observation = await answered(cloud, observation, plan);
        }
      },
    ),
    { numRuns: cases(80) },
  );
});

async function answered(cloud: Cloud, observation: Observation, plan: Plan): Promise<Observation> {
  let known = observation;
  const { signal } = new AbortController();
  for (const look of plan.looks) {
    known = withAnswer(known, look, await cloud.look(look, { since: 0, signal }));
  }
  return known;
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFrozen(member);
  return Object.freeze(value);
}

const parameters = fc.record({
  serviceName: fc.string(),
  vpcId: fc.string(),
  subnetIds: fc.array(fc.string()),
  privateDnsEnabled: fc.boolean(),
  tags: fc.dictionary(fc.string(), fc.string()),
});
const ids = fc.uniqueArray(fc.string());

test('a client token has 64 ASCII characters and does not depend on the order of ids or keys', () => {
  fc.assert(
    fc.property(parameters, ids, (given, incarnation) => {
      const token = clientToken(owner, given, incarnation);
      expect(token).toMatch(/^[0-9a-f]{64}$/);
      const turned = Object.fromEntries(Object.entries(given).reverse());
      expect(clientToken({ ...owner, name: 'renamed' }, turned, [...incarnation].reverse())).toBe(
        token,
      );
    }),
  );
});

test('a client token differs when any parameter, the owner or the incarnation does', () => {
  fc.assert(
    fc.property(parameters, parameters, ids, ids, (one, other, oneIds, otherIds) => {
      const same =
        JSON.stringify([one, oneIds.sort()]) === JSON.stringify([other, otherIds.sort()]);
      const [a, b] = [clientToken(owner, one, oneIds), clientToken(owner, other, otherIds)];
      expect(a === b).toBe(same);
      expect(clientToken({ ...owner, uid: 'uid-2' }, one, oneIds)).not.toBe(a);
      expect(clientToken({ ...owner, clusterId: 'cluster-2' }, one, oneIds)).not.toBe(a);
      expect(clientToken(owner, { ...one, vpcId: `${one.vpcId}x` }, oneIds)).not.toBe(a);
      expect(clientToken(owner, one, [...oneIds, 'vpce-gone'])).not.toBe(a);
    }),
  );
});
