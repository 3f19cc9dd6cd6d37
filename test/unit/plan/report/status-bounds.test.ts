import { expect, test } from '@jest/globals';
import type { SecurityGroupRule } from '../../../../src/plan/facts.ts';
import { change } from '../../../model/aws-world.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { calmSeed, owner, worldFrom } from '../../../model/generated-worlds.ts';
import { ownedBy } from '../../../model/goal.ts';
import { LinkLife } from '../../../model/link-life.ts';
import { statusViolations } from '../../../status/status-schema.ts';

// Every pass of a `LinkLife` also holds its status against the schema of the CRD.

test('with driftPolicy Report, 260 differences are drift of which the first are shown', async () => {
  const life = new LinkLife({ world: worldFrom(calmSeed), spec: plainSpec });
  await life.settle();
  const [group] = ownedBy(life.world, owner).groups;
  if (group === undefined) throw new Error('the link has no group');
  const added = Array.from({ length: 260 }, (_, index): SecurityGroupRule => {
    const source = { cidr: `198.51.${Math.floor(index / 200)}.${index % 200}/32` };
    const ports = { fromPort: 22, toPort: 22 };
    return { id: `sgr-${index}`, isEgress: false, protocol: 'tcp', ...ports, source, tags: {} };
  });
  const value = { ...group, rules: [...(group.rules ?? []), ...added] };
  change(life.world, life.world.groups, { id: group.id, value }, { what: 'modified', by: 'x' });
  life.repair = false;
  await life.pass();
  const { drift, truncated, conditions } = life.status;
  expect(drift).toHaveLength(100);
  expect(truncated).toEqual([{ field: 'drift', leftOut: 160 }]);
  expect(conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', status: 'False', reason: 'DriftDetected' }),
  );
  life.repair = true;
  await life.settle();
  expect(life.status.truncated).toBeUndefined();
});

test('a link that never completes remembers the tags that it put on, within the schema', async () => {
  const broken = { ...plainSpec, securityGroup: { ids: ['sg-none'] } };
  const first = { ...plainSpec, tags: { kept: 'yes' } };
  const life = new LinkLife({ world: worldFrom(calmSeed), spec: first });
  await life.settle();
  for (let set = 0; set < 20; set += 1) {
    const keys = Array.from({ length: 40 }, (_, index) => [`key-${set}-${index}`, 'x']);
    life.change({ ...broken, tags: Object.fromEntries(keys) });
    await life.pass();
  }
  const remembered = life.status.appliedTagKeys ?? [];
  expect(statusViolations(life.status)).toEqual([]);
  expect(remembered).toContain('kept');
  expect(remembered).toContain('key-19-39');
  life.change(plainSpec);
  await life.settle();
  const { endpoints } = ownedBy(life.world, owner);
  expect(endpoints.flatMap(({ tags }) => Object.keys(tags))).not.toContain('kept');
});
