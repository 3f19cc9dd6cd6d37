import { expect, test } from '@jest/globals';
import { driftPolicyNote } from '../../../src/standalone/drift-policy.ts';
import type { StandaloneLink } from '../../../src/standalone/link-files.ts';
import { planLinkChanges } from '../../../src/standalone/link-plan.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../model/generated-worlds.ts';
import { createModelCloud } from '../../model/model-cloud.ts';

const { name, uid } = owner;
const file: StandaloneLink = { name, uid, owner, spec: { ...plainSpec, driftPolicy: 'Report' } };

test('driftPolicy: Report in a file is said to be without effect, in the plan as well', async () => {
  const note = driftPolicyNote(file);
  expect(note).toMatch(/apply puts right whatever differs/);
  const world = emptyWorld();
  const cloud = createModelCloud({ world, process: 'plan', lag: 0, onStep: () => undefined });
  const { signal } = new AbortController();
  const { notes } = await planLinkChanges({ link: file, goal: 'present', cloud, signal });
  expect(notes).toContainEqual({ reason: 'DriftPolicy', message: note });
});

test('nothing is said where it has an effect, and where drift is repaired', () => {
  const object = { metadata: { generation: 1 }, spec: file.spec } as never;
  expect(driftPolicyNote({ ...file, object })).toBeUndefined();
  expect(driftPolicyNote({ ...file, spec: plainSpec })).toBeUndefined();
});
