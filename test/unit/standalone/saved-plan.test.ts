import { expect, test } from '@jest/globals';
import type { LinkPlan } from '../../../src/standalone/link-plan.ts';
import { isStill, readSavedPlan, savedPlanText } from '../../../src/standalone/saved-plan.ts';
import { plainSpec } from '../../model/generated-specs.ts';

const link = {
  name: 'ml',
  uid: 'u',
  owner: { clusterId: 'c', uid: 'u', name: 'ml' },
  spec: plainSpec,
};

function plan(team: string, name = 'ml'): LinkPlan {
  return {
    name,
    region: 'eu-west-1',
    actions: [
      {
        kind: 'CreateTags',
        subject: 'EndpointsAvailable',
        resourceIds: ['vpce-1'],
        tags: { team },
        reason: 'tags differ',
      },
    ],
    findings: { problems: [], waits: [] },
    notes: [],
  };
}

const quiet: LinkPlan = { ...plan('ml', 'quiet'), actions: [] };

test('a plan that is the same is still what was saved; another one is not', () => {
  const saved = readSavedPlan(savedPlanText('c', [link], [plan('ml'), quiet]));
  expect(saved).toMatchObject({ clusterId: 'c', manifests: [{ metadata: { name: 'ml' } }] });
  expect(isStill(saved, [plan('ml')])).toBe(true);
  expect(isStill(saved, [plan('fraud')])).toBe(false);
  expect(isStill(saved, [])).toBe(false);
  expect(isStill(saved, [plan('ml'), plan('ml', 'another')])).toBe(false);
});

test.each(['', '{}', '[1]', '{"plans": []}', '{"form": "sagemaker-privatelink saved plan 1"}'])(
  '%j is no saved plan, which is said',
  (text) => {
    expect(() => readSavedPlan(text)).toThrow(RangeError);
  },
);
