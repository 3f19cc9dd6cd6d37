/** Termination messages of pods: whatever fits in comes out again, and nothing else. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeReport,
  encodeReport,
  faultReasons,
  longestReport,
  type VerificationReport,
} from '../../../src/api/verification-report.ts';

const names = fc.stringMatching(/^[a-z0-9.:-]{1,253}$/);
const counts = fc.nat(10_000);
const zone = fc.record({ zone: names, tried: counts, reached: counts });
const fault = fc.record({
  reason: fc.constantFrom(...faultReasons),
  count: counts,
  zones: fc.array(names, { maxLength: 64 }),
  subjects: fc.array(names, { maxLength: 3 }),
});
const reports: fc.Arbitrary<VerificationReport> = fc
  .record({
    zones: fc.array(zone, { maxLength: 64 }),
    faults: fc.uniqueArray(fault, { selector: ({ reason }) => reason }),
  })
  .map((one) => ({ ...one, reachable: one.faults.length === 0 }));

test('every report fits into a termination message, and keeps all reasons with their counts', () => {
  fc.assert(
    fc.property(reports, (report) => {
      const text = encodeReport(report);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestReport);
      const read = decodeReport(text);
      const counted = (one: VerificationReport | undefined) =>
        one?.faults.map(({ reason, count }) => [reason, count]);
      expect(counted(read)).toEqual(counted(report));
      expect(read?.reachable).toBe(report.reachable);
    }),
  );
});

const small: VerificationReport = {
  reachable: false,
  zones: [{ zone: 'us-east-1a', tried: 2, reached: 1 }],
  faults: [{ reason: 'TimedOut', count: 1, zones: ['us-east-1a'], subjects: ['10.0.1.17'] }],
};

test('a report that fits is handed over as it is', () => {
  expect(decodeReport(encodeReport(small))).toEqual(small);
});

test('the longest report keeps its reasons and loses the rest', () => {
  const long = (index: number): string => `${index}.`.padEnd(253, 'x');
  const everything = Array.from({ length: 64 }, (_, index) => long(index));
  const largest: VerificationReport = {
    reachable: false,
    zones: everything.map((one) => ({ zone: one, tried: 10_000, reached: 10_000 })),
    faults: faultReasons.map((reason) => {
      return { reason, count: 10_000, zones: everything, subjects: everything.slice(0, 3) };
    }),
  };
  const text = encodeReport(largest);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestReport);
  expect(decodeReport(text)?.faults.map(({ reason }) => reason)).toEqual(faultReasons);
});

test.each([
  ['words of a crash', 'error: out of memory'],
  ['nothing', ''],
  ['another JSON', '{"version":1}'],
  ['a version to come', JSON.stringify({ version: 2, ...small })],
  ['a reason that there is not', forged({ reason: 'Reachable' })],
  ['a sentence in place of a name', forged({ subjects: ['call 555 now'] })],
  ['a count below nothing', forged({ count: -1 })],
  ['a verdict that contradicts itself', JSON.stringify({ version: 1, ...small, reachable: true })],
  ['more than the kubelet takes', encodeReport(small) + ' '.repeat(longestReport)],
])('%s is no report', (_, text) => {
  expect(decodeReport(text)).toBeUndefined();
});

function forged(fields: object): string {
  const faults = [{ ...small.faults[0], ...fields }];
  return JSON.stringify({ version: 1, ...small, faults });
}
