import { expect, test } from '@jest/globals';
import { createRewritePace } from '../../../src/cluster/rewrite-pace.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';

test('an edit is repaired at once; what is undone again and again ever more seldom', async () => {
  const clock = createVirtualClock();
  const pace = createRewritePace(clock);
  const pauses: number[] = [];
  for (let write = 0; write < 12; write += 1) {
    const pauseMs = pace.pauseMs('a/ConfigMap/x', 'content');
    pauses.push(pauseMs);
    await clock.advance(pauseMs);
    pace.noteWrite('a/ConfigMap/x', 'content');
  }
  expect(pauses).toEqual([0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256].map((each) => each * 1_000));
});

test('other content, other objects and what has been quiet do not wait', async () => {
  const clock = createVirtualClock();
  const pace = createRewritePace(clock);
  for (let write = 0; write < 5; write += 1) pace.noteWrite('a/ConfigMap/x', 'content');
  expect(pace.pauseMs('a/ConfigMap/x', 'content')).toBeGreaterThan(0);
  expect(pace.pauseMs('a/ConfigMap/x', 'of other addresses')).toBe(0);
  expect(pace.pauseMs('b/ConfigMap/x', 'content')).toBe(0);
  await clock.advance(600_000);
  expect(pace.pauseMs('a/ConfigMap/x', 'content')).toBe(0);
});
