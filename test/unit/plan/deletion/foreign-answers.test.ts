import { expect, test } from '@jest/globals';
import { nothingObserved, withAnswer } from '../../../../src/plan/observation.ts';
import { planDeletion } from '../../../../src/plan/deletion/plan-deletion.ts';
import { planLeftovers } from '../../../../src/plan/deletion/plan-leftovers.ts';
import { anyWorldSeed, owner, worldFrom } from '../../../model/generated-worlds.ts';
import { carriesTagsOf } from '../../../model/model-cloud.ts';
import fc from 'fast-check';

// AWS's answers are filtered by tags before they get here; that filter must not be the only one.

test('of an answer that has everything in the account only what is ours is deleted', () => {
  fc.assert(
    fc.property(anyWorldSeed, (seed) => {
      const world = worldFrom(seed);
      const holdings = {
        endpoints: [...world.endpoints.values()],
        securityGroups: [...world.groups.values()],
      };
      const observation = withAnswer(nothingObserved, { kind: 'Owned', owner }, holdings);
      const leftovers = planLeftovers({
        owner,
        observation,
        holdings,
        wantedServices: [],
        vpcId: 'vpc-main',
        keepsGroup: false,
        mayDelete: () => true,
        unserved: [],
        hasNoRoom: false,
      });
      const deletions = (['Delete', 'Retain'] as const).map((deletionPolicy) =>
        planDeletion({ owner, observation, deletionPolicy, absenceIsFinal: true }),
      );
      const actions = [leftovers, ...deletions.map(({ stage }) => stage)].flatMap(
        (one) => one.actions,
      );
      const touched = actions.flatMap((action) => {
        if ('endpointIds' in action) return action.endpointIds;
        if ('resourceIds' in action) return action.resourceIds;
        return 'groupId' in action ? [action.groupId] : [];
      });
      for (const id of touched) {
        const tags = (world.endpoints.get(id) ?? world.groups.get(id))?.tags ?? {};
        expect(carriesTagsOf(tags, owner)).toBe(true);
      }
    }),
  );
});
