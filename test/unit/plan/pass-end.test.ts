import { expect, test } from '@jest/globals';
import { findingsOf, type PassEnd } from '../../../src/plan/pass-end.ts';
import type { Problem, Wait } from '../../../src/plan/findings.ts';
import { nothingObserved } from '../../../src/plan/observation.ts';
import { settled } from '../../../src/plan/stage.ts';

const forGroup: Wait = {
  subject: 'EndpointsAvailable',
  reason: 'Progressing',
  message: 'The endpoint for api waits for its security group.',
  awaits: ['SecurityGroupReady'],
};

function endWith(parts: { waits: readonly Wait[]; problems: readonly Problem[] }): PassEnd {
  const plan = { ...settled, ...parts, desired: [], subnets: [], gone: false };
  return { plan, observation: nothingObserved, done: [], found: [], failed: [], withheld: [] };
}

test('an endpoint that waits for a group which needs a person needs that person too', () => {
  const problem = {
    subject: 'SecurityGroupReady',
    reason: 'PrefixListNotFound',
    severity: 'stalled',
    message: 'pl-1 not found.',
  } as const;
  const { problems, waits } = findingsOf(endWith({ waits: [forGroup], problems: [problem] }));
  expect(waits).toEqual([]);
  expect(problems).toEqual([
    problem,
    { ...problem, subject: 'EndpointsAvailable', message: forGroup.message },
  ]);
});

test('an endpoint that waits for a group which AWS is making goes on waiting', () => {
  const making = {
    ...forGroup,
    subject: 'SecurityGroupReady',
    message: 'Not visible yet.',
  } as const;
  const { awaits: _none, ...wait } = making;
  expect(findingsOf(endWith({ waits: [forGroup, wait], problems: [] }))).toEqual({
    problems: [],
    waits: [forGroup, wait],
  });
});
