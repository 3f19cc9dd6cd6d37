import { expect, test } from '@jest/globals';
import type { LinkPlan } from '../../../src/standalone/link-plan.ts';
import {
  firstUnplanned,
  isSavedPlan,
  readSavedPlan,
  savedPlanText,
} from '../../../src/standalone/saved-plan.ts';
import { plainSpec } from '../../model/generated-specs.ts';

const link = {
  name: 'ml',
  uid: 'u',
  owner: { clusterId: 'c', uid: 'u', name: 'ml' },
  spec: plainSpec,
};

function tagging(team: string, ...resourceIds: readonly string[]): LinkPlan['actions'][number] {
  const reason = 'tags differ';
  return { kind: 'CreateTags', subject: 'EndpointsAvailable', resourceIds, tags: { team }, reason };
}

function plan(actions: LinkPlan['actions'], name = 'ml'): LinkPlan {
  const findings = { problems: [], waits: [] };
  return { name, region: 'eu-west-1', actions, findings, notes: [] };
}

function saved(...actions: LinkPlan['actions']): ReturnType<typeof readSavedPlan> {
  return readSavedPlan(savedPlanText('c', [link], [plan(actions), plan([], 'quiet')]));
}

const [one, two] = [tagging('ml', 'vpce-1'), tagging('ml', 'vpce-2')];

test('what is left of a saved plan is planned; another field, action or link is not', () => {
  const then = saved(one, two);
  expect(then).toMatchObject({ clusterId: 'c', manifests: [{ metadata: { name: 'ml' } }] });
  for (const left of [[one, two], [two], []]) {
    expect(firstUnplanned(then, [plan(left)])).toBeUndefined();
  }
  expect(firstUnplanned(then, [plan([tagging('fraud', 'vpce-1')])])).toBe(
    'ml: CreateTags (because tags differ): tags.team is "fraud" now and "ml" in the plan',
  );
  expect(firstUnplanned(then, [plan([one, one])])).toContain('resourceIds.0 is "vpce-1" now');
  expect(firstUnplanned(then, [plan([one, two, two])])).toContain('no such action left');
  expect(firstUnplanned(then, [plan([one]), plan([two], 'another')])).toMatch(/^another: /);
});

const words = (what: string): string => `(known after apply) for ${what}`;

test('words stand for one id that AWS gave since, in every action and at any place of a list', () => {
  const then = saved(tagging('ml', words('a')), tagging('ml', 'vpce-5', words('a')));
  const now = (...ids: readonly string[]): readonly LinkPlan[] => [
    plan([tagging('ml', 'vpce-1'), tagging('ml', ...ids)]),
  ];
  expect(firstUnplanned(then, now('vpce-1', 'vpce-5'))).toBeUndefined();
  expect(firstUnplanned(then, now('vpce-5', 'vpce-9'))).toContain('vpce-9');
  expect(firstUnplanned(then, now('vpce-1', 'vpce-6'))).toContain('vpce-6');
  expect(firstUnplanned(then, [plan([tagging('ml', words('b'))])])).toContain('for b');
});

test('an action that words of several endpoints fit is the one with which the others fit, too', () => {
  const [a, b] = [words('a'), words('b')];
  const then = saved(tagging('ml', a), tagging('ml', b), tagging('fraud', b));
  const now = [plan([tagging('ml', 'vpce-2'), tagging('fraud', 'vpce-2')])];
  expect(firstUnplanned(then, now)).toBeUndefined();
  const other = [
    plan([tagging('ml', 'vpce-2'), tagging('ml', 'vpce-1'), tagging('fraud', 'vpce-3')]),
  ];
  expect(firstUnplanned(then, other)).toContain('vpce-3');
});

test('what was there of a resource that the plan made is no difference; what it was of others is', () => {
  const changed = (before?: object): LinkPlan['actions'][number] => ({
    ...one,
    ...(before === undefined ? {} : { before: { ...before } }),
  });
  expect(firstUnplanned(saved(one), [plan([changed({ tags: {} })])])).toBeUndefined();
  expect(
    firstUnplanned(saved(changed({ tags: {} })), [plan([changed({ tags: { team: 'x' } })])]),
  ).toContain('before.tags.team is "x" now and absent in the plan');
});

test('the rule of a new group is the one that AWS gave it', () => {
  const egress = (id: string, cidr = '0.0.0.0/0'): LinkPlan['actions'][number] => ({
    kind: 'RevokeEgress',
    groupId: 'sg-1',
    rules: [
      { id, isEgress: true, protocol: '-1', fromPort: -1, toPort: -1, source: { cidr }, tags: {} },
    ],
    reason: 'r',
  });
  expect(firstUnplanned(saved(egress('')), [plan([egress('sgr-1')])])).toBeUndefined();
  expect(firstUnplanned(saved(egress('')), [plan([egress('sgr-1', '10.0.0.0/8')])])).toContain(
    'rules.0.source.cidr',
  );
  expect(firstUnplanned(saved(egress('sgr-2')), [plan([egress('sgr-1')])])).toContain('sgr-2');
});

test('a saved plan is known as one, also of another version', () => {
  expect(isSavedPlan(savedPlanText('c', [link], []))).toBe(true);
  expect(isSavedPlan('{"form": "sagemaker-privatelink saved plan 0"}')).toBe(true);
  expect(isSavedPlan('{"kind": "List"}')).toBe(false);
  expect(isSavedPlan('kind: SageMakerPrivateLink')).toBe(false);
});

test.each(['', '{}', '[1]', '{"plans": []}', '{"form": "sagemaker-privatelink saved plan 1"}'])(
  '%j is no saved plan, which is said',
  (text) => {
    expect(() => readSavedPlan(text)).toThrow(RangeError);
  },
);
