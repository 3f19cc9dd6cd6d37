import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LinkPlan } from '../../../../src/standalone/link-plan.ts';
import { monthlyCost, usualPrices } from '../../../../src/standalone/monthly-cost.ts';
import { planMarkdown } from '../../../../src/standalone/reports/plan-markdown.ts';

function plan(changes: Partial<LinkPlan> = {}): LinkPlan {
  return {
    name: 'ml',
    region: 'eu-west-1',
    actions: [
      {
        kind: 'CreateTags',
        subject: 'EndpointsAvailable',
        resourceIds: ['vpce-1'],
        tags: { team: 'ml' },
        reason: 'tags team differ from the spec',
      },
    ],
    findings: { problems: [], waits: [] },
    notes: [],
    cost: monthlyCost(3, usualPrices),
    ...changes,
  };
}

test('a section has the count, the cost and the plan as a diff', () => {
  const text = planMarkdown([plan()]);
  expect(text).toContain('### SageMakerPrivateLink `ml`\n');
  expect(text).toMatch(/\*\*Plan: .*\*\* Estimated cost: about \$21\.90 a month/);
  expect(text).toMatch(/```diff\n! /);
});

test('a plan without changes has no fence', () => {
  expect(planMarkdown([plan({ actions: [] })])).not.toContain('```');
});

test('problems that prevent everything are below the count', () => {
  const problem = {
    subject: 'NetworkResolved',
    reason: 'VPCNotFound',
    message: 'no vpc-1',
  } as const;
  const findings = { problems: [{ ...problem, severity: 'stalled' as const }], waits: [] };
  const text = planMarkdown([plan({ actions: [], findings })]);
  expect(text).toContain('before the problems below are solved.');
  expect(text.indexOf('below')).toBeLessThan(text.indexOf('no vpc-1'));
});

test('no text leaves its fence, whoever wrote it', () => {
  const hostile = fc.oneof(
    fc.constantFrom('```', '~~~', '`'.repeat(9), '\n```\n# evil', '<script>', '![x](y)'),
    fc.string(),
  );
  fc.assert(
    fc.property(hostile, (message) => {
      const notes = [{ reason: 'Suspended' as const, message }];
      const lines = planMarkdown([plan({ notes })]).split('\n');
      const begin = lines.findIndex((line) => /^`+diff$/.test(line));
      const fence = lines[begin]?.replace('diff', '') ?? '';
      const isEnd = (line: string): boolean =>
        /^ {0,3}`+ *$/.test(line) && line.trim().length >= fence.length;
      // A fence ends at the first line that is as long; that has to be the last of the section.
      const end = lines.findIndex((line, index) => index > begin && isEnd(line));
      expect(lines.slice(end + 1).join('')).toBe('');
    }),
  );
});
