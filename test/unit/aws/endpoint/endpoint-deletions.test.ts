import { expect, test } from '@jest/globals';
import { createAwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import { createEndpointDeletions } from '../../../../src/aws/endpoint/endpoint-deletions.ts';
import { createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';
import { ec2Error, scriptedTransport } from '../scripted-transport.ts';

const action = 'ec2:DeleteVpcEndpoints';

interface Circumstances {
  readonly burst?: number;
  readonly perSecond?: number;
  /** How AWS answers. @default at once */
  readonly answer?: (signal: AbortSignal) => Promise<Record<string, never>>;
}

function deletions({ burst = 1, perSecond = 0.3, answer = async () => ({}) }: Circumstances) {
  const clock = createVirtualClock();
  const transport = scriptedTransport({ [action]: (_input, signal) => answer(signal) });
  const budget = createCallBudget({ clock, limits: { [action]: { burst, perSecond } } });
  const calls = createAwsCalls({ transport, clock, budget });
  const subject = createEndpointDeletions({ calls, clock, gatherMs: 20 });
  const outcomes: unknown[] = [];
  return {
    clock,
    outcomes,
    sizes: () => transport.inputsOf(action).map(({ VpcEndpointIds = [] }) => VpcEndpointIds.length),
    ask(id: string, signal = new AbortController().signal) {
      const note = (outcome: unknown) => void outcomes.push(outcome ?? id);
      subject.delete([id], { signal }).then(note, note);
    },
  };
}

function names(count: number, first = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) => `vpce-${first + index}`);
}

test('a call holds all that was asked for while it waited for its turn', async () => {
  const { clock, ask, sizes, outcomes } = deletions({});
  ask('vpce-first');
  await clock.advance(100);
  for (const id of names(30)) {
    ask(id);
    await clock.advance(100);
  }
  await clock.advance(5000);
  expect(sizes()).toEqual([1, 30]);
  expect(outcomes).toEqual(['vpce-first', ...names(30)]);
});

test('more than one call takes goes out in the fewest calls', async () => {
  const { clock, ask, sizes } = deletions({});
  ask('vpce-first');
  await clock.advance(100);
  for (const id of names(120)) ask(id);
  await clock.advance(15_000);
  expect(sizes()).toEqual([1, 50, 50, 20]);
});

test('all that find no turn are told when to come back, and share the next one', async () => {
  const { clock, ask, sizes, outcomes } = deletions({ perSecond: 0.05 });
  ask('vpce-first');
  await clock.advance(100);
  for (const id of names(60)) ask(id);
  await clock.advance(1000);
  expect(sizes()).toEqual([1]);
  const refused = outcomes.slice(1);
  expect(refused).toHaveLength(60);
  for (const one of refused) {
    expect(one).toMatchObject({ kind: 'Throttled', retryAfterMs: expect.any(Number) });
  }
  await clock.advance(15_000);
  for (const id of names(40)) ask(id);
  await clock.advance(10_000);
  expect(sizes()).toEqual([1, 40]);
});

test('a turn that nobody waits for any more is left to the next deletion', async () => {
  const { clock, ask, sizes } = deletions({});
  ask('vpce-first');
  await clock.advance(100);
  const patience = new AbortController();
  ask('vpce-given-up', patience.signal);
  await clock.advance(1000);
  patience.abort();
  await clock.advance(4000);
  expect(sizes()).toEqual([1]);
  ask('vpce-next');
  await clock.advance(100);
  expect(sizes()).toEqual([1, 1]);
});

test('a deletion asked for at the moment when the last one is given up gets its call', async () => {
  const { clock, ask, outcomes } = deletions({});
  ask('vpce-first');
  await clock.advance(100);
  const patience = new AbortController();
  ask('vpce-given-up', patience.signal);
  await clock.advance(1000);
  patience.abort();
  ask('vpce-next');
  await clock.advance(4000);
  expect(outcomes).toEqual([
    'vpce-first',
    expect.objectContaining({ kind: 'Aborted' }),
    'vpce-next',
  ]);
});

test('a call goes on while anybody waits for it, and ends with the last', async () => {
  const ended: string[] = [];
  const { clock, ask, outcomes } = deletions({
    burst: 5,
    answer: (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended.push('call');
          reject(ec2Error('AbortError'));
        });
      }),
  });
  const [first, second] = [new AbortController(), new AbortController()];
  ask('vpce-1', first.signal);
  ask('vpce-2', second.signal);
  await clock.advance(100);
  first.abort();
  await clock.advance(100);
  expect(ended).toEqual([]);
  second.abort();
  await clock.advance(100);
  expect(ended).toEqual(['call']);
  expect(outcomes).toEqual([
    expect.objectContaining({ kind: 'Aborted' }),
    expect.objectContaining({ kind: 'Aborted' }),
  ]);
});
