/** The plan of a link whose predecessor left everything: a group of its very name is there. */
import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import { planLinkChanges } from '../../../src/standalone/link-plan.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../model/generated-worlds.ts';
import { LinkLife } from '../../model/link-life.ts';
import { createModelCloud, type Step } from '../../model/model-cloud.ts';

const retained: SageMakerPrivateLinkSpec = { ...plainSpec, deletionPolicy: 'Retain' };

/** The world that a link of the same identity left with everything in it. */
async function leftBehind() {
  const life = new LinkLife({ world: emptyWorld(), spec: retained });
  await life.settle();
  life.deleting = true;
  await life.settle();
  return life.world;
}

async function planIn(world: LinkLife['world'], spec: SageMakerPrivateLinkSpec) {
  const cloud = createModelCloud({ world, process: 'plan', lag: 0, onStep: () => undefined });
  const { name, uid } = owner;
  const signal = new AbortController().signal;
  return planLinkChanges({ link: { name, uid, owner, spec }, goal: 'present', cloud, signal });
}

test('without adoption the plan knows that the name of the group is taken', async () => {
  const plan = await planIn(await leftBehind(), retained);
  expect(plan.actions).toEqual([]);
  expect(plan.findings.problems.map(({ reason }) => reason)).toContain('OwnershipConflict');
});

test('with adoption the plan takes the group over, and apply does the same', async () => {
  const world = await leftBehind();
  const spec: SageMakerPrivateLinkSpec = { ...retained, adoption: 'IfUnowned' };
  const plan = await planIn(world, spec);
  const done: string[] = [];
  const onStep = ({ action, refused, before, after }: Step): void => {
    const isChange = JSON.stringify([...before.groups]) !== JSON.stringify([...after.groups]);
    if (refused === undefined && (isChange || action.kind !== 'CreateSecurityGroup')) {
      done.push(action.kind);
    }
  };
  await new LinkLife({ world, spec, onStep }).settle();
  expect(plan.actions.map(({ kind }) => kind)).toEqual(done);
  expect(new Set(done)).toEqual(new Set(['CreateTags']));
});
