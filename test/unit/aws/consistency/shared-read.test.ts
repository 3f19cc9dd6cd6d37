import { setMaxListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { answerOf, isFailed, loadEach, type Outcome } from '../../../../src/aws/client/outcome.ts';
import { createSharedRead } from '../../../../src/aws/consistency/shared-read.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

/** A read that takes 100 ms and answers each key with the time at which the read began. */
function slowRead(options: { readonly failing?: () => boolean; readonly alongUpTo?: number } = {}) {
  const clock = createVirtualClock(0);
  const loads: (readonly string[])[] = [];
  const aborted: number[] = [];
  const read = createSharedRead<number>({
    action: 'ec2:DescribeVpcs',
    clock,
    gatherMs: 50,
    ...(options.alongUpTo === undefined ? {} : { alongUpTo: options.alongUpTo }),
    async load(keys, signal) {
      loads.push(keys);
      const begun = clock.now();
      await new Promise<void>((resolve, reject) => {
        clock.setTimer(resolve, 100);
        signal.addEventListener('abort', () => {
          aborted.push(clock.now());
          reject(new Error('cut off'));
        });
      });
      if (options.failing?.() === true) throw new Error('no luck');
      return new Map(keys.filter((key) => key !== 'absent').map((key) => [key, begun]));
    },
  });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const ask = async (keys: readonly string[], since: number) =>
    Object.fromEntries(await read.ask(keys, { since, signal }));
  return { clock, loads, aborted, read, ask };
}

test('questions of one moment are one read, and each gets its own answer', async () => {
  const { clock, loads, ask } = slowRead();
  const answers = Promise.all([ask(['a'], 0), ask(['b', 'a'], 0), ask(['absent'], 0)]);
  await clock.advance(150);
  expect(await answers).toEqual([{ a: 50 }, { b: 50, a: 50 }, {}]);
  expect(loads).toEqual([['a', 'absent', 'b']]);
});

test('questions that come one after the other are one read, which begins when no more come', async () => {
  const { clock, loads, ask } = slowRead();
  const asked: Promise<unknown>[] = [];
  for (const key of ['a', 'b', 'c', 'd']) {
    asked.push(ask([key], clock.now()));
    await clock.advance(40);
  }
  await clock.advance(150);
  expect(await Promise.all(asked)).toEqual([{ a: 170 }, { b: 170 }, { c: 170 }, { d: 170 }]);
  expect(loads).toEqual([['a', 'b', 'c', 'd']]);
});

test.each([3, 20, 45])(
  'a question that comes %s ms after the first is waited for no longer than the first',
  async (afterMs) => {
    const { clock, ask } = slowRead();
    void ask(['a'], 0);
    await clock.advance(afterMs);
    const second = ask(['b'], 0);
    await clock.advance(200);
    expect(await second).toEqual({ b: 50 + afterMs });
  },
);

test('a rounding of times is not waited for', async () => {
  const clock = createVirtualClock(0);
  const delays: number[] = [];
  const read = createSharedRead<number>({
    action: 'ec2:DescribeVpcs',
    // The timer comes a rounding too early.
    clock: {
      ...clock,
      now: () => clock.now(),
      setTimer(callback, delayMs) {
        // More would come for ever.
        if (delays.push(delayMs) > 5) return () => undefined;
        return clock.setTimer(callback, delayMs - 1e-9);
      },
    },
    gatherMs: 50,
    load: async () => new Map([['a', 1]]),
  });
  const { signal } = new AbortController();
  const answer = read.ask(['a'], { since: 0, signal });
  await clock.advance(50);
  expect(delays).toEqual([50]);
  expect(Object.fromEntries(await answer)).toEqual({ a: 1 });
});

test('however many questions come, the first waits four times as long as one alone', async () => {
  const { clock, ask } = slowRead();
  const first = ask(['a'], 0);
  for (let index = 0; index < 30; index += 1) {
    void ask([`key-${index}`], clock.now());
    await clock.advance(10);
  }
  await clock.advance(500);
  expect(await first).toEqual({ a: 200 });
});

test('a question that is answered already does not hold up the others', async () => {
  const { clock, ask } = slowRead();
  void ask(['a'], 0);
  await clock.advance(1_000);
  const other = ask(['b'], 0);
  await clock.advance(30);
  expect(await ask(['a'], 0)).toEqual({ a: 50 });
  await clock.advance(120);
  expect(await other).toEqual({ b: 1_050 });
});

test('an answer that was begun late enough is given without a read', async () => {
  const { clock, loads, ask } = slowRead();
  void ask(['a', 'absent'], 0);
  await clock.advance(1000);
  expect(await ask(['a'], 50)).toEqual({ a: 50 });
  expect(await ask(['absent'], 50)).toEqual({});
  expect(loads).toHaveLength(1);
  const fresh = ask(['a'], 51);
  await clock.advance(150);
  expect(await fresh).toEqual({ a: 1050 });
});

test('a question during a read that began too early waits for the next one', async () => {
  const { clock, loads, ask } = slowRead();
  const early = ask(['a'], 0);
  await clock.advance(60);
  const joined = ask(['a'], 40);
  const late = ask(['a'], 60);
  await clock.advance(90);
  expect(await Promise.all([early, joined])).toEqual([{ a: 50 }, { a: 50 }]);
  await clock.advance(150);
  expect(await late).toEqual({ a: 200 });
  expect(loads).toEqual([['a'], ['a']]);
});

test('only one read runs at a time, however many ask', async () => {
  const { clock, loads, ask } = slowRead();
  const asked: Promise<unknown>[] = [];
  for (let index = 0; index < 100; index += 1) {
    asked.push(ask([`key-${index}`], clock.now()));
    await clock.advance(10);
  }
  await clock.advance(500);
  await Promise.all(asked);
  // 1000 ms of questions, 150 ms for each round.
  expect(loads.length).toBeLessThanOrEqual(8);
});

test('a failed read fails those who waited for it, and nobody after them', async () => {
  let isFailing = true;
  const { clock, ask } = slowRead({ failing: () => isFailing });
  const failed = expect(ask(['a'], 0)).rejects.toThrow('no luck');
  await clock.advance(60);
  const next = ask(['a'], 60);
  await clock.advance(90);
  await failed;
  isFailing = false;
  await clock.advance(150);
  expect(await next).toEqual({ a: 200 });
});

test('a read is cut off when nobody waits for it any more, and only then', async () => {
  const { clock, aborted, read, ask } = slowRead();
  const [first, second] = [new AbortController(), new AbortController()];
  const asks = [first, second].map(({ signal }) => read.ask(['a'], { since: 0, signal }));
  const outcomes = Promise.allSettled(asks);
  await clock.advance(60);
  first.abort();
  await clock.advance(10);
  expect(aborted).toEqual([]);
  second.abort();
  expect(aborted).toEqual([70]);
  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { kind: 'Aborted' } },
    { status: 'rejected', reason: { kind: 'Aborted' } },
  ]);
  const later = ask(['a'], 0);
  await clock.advance(200);
  expect(await later).toEqual({ a: 120 });
});

test('who asks just after a read was cut off gets a read of its own', async () => {
  const { clock, loads, read, ask } = slowRead();
  const controller = new AbortController();
  const cutOff = read.ask(['a'], { since: 0, signal: controller.signal });
  const outcome = expect(cutOff).rejects.toMatchObject({ kind: 'Aborted' });
  await clock.advance(60);
  controller.abort();
  const next = ask(['a'], 0);
  await clock.advance(200);
  await outcome;
  expect(await next).toEqual({ a: 110 });
  expect(loads).toHaveLength(2);
});

test('why a key could not be read is told to those who waited, and is not remembered', async () => {
  const clock = createVirtualClock(0);
  let isBroken = true;
  let loads = 0;
  const read = createSharedRead<Outcome<string>>({
    action: 'ec2:DescribeVpcAttribute',
    clock,
    gatherMs: 50,
    isFailure: isFailed,
    load: (keys) => {
      loads += 1;
      return loadEach(keys, async (key) => {
        if (isBroken && key === 'denied') throw new Error('denied');
        return `about ${key}`;
      });
    },
  });
  const { signal } = new AbortController();
  const ask = (key: string) => read.ask([key], { since: 0, signal });
  const asked = Promise.all([ask('denied'), ask('denied'), ask('allowed')]);
  await clock.advance(50);
  const [one, other, allowed] = await asked;
  for (const answers of [one, other])
    expect(() => answerOf(answers.get('denied'))).toThrow('denied');
  expect(answerOf(allowed.get('allowed'))).toBe('about allowed');

  isBroken = false;
  const again = ask('denied');
  await clock.advance(50);
  expect(answerOf((await again).get('denied'))).toBe('about denied');
  expect(answerOf((await ask('allowed')).get('allowed'))).toBe('about allowed');
  expect(loads).toBe(2);
});

test('expected keys come with the next read, as far as it has room, and nothing is read for them alone', async () => {
  const { clock, loads, ask, read } = slowRead({ alongUpTo: 3 });
  read.expect(['x', 'y', 'z']);
  await clock.advance(1_000);
  expect(loads).toEqual([]);
  void ask(['a'], 1_000);
  await clock.advance(1_000);
  expect(loads).toEqual([['a', 'x', 'y']]);
  void ask(['x'], 1_000);
  await clock.advance(1_000);
  void ask(['b'], 3_000);
  await clock.advance(1_000);
  read.expect(['x']);
  void ask(['c'], 4_000);
  await clock.advance(1_000);
  expect(loads.slice(1)).toEqual([['b', 'z'], ['c']]);
});

test('answers that are still asked for are read along with others before they are forgotten', async () => {
  const { clock, loads, ask } = slowRead({ alongUpTo: 3 });
  for (const key of ['a', 'b', 'c']) void ask([key], 0);
  await clock.advance(595_000);
  void ask(['a'], 600_000);
  await clock.advance(5_000);
  expect(loads).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
  // Nobody has asked for b and c since: they are read for nine hours more, and then no more.
  for (let at = 1_195_000; at < 9.5 * 3_600_000; at += 595_000) {
    await clock.advance(590_000);
    void ask(['a'], at);
    await clock.advance(5_000);
  }
  const withOthers = loads.filter(({ length }) => length === 3);
  expect(withOthers.length * 595_000).toBeGreaterThan(8.9 * 3_600_000);
  expect(loads.at(-1)).toEqual(['a']);
});

test('answers that nobody has asked for while they were new are read along with the first that is missed', async () => {
  const { clock, loads, ask } = slowRead({ alongUpTo: 3 });
  for (const key of ['a', 'b', 'c']) void ask([key], 0);
  await clock.advance(700_000);
  void ask(['a'], 600_000);
  await clock.advance(5_000);
  expect(loads).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
});
