import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTokenBucket } from '../../../src/runtime/token-bucket.ts';

const limits = fc.record({
  burst: fc.integer({ min: 1, max: 20 }),
  perSecond: fc.double({ min: 0.01, max: 50, noNaN: true }),
});
const pausesMs = fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 60 });

test('no window of time sees more turns than the burst and what came back in it', () => {
  fc.assert(
    fc.property(limits, pausesMs, fc.boolean(), (limit, pauses, isReserved) => {
      const bucket = createTokenBucket(limit, 0);
      const turns: number[] = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        if (isReserved) turns.push(now + bucket.reserve(now));
        else if (bucket.take(now)) turns.push(now);
      }
      expect(turns).toEqual(turns.toSorted((a, b) => a - b));
      for (const [first, from] of turns.entries()) {
        for (const [last, until] of turns.entries()) {
          if (last < first) continue;
          const allowed = limit.burst + ((until - from) / 1000) * limit.perSecond;
          expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-3);
        }
      }
    }),
  );
});

test('a token that is given back is the next one', () => {
  const bucket = createTokenBucket({ burst: 1, perSecond: 1 }, 0);
  expect(bucket.reserve(0)).toBe(0);
  expect(bucket.reserve(0)).toBe(1000);
  bucket.giveBack();
  expect(bucket.reserve(0)).toBe(1000);
  expect(bucket.take(1_000)).toBe(false);
  expect(bucket.take(2_000)).toBe(true);
});
