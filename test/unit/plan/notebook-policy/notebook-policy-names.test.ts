import { expect, test } from '@jest/globals';
import { addPolicy } from '../../../model/generated-access.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';
import { LinkLife } from '../../../model/link-life.ts';

// Found by test/unit/plan/faults.property.test.ts.

const spec = {
  ...plainSpec,
  adoption: 'IfUnowned' as const,
  notebookAccess: {
    allowedCIDRs: ['203.0.113.0/24'],
    allowEndpoints: true,
    actions: ['NotebookInstances' as const],
    attachTo: { roles: ['ana'] },
    onImpact: 'Fail' as const,
  },
};

test.each(['in other case', 'under another path'] as const)(
  'a policy with our name %s is left alone and named in the condition, whoever owns it',
  async (named) => {
    const own = {
      'sagemaker.privatelink.dev/cluster': owner.clusterId,
      'sagemaker.privatelink.dev/uid': owner.uid,
    };
    for (const tags of [{}, own]) {
      const world = emptyWorld();
      const seed = { ownership: '', named, versions: 1, attachedTo: [], boundaryOf: [] };
      addPolicy(world, owner, seed, tags);
      const before = structuredClone([...world.policies]);
      const life = new LinkLife({ world, spec });
      await life.settle();
      expect([...world.policies]).toEqual(before);
      const enforced = life.status.conditions?.find(
        ({ type }) => type === 'NotebookAccessEnforced',
      );
      expect(enforced).toMatchObject({ status: 'False', reason: 'OwnershipConflict' });
      expect(enforced?.message).toContain(before[0]?.[0]);
    }
  },
);
