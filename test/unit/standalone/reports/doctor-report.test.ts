import { expect, test } from '@jest/globals';
import {
  doctorLines,
  type DoctorReport,
  isHealthy,
} from '../../../../src/standalone/reports/doctor-report.ts';

const words = 'word '.repeat(40).trim();
const report: DoctorReport = {
  places: [
    {
      region: 'eu-west-1',
      checks: [{ area: 'credentials', subject: '1', outcome: 'ok', message: words }],
    },
  ],
  links: [
    {
      name: 'ml',
      region: 'eu-west-1',
      vpcId: 'vpc-1',
      checks: [
        { area: 'quota', subject: 'q', outcome: 'warning', message: words, advice: words },
        { area: 'permission', subject: 'p', outcome: 'unknown', message: words },
      ],
    },
  ],
};

test('no line is longer than the terminal, and the last one counts', () => {
  const lines = doctorLines(report, { color: false, width: 60 });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(lines.at(-1)).toBe('0 problems, 1 warning, 1 check without an answer.');
  expect(lines).toContain('link ml (vpc-1)');
});

test('a problem alone makes it unhealthy', () => {
  expect(isHealthy(report)).toBe(true);
  const [link] = report.links;
  const problem = { area: 'link', subject: 'r', outcome: 'problem', message: 'm' } as const;
  const ill = { ...report, links: [{ name: 'x', region: 'r', ...link, checks: [problem] }] };
  expect(isHealthy(ill)).toBe(false);
});

test('checks without an answer for one reason are one entry, and are counted one by one', () => {
  const unknown = (subject: string, message = 'no group yet') =>
    ({ area: 'permission', subject, outcome: 'unknown', message }) as const;
  const allowed = { area: 'permission', subject: 'c', outcome: 'ok', message: 'm' } as const;
  const checks = [unknown('a'), allowed, unknown('b'), unknown('d', 'no endpoint yet')];
  const lines = doctorLines(
    { places: [], links: [{ name: 'ml', region: 'r', checks }] },
    { color: false, width: 60 },
  );
  expect(lines.slice(1)).toEqual([
    '  ? permission a, b',
    '      no group yet',
    '  ✓ permission c: m',
    '  ? permission d',
    '      no endpoint yet',
    '0 problems, 0 warnings, 3 checks without an answer.',
  ]);
});
