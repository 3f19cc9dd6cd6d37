import { expect, test } from '@jest/globals';
import { operatorNotes } from '../../../src/standalone/operator-notes.ts';
import type { StandaloneLink } from '../../../src/standalone/link-files.ts';
import { planLinkChanges } from '../../../src/standalone/link-plan.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../model/generated-worlds.ts';
import { createModelCloud } from '../../model/model-cloud.ts';

const { name, uid } = owner;
const file: StandaloneLink = { name, uid, owner, spec: { ...plainSpec, driftPolicy: 'Report' } };

test('driftPolicy: Report in a file is said to be without effect, in the plan as well', async () => {
  const [note] = operatorNotes(file);
  expect(note?.message).toMatch(/apply puts right whatever differs/);
  const world = emptyWorld();
  const cloud = createModelCloud({ world, process: 'plan', lag: 0, onStep: () => undefined });
  const { signal } = new AbortController();
  const { notes } = await planLinkChanges({ link: file, goal: 'present', cloud, signal });
  expect(notes).toContainEqual(note);
});

test('nothing is said where it has an effect, and where drift is repaired', () => {
  const object = { metadata: { generation: 1 }, spec: file.spec } as never;
  expect(operatorNotes({ ...file, object })).toEqual([]);
  expect(operatorNotes({ ...file, spec: plainSpec })).toEqual([]);
});

test('clients are for the operator, which plan and apply say', () => {
  const clients = { namespaceSelector: { matchLabels: { ml: 'true' } }, configMap: { name: 'x' } };
  const [note, ...others] = operatorNotes({ ...file, spec: { ...plainSpec, clients } });
  expect(note).toMatchObject({
    reason: 'Clients',
    message: expect.stringContaining('spec.clients'),
  });
  expect(others).toEqual([]);
});
