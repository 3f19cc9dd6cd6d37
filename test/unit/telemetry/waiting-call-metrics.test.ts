import { expect, test } from '@jest/globals';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import type { WaitingCalls } from '../../../src/telemetry/waiting-call-metrics.ts';

const creations: WaitingCalls = {
  account: '111122223333',
  region: 'eu-west-1',
  action: 'ec2:CreateVpcEndpoint',
  urgency: 'Repair',
  calls: 40,
  longestWaitMs: 12_500,
  estimateMs: 133_000,
};

test('a scrape shows who waits at that moment, and nobody who does not wait any more', async () => {
  const { registry, waitingCalls } = createMetrics({ processMetrics: false });
  let waiting: readonly WaitingCalls[] = [creations];
  waitingCalls.observe(() => waiting);
  const labels =
    '{account="111122223333",region="eu-west-1",service="ec2",action="CreateVpcEndpoint",urgency="Repair"}';
  const text = await registry.metrics();
  expect(text).toContain(`aws_api_calls_waiting${labels} 40`);
  expect(text).toContain(`aws_api_calls_longest_wait_seconds${labels} 12.5`);
  expect(text).toContain(`aws_api_calls_estimated_wait_seconds${labels} 133`);
  waiting = [];
  expect(await registry.metrics()).not.toContain('urgency="Repair"');
});

test('calls of the own account and of IAM have empty labels', async () => {
  const { registry, waitingCalls } = createMetrics({ processMetrics: false });
  const action = 'iam:AttachRolePolicy';
  waitingCalls.observe(() => [{ ...creations, action, account: undefined, region: undefined }]);
  expect(await registry.metrics()).toContain(
    'aws_api_calls_waiting{account="",region="",service="iam",action="AttachRolePolicy",urgency="Repair"} 40',
  );
});
