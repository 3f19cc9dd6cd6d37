import { expect, test } from '@jest/globals';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

/** From controller-runtime's and client-go's sources. */
const wellKnown = [
  'controller_runtime_reconcile_total',
  'controller_runtime_reconcile_errors_total',
  'controller_runtime_reconcile_time_seconds',
  'controller_runtime_active_workers',
  'controller_runtime_max_concurrent_reconciles',
  'workqueue_depth',
  'workqueue_adds_total',
  'workqueue_queue_duration_seconds',
  'workqueue_work_duration_seconds',
  'workqueue_unfinished_work_seconds',
  'workqueue_longest_running_processor_seconds',
  'workqueue_retries_total',
  'rest_client_requests_total',
  'leader_election_master_status',
];

test('the names that dashboards for controllers ask for are there', async () => {
  const { registry } = createMetrics();
  const names = registry.getMetricsAsArray().map((metric) => metric.name);
  expect(names).toEqual(expect.arrayContaining(wellKnown));
});

/** Has a bound of its own, as link-counts.test shows. */
const ofEachLink = 'sagemaker_privatelink_link_condition';

test('no other metric has a label that grows with the number of objects', async () => {
  const { registry } = createMetrics({ processMetrics: false });
  const allowed = ['action', 'cause', 'code', 'condition', 'controller', 'host', 'kind', 'method'];
  const more = [
    'name',
    'priority',
    'reason',
    'resource',
    'result',
    'service',
    'state',
    'status',
    'type',
    'urgency',
    'verb',
  ];
  // There are as many of these as an administrator has set up.
  const places = ['account', 'region'];
  for (const metric of registry.getMetricsAsArray()) {
    const { labelNames = [] } = metric as { labelNames?: string[] };
    if (metric.name === ofEachLink) continue;
    expect([...allowed, ...more, ...places]).toEqual(expect.arrayContaining(labelNames));
  }
});

test('two sets of metrics do not share state', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.aws.calls.inc({ service: 'ec2', action: 'DescribeVpcs', result: 'success' });
  expect(await two.registry.metrics()).not.toContain('DescribeVpcs');
});
