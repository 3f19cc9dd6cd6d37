import { expect, test } from '@jest/globals';
import type { Condition } from '../../../src/api/sagemaker-private-link.ts';
import { itemError } from '../../../src/aws/client/to-cloud-error.ts';
import { findingFromError } from '../../../src/plan/cloud-problems.ts';
import { createProgressText } from '../../../src/standalone/progress-text.ts';

const action = {
  kind: 'DeleteVpcEndpoints',
  endpointIds: ['vpce-1'],
  reason: 'the spec has it no more',
} as const;

function condition(type: string, status: 'True' | 'False', message: string): Condition {
  const lastTransitionTime = '2026-11-28T00:00:00Z';
  const base = { lastTransitionTime, observedGeneration: 1, reason: 'AccessDenied' };
  return { type, status, message, ...base } as Condition;
}

test('one error is printed once, by the condition that it concerns', () => {
  const text = createProgressText('ml');
  const error = itemError('ec2:DeleteVpcEndpoints', 'UnauthorizedOperation', '');
  const found = findingFromError({ error, subject: 'EndpointsAvailable' });
  const message = 'problem' in found ? found.problem.message : '';
  const lines = [
    ...text.linesOf({ kind: 'refused', action, error }),
    ...text.linesOf({
      kind: 'status',
      findings: { problems: [], waits: [] },
      status: {
        conditions: [
          condition('Ready', 'False', message),
          condition('Stalled', 'True', message),
          condition('EndpointsAvailable', 'False', message),
        ],
      },
    }),
  ];
  expect(lines).toEqual([
    'ml: DeleteVpcEndpoints: AWS refused (UnauthorizedOperation)',
    `ml: EndpointsAvailable=False (AccessDenied) ${message}`,
    'ml: Ready=False (AccessDenied)',
    'ml: Stalled=True (AccessDenied)',
  ]);
});

test('what was made is told with its id, and what waits is not refused', () => {
  const text = createProgressText('ml');
  const made = { kind: 'changed', action, id: 'vpce-2' } as const;
  expect(text.linesOf(made)).toEqual([
    'ml: DeleteVpcEndpoints done (vpce-2): the spec has it no more',
  ]);
  const error = itemError('ec2:DeleteVpcEndpoints', 'CallBudgetSpent', '');
  expect(text.linesOf({ kind: 'refused', action, error })).toEqual([
    'ml: DeleteVpcEndpoints: waits for its turn (CallBudgetSpent)',
  ]);
});
