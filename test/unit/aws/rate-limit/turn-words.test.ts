import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { turnWords } from '../../../../src/aws/rate-limit/turn-words.ts';

const action = 'ec2:CreateVpcEndpoint';

test.each([
  [0, 12_000, 'Few calls go first', 'less than a minute'],
  [9, 59_999, 'Few calls go first', 'less than a minute'],
  [18, 60_000, 'About 100 calls go first', 'about 5 minutes'],
  [80, 260_000, 'About 100 calls go first', 'about 5 minutes'],
  [250, 13 * 60_000, 'About 500 calls go first', 'about 30 minutes'],
  [990, 55 * 60_000, 'About 500 calls go first', 'about 30 minutes'],
  [2000, 111 * 60_000, 'About 2000 calls go first', 'about 2 hours'],
  [8000, 444 * 60_000, 'About 10000 calls go first', 'about 8 hours'],
])('%d calls before it, in %d ms', (ahead, waitMs, place, estimate) => {
  const words = turnWords(action, { ahead, waitMs });
  expect(words).toContain(`${action} waits for the call budget`);
  expect(words).toContain(`${place}, and its turn comes in ${estimate}`);
});

test('the words change at most five times on the way from the end of the line to its head', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), (length) => {
      const texts = new Set<string>();
      for (let ahead = length; ahead >= 0; ahead -= 1) {
        texts.add(turnWords(action, { ahead, waitMs: ahead * 3333 }));
      }
      expect(texts.size).toBeLessThanOrEqual(6);
    }),
    { numRuns: 20 },
  );
});
