import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import type { Note } from '../../../src/plan/findings.ts';
import { nothingObserved } from '../../../src/plan/observation.ts';
import type { PassEnd } from '../../../src/plan/pass-end.ts';
import { settled } from '../../../src/plan/stage.ts';
import { changeEvents, eventsOfPass, inOrder } from '../../../src/reconcile/pass-events.ts';

const warning: Note = {
  subject: 'NotebookAccessEnforced',
  reason: 'NotebookAccessWarning',
  message: 'spec.notebookAccess.allowedCIDRs covers 0.0.0.0/0, the whole internet.',
};
const impact: Note = {
  subject: 'NotebookAccessEnforced',
  reason: 'PolicyImpact',
  message: 'With private DNS other policies mean something else inside the VPC.',
};

const noTimes = { seen: {}, settledNames: {} };

function endWith(parts: Partial<PassEnd>): PassEnd {
  const plan = {
    ...settled,
    desired: [],
    subnets: [],
    skippedSubnets: [],
    reached: [],
    gone: false,
    ...noTimes,
  };
  const findings = { problems: [], waits: [] };
  const nothing = { done: [], found: [], notes: [], failed: [], withheld: [], findings };
  return { plan, observation: nothingObserved, ...nothing, ...parts };
}

/** A link whose notebook condition says this. */
function linkThatSays(message: string | undefined): SageMakerPrivateLink {
  const condition = {
    type: 'NotebookAccessEnforced',
    status: 'True',
    reason: 'Succeeded',
    lastTransitionTime: '2026-11-23T00:00:00Z',
    observedGeneration: 1,
  } as const;
  const conditions = message === undefined ? [] : [{ ...condition, message }];
  return {
    metadata: { name: 'ml', uid: 'u-1', generation: 1 },
    status: { observedGeneration: 1, appliedGeneration: 1, conditions },
  } as unknown as SageMakerPrivateLink;
}

test('a note that is new is a warning with its reason', () => {
  const events = eventsOfPass(linkThatSays(undefined), {}, endWith({ notes: [warning, impact] }));
  expect(events).toMatchObject([
    { type: 'Warning', reason: 'NotebookAccessWarning', note: warning.message },
    { type: 'Warning', reason: 'PolicyImpact', note: impact.message },
  ]);
  expect(events[0]?.regarding).toMatchObject({ kind: 'SageMakerPrivateLink', name: 'ml' });
});

test('a note that the condition says already is no event, and another one is', () => {
  const link = linkThatSays(`The policy is in force. ${warning.message}`);
  const events = eventsOfPass(link, link.status ?? {}, endWith({ notes: [warning, impact] }));
  expect(events.map(({ reason }) => reason)).toEqual(['PolicyImpact']);
});

test('a pass in which nothing happened has no event', () => {
  const link = linkThatSays('The policy is in force.');
  expect(eventsOfPass(link, link.status ?? {}, endWith({}))).toEqual([]);
});

test('warnings are told before the rest, and each change with the time of its action', () => {
  const link = linkThatSays('The policy is in force.');
  const found = [{ resource: 'vpce-1', field: 'endpoint', desired: 'present', actual: 'missing' }];
  const reason = 'notebook access is no longer restricted by this link';
  const arn = 'arn:aws:iam::111122223333:policy/sagemaker-privatelink/p';
  const principal = { kind: 'role', name: 'DataScientist' } as const;
  const done = [{ kind: 'DetachPolicy', arn, principal, reason }] as const;
  const condition = link.status?.conditions?.[0];
  if (condition === undefined) throw new Error('the link has no condition');
  const ready = {
    ...condition,
    type: 'Ready',
    status: 'False',
    reason: 'EndpointPending',
  } as const;
  const status = { ...link.status, conditions: [ready] };
  const end = endWith({ found, done });
  const at = new Date('2026-11-23T00:00:07Z');
  const changes = changeEvents(link, end, new Map([[done[0], at]]));
  const events = inOrder([...changes, ...eventsOfPass(link, status as never, end)]);
  expect(events.find(({ reason: word }) => word === 'PolicyDetached')?.at).toBe(at);
  expect(events.map(({ type, reason: word }) => `${type} ${word}`)).toEqual([
    'Warning DriftDetected',
    'Normal PolicyDetached',
    'Normal EndpointPending',
  ]);
});
