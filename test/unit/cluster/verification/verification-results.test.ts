/** The findings of pods in memory. */
import { expect, test } from '@jest/globals';
import { createVerificationResults } from '../../../../src/cluster/verification/verification-results.ts';
import type { VerificationView } from '../../../../src/plan/verification/verification-view.ts';
import { createMetrics } from '../../../../src/telemetry/metrics.ts';

function viewOf(state: 'Reachable' | 'Unreachable'): VerificationView {
  const reason = state === 'Reachable' ? 'Succeeded' : 'TimedOut';
  const namespaces = [{ namespace: 'team-a', state, reason, message: '', zones: [] } as const];
  return { kind: 'Known', basis: 'b', namespaces, leftOut: 0 };
}

test('a link is woken for news alone, and namespaces are counted', async () => {
  const woken: string[] = [];
  const metrics = createMetrics({ processMetrics: false });
  const results = createVerificationResults((link) => woken.push(link), metrics);
  const memory = new Map([['team-a', {}]]);
  const counted = async () => {
    const { values } = await metrics.verifiedNamespaces.get();
    return values.map(({ labels, value }) => [labels.state, labels.reason, value]);
  };
  results.note('ml', { view: viewOf('Reachable'), memory });
  results.note('ml', { view: viewOf('Reachable'), memory });
  results.note('other', { view: viewOf('Unreachable'), memory: new Map() });
  expect(woken).toEqual(['ml', 'other']);
  expect(results.memoryOf('ml')).toBe(memory);
  expect(await counted()).toEqual([
    ['Reachable', 'Succeeded', 1],
    ['Unreachable', 'TimedOut', 1],
  ]);
  results.note('ml', { view: undefined, memory: new Map() });
  expect(woken).toEqual(['ml', 'other', 'ml']);
  expect(results.viewOf('ml')).toBeUndefined();
  expect(results.memoryOf('ml').size).toBe(0);
  expect(await counted()).toEqual([['Unreachable', 'TimedOut', 1]]);
});
