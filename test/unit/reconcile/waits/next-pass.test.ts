import { expect, test } from '@jest/globals';
import type { Problem } from '../../../../src/plan/findings.ts';
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
  return nextPass({ problems: delays.map(heldBack), waits: [] }, 600_000, 0);
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
  expect(nextPass(end, 600_000, 0)).toEqual({
    kind: 'turn',
    endpointIds: ['vpce-1', 'vpce-2'],
    delayMs: 240_000,
  });
});

test('a failure that nobody knows the end of is tried again with growing delays', () => {
  expect(after(4_000, undefined)).toEqual({ kind: 'backoff' });
});
