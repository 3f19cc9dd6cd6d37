/** The findings of pods in a status. */
import { describe, expect, test } from '@jest/globals';
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../../../../src/api/sagemaker-private-link.ts';
import { reportVerification } from '../../../../src/plan/verification/report-verification.ts';
import { verificationBasis } from '../../../../src/plan/verification/verification-basis.ts';
import type {
  NamespaceVerification,
  VerificationView,
} from '../../../../src/plan/verification/verification-view.ts';
import { verifiedLink } from './verification-world.ts';

const link = verifiedLink();
const basis = verificationBasis(link);
const then = '2026-01-01T00:00:00Z';
const now = '2026-01-02T00:00:00Z';

function reported(
  verification: VerificationView | undefined,
  former: SageMakerPrivateLinkStatus = { observedGeneration: 1 },
  of: SageMakerPrivateLink = link,
) {
  const { endpoints, clients } = of.status ?? {};
  return reportVerification(
    {
      owner: { clusterId: 'c', uid: 'u', name: 'ml' },
      spec: of.spec,
      generation: 1,
      deleting: false,
      former,
      remembered: {} as never,
      now,
      ...(verification === undefined ? {} : { verification }),
    },
    { ...(endpoints && { endpoints }), ...(clients && { clients }) },
  );
}

function known(...namespaces: readonly NamespaceVerification[]): VerificationView {
  return { kind: 'Known', basis, namespaces, leftOut: 0 };
}

const well = (namespace: string): NamespaceVerification => {
  return { namespace, state: 'Reachable', reason: 'Succeeded', message: '', zones: [] };
};
const bad = (namespace: string, message = 'It is so.'): NamespaceVerification => {
  return { namespace, state: 'Unreachable', reason: 'TimedOut', message, zones: ['a'] };
};
const awaited = (namespace: string): NamespaceVerification => {
  return { namespace, state: 'Unknown', reason: 'Verifying', message: 'No.', zones: [] };
};
const refused = (namespace: string): NamespaceVerification => {
  return { namespace, state: 'Unknown', reason: 'PodRefused', message: 'Quota.', zones: [] };
};

/** The status after a report. */
function after(view: VerificationView): SageMakerPrivateLinkStatus {
  const { field, verdict } = reported(view);
  if (field === undefined || verdict === undefined) throw new Error('nothing is reported');
  const condition = { ...verdict, lastTransitionTime: then, observedGeneration: 1 };
  return {
    observedGeneration: 1,
    verify: { ...field, lastChangeTime: then },
    conditions: [condition],
  };
}

test.each<[string, VerificationView, string]>([
  ['all well', known(well('a'), well('b')), 'True Succeeded'],
  ['one with a fault', known(well('a'), refused('b'), bad('c')), 'False TimedOut'],
  ['one that cannot tell', known(well('a'), refused('b')), 'Unknown PodRefused'],
  ['no namespace', known(), 'Unknown NoNamespace'],
  ['no verdict yet', known(well('a'), awaited('b')), 'Unknown Verifying'],
  [
    'other addresses',
    { ...(known(well('a')) as object), basis: 'x' } as never,
    'Unknown Verifying',
  ],
  ['nobody who starts pods', { kind: 'Disabled' }, 'Unknown VerifyDisabled'],
  ['pods that cannot be read', { kind: 'Unknown', message: 'No.' }, 'Unknown ClusterUnavailable'],
  ['a process that has just begun', { kind: 'Pending' }, 'Unknown Verifying'],
])('%s', (_, view, expected) => {
  const { verdict } = reported(view);
  expect(`${verdict?.status} ${verdict?.reason}`).toBe(expected);
});

test('a link that is not verified says nothing of it', () => {
  const { verify: _, ...spec } = link.spec;
  const unverified = { ...link, spec };
  expect(reported(known(well('a')), after(known(well('a'))), unverified)).toEqual({
    field: undefined,
    verdict: undefined,
  });
});

test('the summary has counts and namespaces with what is wrong, those with a fault first', () => {
  expect(reported(known(refused('a'), well('b'), bad('c'))).field).toEqual({
    namespaces: 3,
    reachable: 1,
    failing: [
      {
        namespace: 'c',
        state: 'Unreachable',
        reason: 'TimedOut',
        zones: ['a'],
        message: 'It is so.',
      },
      { namespace: 'a', state: 'Unknown', reason: 'PodRefused', message: 'Quota.' },
    ],
    basis,
    lastChangeTime: now,
  });
});

describe('what is not news', () => {
  test.each<[string, VerificationView, VerificationView]>([
    ['the same again', known(well('a'), bad('b')), known(well('a'), bad('b'))],
    ['a process that has just begun', known(bad('a')), { kind: 'Pending' }],
    ['one that knows nothing yet', known(well('a'), bad('b')), known(awaited('a'), awaited('b'))],
    ['one that knows a part', known(well('a'), bad('b')), known(awaited('a'), bad('b'))],
  ])('%s leaves the status as it is', (_, before, view) => {
    const former = after(before);
    const { field, verdict } = reported(view, former);
    expect(field).toEqual(former.verify);
    expect(verdict).toMatchObject({
      status: former.conditions?.[0]?.status,
      message: former.conditions?.[0]?.message,
    });
  });

  test.each<[string, VerificationView]>([
    ['another verdict', known(well('a'), well('b'))],
    ['a fault where one is awaited elsewhere', known(bad('a'), awaited('b'))],
    ['the same fault in other words', known(well('a'), bad('b', 'It is otherwise.'))],
    ['another namespace', known(well('a'), bad('b'), awaited('c'))],
  ])('%s is told at once', (_, view) => {
    const former = after(known(well('a'), bad('b')));
    expect(reported(view, former).field).toMatchObject({ lastChangeTime: now });
  });
});

test('of many namespaces twenty are shown, and three are named', () => {
  const many = Array.from({ length: 25 }, (_, index) => bad(`n${index}`, `Wrong ${index}.`));
  const { field, verdict } = reported(known(...many));
  expect(field?.failing).toHaveLength(20);
  expect(verdict?.message).toBe(
    '25 of 25 namespaces see a fault. n0: Wrong 0. n1: Wrong 1. n2: Wrong 2. And 22 more, see status.verify.failing.',
  );
});
