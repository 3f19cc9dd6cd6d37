import { expect, test } from '@jest/globals';
import { createGate, type Gate } from '../../../../src/aws/rate-limit/gate.ts';
import type { Urgency } from '../../../../src/plan/urgency.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { createTokenBucket } from '../../../../src/runtime/token-bucket.ts';
import { createVirtualClock, type VirtualClock } from '../../../time/virtual-clock.ts';

const action = 'ec2:ModifyVpcEndpoint';
const { signal } = new AbortController();

interface World {
  readonly clock: VirtualClock;
  readonly gate: Gate;
  readonly served: string[];
  /** A caller that asks the line when it is told to, and calls when its turn is near. */
  call(place: string, urgency: Urgency, link?: string): void;
}

function world(perSecond = 0.3, burst = 3): World {
  const clock = createVirtualClock(0);
  const bucket = createTokenBucket({ burst, perSecond }, 0);
  const gate = createGate({ action, bucket, clock, maxWaitMs: 10_000 });
  const served: string[] = [];

  function comeBack(place: string, claim: { link: string; urgency: Urgency }, afterMs: number) {
    clock.setTimer(() => {
      const still = gate.stillWaits(place, claim.urgency);
      if (still === undefined) void enter(place, claim);
      else comeBack(place, claim, still.retryAfterMs ?? 0);
    }, afterMs);
  }

  async function enter(place: string, claim: { link: string; urgency: Urgency }): Promise<void> {
    try {
      await gate.acquire({ place, claim, signal });
      served.push(place);
    } catch (error) {
      if (!(error instanceof CloudError) || error.retryAfterMs === undefined) throw error;
      comeBack(place, claim, error.retryAfterMs);
    }
  }

  return {
    clock,
    gate,
    served,
    call: (place, urgency, link = place) => void enter(place, { link, urgency }),
  };
}

test('an edit in a storm of 250 repairs is served among the next calls', async () => {
  const { clock, call, served } = world();
  for (let index = 0; index < 250; index += 1) call(`repair-${index}`, 'Repair');
  await clock.advance(300_000);
  const before = served.length;
  call('edit', 'Change');
  await clock.advance(30_000);
  // Those that stand at the gate already are served by urgency, too.
  expect(served.indexOf('edit')).toBeLessThanOrEqual(before + 1);
  await clock.advance(250 * 3_334);
  expect(new Set(served).size).toBe(251);
});

test('urgent calls in a stream keep no repair waiting for ever, and the bucket never rests', async () => {
  const { clock, call, served } = world();
  for (let index = 0; index < 20; index += 1) call(`repair-${index}`, 'Repair');
  for (let index = 0; index < 300; index += 1) {
    call(`edit-${index}`, 'Change');
    await clock.advance(1_000);
  }
  await clock.advance(60_000);
  // 6 minutes at 0.3 calls a second, after three at once.
  expect(served.length).toBeGreaterThanOrEqual(109);
  expect(served.filter((place) => place.startsWith('repair'))).toHaveLength(20);
});

test('a link with thirty calls leaves the others a turn after four of its own', async () => {
  const { clock, call, served } = world(0.3, 1);
  for (let index = 0; index < 30; index += 1) call(`many-${index}`, 'Change', 'many');
  call('single', 'Change');
  await clock.advance(60_000);
  // One call found a token.
  expect(served.indexOf('single')).toBeLessThanOrEqual(5);
});

test('nobody is told to come back later than in five minutes', async () => {
  const { clock, gate, call } = world();
  for (let index = 0; index < 500; index += 1) call(`repair-${index}`, 'Repair');
  await clock.advance(0);
  expect(gate.stillWaits('repair-499', 'Repair')).toMatchObject({
    code: 'CallBudgetSpent',
    retryAfterMs: 300_000,
    message: expect.stringContaining('about 30 minutes'),
  });
});

test('the line forgets who does not come back, and moves up', async () => {
  const { clock, gate, call, served } = world();
  for (let index = 0; index < 40; index += 1) {
    const claim = { link: `gone-${index}`, urgency: 'Repair' } as const;
    void gate.acquire({ place: `gone-${index}`, claim, signal }).catch(() => undefined);
  }
  await clock.advance(0);
  expect(gate.waiting()).toMatchObject([{ urgency: 'Repair', calls: 37 }]);
  await clock.advance(300_000);
  expect(gate.waiting()).toEqual([]);
  call('new', 'Repair');
  await clock.advance(0);
  expect(served).toEqual(['new']);
});

test('a caller that has become more urgent while it was away stands further ahead, and never further behind', async () => {
  const { clock, gate, call } = world();
  for (let index = 0; index < 100; index += 1) call(`repair-${index}`, 'Repair');
  call('swept', 'Resync');
  await clock.advance(0);
  const urgenciesNow = (): readonly Urgency[] => gate.waiting().map(({ urgency }) => urgency);
  gate.stillWaits('swept', 'Resync');
  expect(urgenciesNow()).toContain('Resync');
  // Its turn is near: there is no other change.
  expect(gate.stillWaits('swept', 'Change')).toBeUndefined();
  expect(urgenciesNow()).toContain('Change');
  gate.stillWaits('swept', 'Resync');
  expect(urgenciesNow()).not.toContain('Resync');
});

test('a place that nobody has is no wait', () => {
  expect(world().gate.stillWaits('nobody', 'Repair')).toBeUndefined();
});
