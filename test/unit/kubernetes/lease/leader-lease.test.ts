import { describe, expect, test } from '@jest/globals';
import {
  createLeaderLease,
  type LeaderLease,
} from '../../../../src/kubernetes/lease/leader-lease.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { createVirtualClock, settle, type VirtualClock } from '../../../time/virtual-clock.ts';
import { createLeaseNetwork, type LeaseNetwork } from '../lease-network.ts';

interface Candidate {
  readonly lease: LeaderLease;
  readonly clock: VirtualClock;
  readonly stopping: AbortController;
  readonly ended: Promise<string>;
  readonly history: string[];
}

function startCandidate(
  network: LeaseNetwork,
  identity: string,
  work: () => Promise<void> = () => Promise.resolve(),
): Candidate {
  const clock = createVirtualClock();
  const stopping = new AbortController();
  const history: string[] = [];
  const lease = createLeaderLease({
    leases: network.client(identity, clock),
    namespace: 'operator',
    name: 'leader',
    identity,
    clock,
    random: () => 0,
    logger: silentLogger(),
    onStarted: () => {
      history.push('started');
      return work();
    },
    onLost: (why) => void history.push(`lost: ${why}`),
    onStatus: (isLeader) => void history.push(isLeader ? 'leader' : 'follower'),
  });
  return { lease, clock, stopping, history, ended: lease.run(stopping.signal) };
}

async function advance(ms: number, ...candidates: readonly Candidate[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    for (const { clock } of candidates) await clock.advance(Math.min(500, ms - passed));
  }
}

async function startPair(): Promise<{
  network: LeaseNetwork;
  leader: Candidate;
  follower: Candidate;
}> {
  const network = createLeaseNetwork();
  network.heal();
  const leader = startCandidate(network, 'one');
  await advance(100, leader);
  const follower = startCandidate(network, 'two');
  await advance(3_000, leader, follower);
  return { network, leader, follower };
}

test('the first candidate leads, the second waits as long as the first renews', async () => {
  const { leader, follower } = await startPair();
  await advance(120_000, leader, follower);
  expect([leader.lease.mayAct(), follower.lease.mayAct()]).toEqual([true, false]);
  expect(leader.history).toEqual(['follower', 'leader', 'started']);
  expect(follower.history).toEqual(['follower']);
});

test('the lease on the server has the form that the API server accepts', async () => {
  const { network } = await startPair();
  expect(network.lease?.spec).toMatchObject({
    holderIdentity: 'one',
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
    renewTime: expect.stringMatching(/^2026-01-01T00:00:\d\d\.\d{6}Z$/),
  });
});

test('a leader that stops gives the lease back, and the next leads within one retry', async () => {
  const { network, leader, follower } = await startPair();
  leader.stopping.abort();
  expect(await leader.ended).toBe('released');
  expect(leader.lease.mayAct()).toBe(false);
  await advance(2_500, follower);
  expect(follower.lease.mayAct()).toBe(true);
  expect(network.lease?.spec?.leaseTransitions).toBe(1);
  expect(leader.history).not.toContainEqual(expect.stringContaining('lost'));
});

test('F20: a candidate that is asked to end while it takes the lease gives it back', async () => {
  const network = createLeaseNetwork();
  const candidate = startCandidate(network, 'one');
  await settle();
  network.messages[0]?.answer();
  await settle();
  // The API server has the new lease; the candidate never hears so.
  network.messages[0]?.takeEffect();
  expect(network.lease?.spec?.holderIdentity).toBe('one');
  candidate.stopping.abort(new Error('SIGTERM'));
  network.heal();
  expect(await candidate.ended).toBe('released');
  expect(network.lease?.spec?.holderIdentity).toBe('');
  expect(candidate.history).toEqual(['follower']);
});

test('F13: a leader that cannot renew stops before another can lead', async () => {
  const network = createLeaseNetwork();
  const leader = startCandidate(network, 'one');
  await settle();
  for (let i = 0; i < 4; i += 1) {
    for (const message of network.messages) message.answer();
    await settle();
  }
  expect(leader.lease.mayAct()).toBe(true);
  const { leadership } = leader.lease;
  await advance(9_500, leader);
  expect(leadership.aborted).toBe(false);
  await advance(500, leader);
  expect(leadership.aborted).toBe(true);
  expect(leader.lease.mayAct()).toBe(false);
  await advance(10_000, leader);
  expect(await leader.ended).toBe('lost');
});

test('the time that an answer took is time of the lease', async () => {
  const network = createLeaseNetwork();
  const leader = startCandidate(network, 'one');
  await settle();
  network.messages[0]?.answer();
  await settle();
  network.messages[0]?.takeEffect();
  await advance(4_000, leader);
  network.messages[0]?.answer();
  await settle();
  await advance(5_500, leader);
  expect(leader.lease.mayAct()).toBe(true);
  await advance(500, leader);
  expect(leader.lease.mayAct()).toBe(false);
});

test('F13, F14: a process that was paused finds out before its timers run', async () => {
  const { leader } = await startPair();
  leader.clock.jump(10_001);
  expect(leader.lease.mayAct()).toBe(false);
  expect(leader.lease.leadership.aborted).toBe(true);
  expect(leader.lease.isLeader()).toBe(false);
});

test('F13, F14: a crashed leader is replaced after the lease duration, counted from the last change seen', async () => {
  const { follower } = await startPair();
  await advance(14_000, follower);
  expect(follower.lease.mayAct()).toBe(false);
  await advance(4_000, follower);
  expect(follower.lease.mayAct()).toBe(true);
});

test('F14: clocks that are hours apart change nothing', async () => {
  const { leader, follower } = await startPair();
  follower.clock.skewWallTime(5 * 3_600_000);
  await advance(60_000, leader, follower);
  leader.clock.skewWallTime(-7 * 3_600_000);
  await advance(60_000, leader, follower);
  expect([leader.lease.mayAct(), follower.lease.mayAct()]).toEqual([true, false]);
});

test('F13: a leader whose lease was given to another stops at once', async () => {
  const { network, leader } = await startPair();
  const thief = network.client('thief', leader.clock);
  const call = { signal: new AbortController().signal };
  const taken = await thief.get({ name: 'leader', namespace: 'operator' }, call);
  await thief.replace({ ...taken, spec: { ...taken.spec, holderIdentity: 'thief' } }, call);
  await advance(2_500, leader);
  expect(leader.lease.mayAct()).toBe(false);
  expect(await leader.ended).toBe('lost');
  expect(leader.history.at(-1)).toBe('lost: leadership ended: thief has the lease');
});

test('F13: a write whose answer was lost is found out, and the lease is kept', async () => {
  const network = createLeaseNetwork();
  const leader = startCandidate(network, 'one');
  await settle();
  const answerAll = async (): Promise<void> => {
    for (const message of network.messages) message.answer();
    await settle();
  };
  await answerAll();
  const [create] = network.messages;
  create?.takeEffect();
  create?.lose();
  await advance(2_500, leader);
  expect(leader.lease.mayAct()).toBe(false);
  await answerAll();
  await answerAll();
  expect(leader.lease.mayAct()).toBe(true);
});

test.each([2_100, 4_000, 4_900])(
  'F13: answers that take %p ms do not cost the leader its lease',
  async (latencyMs) => {
    const { network, leader, follower } = await startPair();
    network.slowDown(latencyMs);
    await advance(600_000, leader, follower);
    expect([leader.lease.mayAct(), follower.lease.mayAct()]).toEqual([true, false]);
    expect(leader.history).toEqual(['follower', 'leader', 'started']);
  },
);

test('F13: one answer that takes nearly as long as the deadline allows is waited for', async () => {
  const { network, leader } = await startPair();
  network.slowDown(7_900);
  await advance(2_000, leader);
  network.slowDown(10);
  await advance(60_000, leader);
  expect(leader.lease.mayAct()).toBe(true);
});

test('F13: a connection that is dead unnoticed is made up for by another', async () => {
  const { network, leader } = await startPair();
  for (let round = 0; round < 20; round += 1) {
    // The next renewal gets no answer, whether it took effect or not; those after it do.
    network.slowDown(Number.POSITIVE_INFINITY);
    await advance(2_500, leader);
    const [hanging] = network.messages;
    if (round % 2 === 0) hanging?.takeEffect();
    network.slowDown(10);
    await advance(20_000, leader);
    expect(leader.lease.mayAct()).toBe(true);
  }
});

test('F13: a leader whose work fails gives the lease back, and the next leads within one retry', async () => {
  const network = createLeaseNetwork();
  network.heal();
  let fail: (error: Error) => void = () => undefined;
  const work = (): Promise<void> => new Promise((_, reject) => (fail = reject));
  const leader = startCandidate(network, 'one', work);
  await advance(100, leader);
  const follower = startCandidate(network, 'two');
  await advance(3_000, leader, follower);
  expect(leader.lease.mayAct()).toBe(true);
  fail(new Error('the work is impossible'));
  expect(await leader.ended).toBe('failed');
  expect([leader.lease.mayAct(), leader.history.at(-1)]).toEqual([false, 'follower']);
  await advance(2_500, follower);
  expect(follower.lease.mayAct()).toBe(true);
});

describe('durations', () => {
  test.each([
    [10_000, 10_000, 2_000],
    [15_000, 2_000, 2_000],
  ])('of %p, %p and %p ms are refused', (leaseDurationMs, renewDeadlineMs, retryPeriodMs) => {
    const clock = createVirtualClock();
    const create = () =>
      createLeaderLease({
        leases: createLeaseNetwork().client('one', clock),
        namespace: 'operator',
        name: 'leader',
        identity: 'one',
        clock,
        random: () => 0,
        logger: silentLogger(),
        onStarted: () => undefined,
        onLost: () => undefined,
        leaseDurationMs,
        renewDeadlineMs,
        retryPeriodMs,
      });
    expect(create).toThrow('need duration > renew deadline > retry period');
  });
});
