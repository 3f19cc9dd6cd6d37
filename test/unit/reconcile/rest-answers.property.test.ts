/** Sweeps that may find a link at rest by answers that are a little older than their question. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Action } from '../../../src/plan/actions.ts';
import type { Cloud } from '../../../src/plan/cloud.ts';
import type { Look } from '../../../src/plan/looks.ts';
import { rememberedFrom } from '../../../src/plan/report/remembered.ts';
import { defaultPatience } from '../../../src/plan/sightings.ts';
import { runPass } from '../../../src/reconcile/pass.ts';
import type { AwsWorld } from '../../model/aws-world.ts';
import { createModelCloud } from '../../model/model-cloud.ts';
import { ReconciledLink } from './reconciled-link.ts';

const askedAt = 100_000;
const restSince = askedAt - 10_000;

/** Changes that somebody may make to a link's resources; each can be repaired. */
const drifts: Readonly<Record<string, (world: AwsWorld) => void>> = {
  nothing: () => undefined,
  'takes the rules away': ({ groups }) => {
    for (const [id, group] of groups) groups.set(id, { ...group, rules: [] });
  },
  'deletes the endpoints': ({ endpoints }) => endpoints.clear(),
  'puts another policy on': ({ endpoints }) => {
    for (const [id, one] of endpoints)
      endpoints.set(id, { ...one, policy: { Version: '2012-10-17', Statement: [] } });
  },
};
const drift = fc.constantFrom(...Object.keys(drifts));

async function readyLink(): Promise<ReconciledLink> {
  const one = new ReconciledLink();
  await one.passes(20);
  expect(one.condition('Ready')?.status).toBe('True');
  return one;
}

interface Swept {
  readonly done: readonly string[];
  /** Looks about resources that were answered by what was read before the sweep was due. */
  readonly older: readonly Look[];
  /** Looks whose answers had to be as new as the sweep. */
  readonly anew: readonly Look[];
}

/** A sweep while reads that may be older show the world as it was. */
async function swept(one: ReconciledLink, before: AwsWorld, now: AwsWorld): Promise<Swept> {
  const { link } = one;
  if (link === undefined) throw new Error('the link is gone');
  const [older, anew]: [Look[], Look[]] = [[], []];
  const cloudOf = (world: AwsWorld): Cloud => createModelCloud({ world, faultOf: () => undefined });
  const [old, present] = [cloudOf(before), cloudOf(now)];
  const look: Cloud['look'] = (question, options) => {
    const isOlder = options.since < askedAt;
    (isOlder ? older : anew).push(question);
    return (isOlder ? old : present).look(question, options);
  };
  const done: Action[] = [];
  await runPass({
    owner: { clusterId: 'cluster-1', uid: link.metadata.uid, name: link.metadata.name },
    spec: link.spec,
    goal: 'present',
    remembered: rememberedFrom(link.status ?? {}, link.metadata.generation, true),
    repair: true,
    absenceIsFinal: false,
    elapsed: { sightings: {}, patience: defaultPatience },
    ports: { AWS: { ...present, look } },
    freshness: { resourcesSince: askedAt, networkSince: askedAt, restSince },
    signal: new AbortController().signal,
    onAction: (action, outcome) => void (outcome === 'done' && done.push(action)),
  });
  return { done: done.map(({ kind }) => kind), older, anew };
}

test('whatever older answers show, nothing is done that newer ones give no reason for', async () => {
  await fc.assert(
    fc.asyncProperty(drift, drift, async (before, now) => {
      const one = await readyLink();
      const was = structuredClone(one.world);
      const is = structuredClone(one.world);
      drifts[before]?.(was);
      drifts[now]?.(is);
      const result = await swept(one, was, is);
      const strict = structuredClone(one.world);
      drifts[now]?.(strict);
      const expected = await swept(one, strict, strict);
      expect(result.done).toEqual(before === 'nothing' ? [] : expected.done);
      // With a difference in sight, what a link has is asked for anew.
      const kinds = result.anew.map(({ kind }) => kind);
      expect(kinds.includes('Owned')).toBe(before !== 'nothing');
    }),
    { numRuns: 30 },
  );
});

test('a sweep of a link at rest takes answers that are older than it, about resources alone', async () => {
  const one = await readyLink();
  const { older, anew, done } = await swept(one, one.world, one.world);
  expect(done).toEqual([]);
  expect(older.map(({ kind }) => kind)).toContain('Owned');
  expect(older.map(({ kind }) => kind)).not.toContain('Subnets');
  expect(anew.map(({ kind }) => kind)).not.toContain('Owned');
});
