import { afterEach, expect, test } from '@jest/globals';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { type SimulatedCloud, startSimulatedCloud } from '../simulated-cloud.ts';

let world: SimulatedCloud;

afterEach(() => world.close());

test("AWS's own limits are never hit while ours are kept", async () => {
  world = await startSimulatedCloud({
    simulator: { throttling: true },
    directory: { limits: {}, maxWaitMs: 0 },
  });
  const { simulator, apply, creation } = world;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      apply(creation({ clientToken: `token-${index}`, privateDnsEnabled: false })),
    ),
  );
  const sentAway = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  expect(sentAway).toHaveLength(7);
  for (const error of sentAway) {
    expect(error).toBeInstanceOf(CloudError);
    expect(error).toMatchObject({ kind: 'Throttled', code: 'CallBudgetSpent' });
  }
  expect(simulator.callCounts()['CreateVpcEndpoint']).toBe(3);
});

test('a call that AWS throttles surfaces as throttled after a few tries', async () => {
  const unlimited = { burst: 1000, perSecond: 1000 };
  world = await startSimulatedCloud({
    simulator: { throttling: true },
    directory: { limits: { 'ec2:CreateVpcEndpoint': unlimited } },
  });
  const { simulator, apply, creation } = world;
  const effect = { kind: 'error', code: 'RequestLimitExceeded', httpStatus: 503 } as const;
  simulator.faults.add({ action: 'CreateVpcEndpoint', effect });
  await expect(apply(creation({}))).rejects.toMatchObject({
    kind: 'Throttled',
    code: 'RequestLimitExceeded',
  });
  expect(simulator.callCounts()['CreateVpcEndpoint']).toBe(3);
});
