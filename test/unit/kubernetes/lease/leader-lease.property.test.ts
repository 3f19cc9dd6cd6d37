import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createLeaderLease,
  type LeaderLease,
} from '../../../../src/kubernetes/lease/leader-lease.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { createVirtualClock, settle, type VirtualClock } from '../../../time/virtual-clock.ts';
import { createLeaseNetwork, type LeaseNetwork, type Message } from '../lease-network.ts';

type Step =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'takeEffect' | 'answer' | 'lose'; readonly which: number }
  | { readonly do: 'answerAll' }
  | { readonly do: 'pause' | 'resume' | 'stop'; readonly who: number };

const which = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(4_000) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('answerAll' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('takeEffect' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('pause' as const, 'resume' as const),
      who: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), who: fc.nat(1) }) },
);

class Process {
  readonly identity: string;
  readonly clock: VirtualClock = createVirtualClock();
  readonly stopping = new AbortController();
  readonly rate: number;
  readonly network: LeaseNetwork;
  lease: LeaderLease;
  isPaused = false;
  hasLed = false;
  #starts = 0;

  constructor(identity: string, rate: number, network: LeaseNetwork) {
    this.identity = identity;
    this.rate = rate;
    this.network = network;
    this.lease = this.start();
  }

  /** A process that lost its lease exits and is started again with a new identity. */
  start(): LeaderLease {
    this.#starts += 1;
    const identity = `${this.identity}-${this.#starts}`;
    const lease = createLeaderLease({
      leases: this.network.client(this.identity, this.clock),
      namespace: 'operator',
      name: 'leader',
      identity,
      clock: this.clock,
      random: () => 0,
      logger: silentLogger(),
      onStarted: () => {
        this.hasLed = true;
      },
      onLost: () => undefined,
    });
    void lease.run(this.stopping.signal).then((end) => {
      if (end === 'lost') this.lease = this.start();
    });
    return lease;
  }

  async pass(ms: number): Promise<void> {
    if (this.isPaused) this.clock.jump(ms * this.rate);
    else await this.clock.advance(ms * this.rate);
  }
}

function deliver(
  fate: 'takeEffect' | 'answer' | 'lose',
  message: Message | undefined,
  processes: readonly Process[],
): void {
  const receiver = processes.find((process) => process.identity === message?.from);
  // A paused process gets its answers when it runs again.
  if (receiver?.isPaused) message?.takeEffect();
  else message?.[fate]();
}

async function play(each: Step, processes: readonly Process[], network: LeaseNetwork) {
  switch (each.do) {
    case 'wait':
      // In small steps, so that no process runs far ahead of the other.
      for (let passed = 0; passed < each.ms; passed += 250) {
        for (const process of processes) await process.pass(Math.min(250, each.ms - passed));
      }
      return;
    case 'answerAll':
      for (const message of network.messages) deliver('answer', message, processes);
      break;
    case 'takeEffect':
    case 'answer':
    case 'lose':
      deliver(each.do, network.messages[each.which], processes);
      break;
    case 'pause':
    case 'resume': {
      const process = processes[each.who];
      if (process !== undefined) process.isPaused = each.do === 'pause';
      return;
    }
    case 'stop':
      processes[each.who]?.stopping.abort();
      break;
    default:
      each satisfies never;
  }
  await settle();
}

test('F13, F14: never may two act at once, whatever the network and the scheduler do', async () => {
  let takeovers = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 60, maxLength: 200 }),
      // Clocks that run 10 % too slow and too fast are still safe: 10 s / 0.9 < 15 s / 1.1.
      fc.tuple(fc.constantFrom(0.9, 1, 1.1), fc.constantFrom(0.9, 1, 1.1)),
      fc.integer({ min: -86_400_000, max: 86_400_000 }),
      async (steps, [rateA, rateB], skewMs) => {
        const network = createLeaseNetwork();
        const processes = [new Process('a', rateA, network), new Process('b', rateB, network)];
        processes[0]?.clock.skewWallTime(skewMs);
        for (const each of steps) {
          await play(each, processes, network);
          // Asked of a running process only: a paused one asks nothing.
          const acting = processes.filter(({ isPaused, lease }) => !isPaused && lease.mayAct());
          expect(acting.length).toBeLessThanOrEqual(1);
        }
        if (processes.every((process) => process.hasLed)) takeovers += 1;
        for (const process of processes) process.stopping.abort();
        network.heal();
        await settle();
      },
    ),
    { numRuns: 300 },
  );
  // Else the property holds because nothing happens.
  expect(takeovers).toBeGreaterThan(10);
});

test('F13: once the network is well again, exactly one leads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        step.filter((each) => each.do !== 'stop'),
        { maxLength: 60 },
      ),
      async (steps) => {
        const network = createLeaseNetwork();
        const processes = [new Process('a', 1, network), new Process('b', 1, network)];
        for (const each of steps) await play(each, processes, network);
        network.heal();
        for (const process of processes) process.isPaused = false;
        await play({ do: 'wait', ms: 60_000 }, processes, network);
        expect(processes.filter(({ lease }) => lease.mayAct())).toHaveLength(1);
        for (const process of processes) process.stopping.abort();
        await settle();
      },
    ),
    { numRuns: 60 },
  );
});
