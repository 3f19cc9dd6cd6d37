import { expect, test } from '@jest/globals';
import type { Problem, Wait } from '../../../../src/plan/findings.ts';
import { nextPass } from '../../../../src/reconcile/waits/next-pass.ts';

function heldBack(retryAfterMs?: number): Problem {
  return {
    subject: 'EndpointsAvailable',
    reason: 'WaitingForCallBudget',
    severity: 'retry',
    message: 'm',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function after(...delays: readonly (number | undefined)[]) {
  return nextPass({ problems: delays.map(heldBack), waits: [] }, { sweepMs: 600_000 }, 0);
}

test('turns that come soon after each other are waited for together', () => {
  expect(after(4_000)).toEqual({ kind: 'turn', endpointIds: [], delayMs: 4_000 });
  expect(after(4_000, 7_300, 10_600)).toEqual({ kind: 'turn', endpointIds: [], delayMs: 10_600 });
});

test('a turn does not wait for one that comes long after it', () => {
  expect(after(4_000, 7_300, 240_000)).toEqual({ kind: 'turn', endpointIds: [], delayMs: 7_300 });
});

test('the end of work at AWS is waited for beside a turn', () => {
  const pending = {
    subject: 'EndpointsAvailable',
    reason: 'EndpointPending',
    message: 'm',
    endpointIds: ['vpce-1', 'vpce-2'],
  } as const;
  const end = { problems: [heldBack(240_000)], waits: [pending] };
  expect(nextPass(end, { sweepMs: 600_000 }, 0)).toEqual({
    kind: 'turn',
    endpointIds: ['vpce-1', 'vpce-2'],
    delayMs: 240_000,
  });
});

const left: Wait = {
  subject: 'EndpointsAvailable',
  reason: 'WaitingForDeletion',
  message: 'm',
};
const quiet: Wait = { ...left, isForQuiet: true };

test('a link of which nothing is left is looked at when it has been quiet, and not before', () => {
  const delayOf = (waits: readonly Wait[], quietAt: number, nowMs = 1_000) => {
    const next = nextPass({ problems: [], waits }, { sweepMs: 600_000, quietAt }, nowMs);
    return next.kind === 'after' ? next.delayMs : next.kind;
  };
  expect(delayOf([quiet], 11_000)).toBe(14_000);
  expect(delayOf([quiet], 15_000)).toBe(19_000);
  // Something of it may show at any time.
  expect(delayOf([left], 11_000)).toBe(4_000);
  expect(delayOf([quiet, left], 11_000)).toBe(4_000);
  // The quiet time is over, but the answer was older.
  expect(delayOf([quiet], 900)).toBe(4_000);
  expect(delayOf([quiet], 900, 7_000)).toBe(3_000);
  // Nothing is waited for: what is wrong has nothing to do with the quiet time.
  expect(delayOf([], 11_000)).toBe(599_000);
});

test('the look at a link that has been quiet comes before sweeps', () => {
  const rhythm = { sweepMs: 600_000, quietAt: 11_000 };
  expect(nextPass({ problems: [], waits: [quiet] }, rhythm, 1_000)).toEqual({
    kind: 'after',
    delayMs: 14_000,
    priority: 'normal',
  });
});

test('links that are quiet at different times look together, each when it is quiet', () => {
  const looks = Array.from({ length: 50 }, (_none, index) => {
    const [nowMs, quietAt] = [1_000 + index * 0.1, 11_000 + index * 80.3];
    const rhythm = { sweepMs: 600_000, quietAt };
    const findings = { problems: [], waits: [quiet] };
    const next = nextPass(findings, rhythm, nowMs);
    const at = next.kind === 'after' ? nowMs + next.delayMs : Number.NaN;
    expect(at).toBeGreaterThan(quietAt);
    return Math.round(at);
  });
  expect(new Set(looks)).toEqual(new Set([15_000]));
});

test('a failure that nobody knows the end of is tried again with growing delays', () => {
  expect(after(4_000, undefined)).toEqual({ kind: 'backoff' });
});
