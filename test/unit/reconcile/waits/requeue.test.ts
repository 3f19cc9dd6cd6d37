import { expect, test } from '@jest/globals';
import { createWorkQueue } from '../../../../src/kubernetes/queue/work-queue.ts';
import type { Cloud, ExpectedSweep } from '../../../../src/plan/cloud.ts';
import type { Problem, Wait } from '../../../../src/plan/findings.ts';
import { defaultPaces } from '../../../../src/reconcile/waits/next-pass.ts';
import { requeue } from '../../../../src/reconcile/waits/requeue.ts';
import { createWorkWatch } from '../../../../src/reconcile/waits/work-watch.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

const heldBack: Problem = {
  subject: 'EndpointsAvailable',
  reason: 'WaitingForCallBudget',
  severity: 'retry',
  message: 'm',
  retryAfterMs: 300_000,
};
const pending: Wait = {
  subject: 'EndpointsAvailable',
  reason: 'EndpointPending',
  message: 'm',
  endpointIds: ['vpce-1'],
};

test('a link that is well says when it is swept, and since when a read may have begun that answers', () => {
  const clock = createVirtualClock(0);
  const queue = createWorkQueue({ name: 'links', clock, random: () => 0.5 });
  const expected: ExpectedSweep[] = [];
  const cloud = {
    now: () => clock.now() + 7_000_000,
    expectSweep: (sweep: ExpectedSweep) => void expected.push(sweep),
  } as unknown as Cloud;
  const parts = { queue, clock, paces: defaultPaces, work: createWorkWatch(queue) };
  requeue(parts, 'ml', {
    findings: { problems: [], waits: [] },
    rhythm: { sweepMs: 60_000 },
    cloud,
  });
  expect(expected).toEqual([{ from: 7_050_000, until: 7_060_000 }]);
  const stalled = { ...heldBack, severity: 'stalled' } as const;
  requeue(parts, 'ml', {
    findings: { problems: [stalled], waits: [] },
    rhythm: { sweepMs: 60_000 },
    cloud,
  });
  requeue(parts, 'ml', {
    findings: { problems: [], waits: [pending] },
    rhythm: { sweepMs: 60_000 },
    cloud,
  });
  expect(expected).toHaveLength(1);
});

test('a link in line for its next endpoint has a pass when AWS is done with the one that it has', async () => {
  const clock = createVirtualClock();
  const queue = createWorkQueue({ name: 'links', clock, random: () => 0.5 });
  const ends = new Map<string, () => void>();
  const cloud = {
    whenChanged: (ids: readonly string[], tell: (outcome: 'changed') => void) => {
      for (const id of ids) ends.set(id, () => tell('changed'));
      return () => undefined;
    },
  } as unknown as Cloud;
  const parts = { queue, clock, paces: defaultPaces, work: createWorkWatch(queue) };
  const findings = { problems: [heldBack], waits: [pending] };
  requeue(parts, 'ml', { findings, rhythm: { sweepMs: 60_000 }, cloud });
  expect(queue.depth).toBe(0);
  for (const name of ['new-1', 'new-2']) queue.add(name, { priority: 'high' });
  ends.get('vpce-1')?.();
  expect(queue.depth).toBe(3);
  const item = await queue.get(new AbortController().signal);
  expect(item).toMatchObject({ key: 'ml', reasons: expect.arrayContaining(['WorkEnded']) });
});
