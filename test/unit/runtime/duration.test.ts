import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { durationMs, durationText } from '../../../src/runtime/duration.ts';

test.each([
  ['60s', 60_000],
  ['1h30m', 5_400_000],
  ['10m', 600_000],
  ['0.5s', 500],
  ['300ms', 300],
  ['1m0.25s', 60_250],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['', '5', 's', '1s1m', '1d', '-1s', '1 s', ' 1s', '1s\n', '.5s', '1.s', '1S', '1e3s'])(
  '%j is no duration',
  (text) => {
    expect(() => durationMs(text)).toThrow(RangeError);
  },
);

test('whole milliseconds survive being written down', () => {
  fc.assert(fc.property(fc.nat({ max: 10 ** 9 }), (ms) => durationMs(durationText(ms)) === ms));
});
