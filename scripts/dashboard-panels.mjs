/**
 * The rows of the Grafana dashboard, from the question that an engineer on call asks first to the ones after
 * it. A panel has a title, queries with their legends, a unit of Grafana's, and its kind.
 */
const leader = 'leader_election_master_status{name="sagemaker-privatelink-operator"}';

export const rows = [
  {
    title: 'Are the links well?',
    panels: [
      stat(
        'Ready',
        'sum(sagemaker_privatelink_links{condition="Ready",status="True"}) or vector(0)',
      ),
      stat(
        'Not ready',
        'sum(sagemaker_privatelink_links{condition="Ready",status!="True",reason!="Suspended"}) or vector(0)',
        { bad: 1 },
      ),
      stat('Orphans', 'sum(sagemaker_privatelink_orphans) or vector(0)', { bad: 1 }),
      stat(
        'Failing namespaces',
        'sum(sagemaker_privatelink_namespaces{state="Failing"}) or vector(0)',
        { bad: 1 },
      ),
      table(
        'Links that are not ready, with the reason',
        'max by (link, status, reason) (sagemaker_privatelink_link_condition{condition="Ready",status!="True"})',
      ),
      lines('Links that are not ready, by reason', 'links', [
        [
          'sum by (reason) (sagemaker_privatelink_links{condition="Ready",status!="True"})',
          '{{reason}}',
        ],
      ]),
      lines('Conditions that are not True', 'links', [
        [
          'sum by (condition) (sagemaker_privatelink_links{status!="True",reason!="Suspended"})',
          '{{condition}}',
        ],
      ]),
      lines('Namespaces', 'short', [
        ['sum by (state) (sagemaker_privatelink_namespaces)', '{{state}}'],
        [
          'sum by (state, reason) (sagemaker_privatelink_verified_namespaces)',
          'verified: {{state}} {{reason}}',
        ],
      ]),
    ],
  },
  {
    title: 'Does the operator work?',
    panels: [
      stat('Replicas with the duties of the cluster', `sum(${leader}) or vector(0)`),
      lines('Places of each replica', 'short', [
        ['sum by (pod) (sagemaker_privatelink_place_held)', '{{pod}}'],
      ]),
      lines('Since the last look for drift', 's', [
        [
          'time() - max by (account, region) (sagemaker_privatelink_last_sweep_timestamp_seconds)',
          '{{account}} {{region}}',
        ],
      ]),
      lines('Passes by result', 'ops', [
        [
          'sum by (controller, result) (rate(controller_runtime_reconcile_total[$__rate_interval]))',
          '{{controller}} {{result}}',
        ],
        [
          'sum by (controller) (rate(controller_runtime_reconcile_errors_total[$__rate_interval]))',
          '{{controller}} errors',
        ],
      ]),
      lines(
        'Length of a pass',
        's',
        quantiles('controller_runtime_reconcile_time_seconds', 'controller'),
      ),
      lines('Keys that wait, and for how long', 's', [
        ['sum by (name) (workqueue_depth)', '{{name}} keys'],
        ...quantiles('workqueue_queue_duration_seconds', 'name'),
      ]),
      lines('Workers in a pass', 'short', [
        ['sum by (controller) (controller_runtime_active_workers)', '{{controller}}'],
        [
          'max by (controller) (controller_runtime_max_concurrent_reconciles)',
          '{{controller}} at most',
        ],
      ]),
      lines('Events given up', 'ops', [
        ['sum(rate(sagemaker_privatelink_events_dropped_total[$__rate_interval]))', 'dropped'],
        ['sum(rate(sagemaker_privatelink_events_joined_total[$__rate_interval]))', 'joined'],
      ]),
    ],
  },
  {
    title: 'Does AWS answer?',
    panels: [
      lines('Calls that AWS did not grant', 'ops', [
        [
          'sum by (service, action, result) (rate(aws_api_calls_total{result!="ok"}[$__rate_interval]))',
          '{{service}}:{{action}} {{result}}',
        ],
      ]),
      lines('Calls', 'ops', [
        [
          'sum by (service, action) (rate(aws_api_calls_total[$__rate_interval]))',
          '{{service}}:{{action}}',
        ],
      ]),
      lines('Calls that wait for their turn', 'short', [
        [
          'sum by (service, action, urgency) (aws_api_calls_waiting)',
          '{{service}}:{{action}} {{urgency}}',
        ],
      ]),
      lines('Longest wait for a turn, and the estimate for the last', 's', [
        [
          'max by (service, action) (aws_api_calls_longest_wait_seconds)',
          '{{service}}:{{action}} waited',
        ],
        [
          'max by (service, action) (aws_api_calls_estimated_wait_seconds)',
          '{{service}}:{{action}} estimate',
        ],
      ]),
      lines('Length of a call', 's', quantiles('aws_api_call_duration_seconds', 'action')),
    ],
  },
  {
    title: 'Does the API server answer?',
    panels: [
      lines('Requests by code', 'ops', [
        [
          'sum by (code, method) (rate(rest_client_requests_total[$__rate_interval]))',
          '{{method}} {{code}}',
        ],
      ]),
      lines('Length of a request', 's', quantiles('rest_client_request_duration_seconds', 'verb')),
      lines(
        'Waiting for the own rate limit',
        's',
        quantiles('rest_client_rate_limiter_duration_seconds', 'verb'),
      ),
      lines('Watches: failures and full lists', 'ops', [
        [
          'sum by (resource, kind) (rate(sagemaker_privatelink_watch_failures_total[$__rate_interval]))',
          '{{resource}} {{kind}}',
        ],
        [
          'sum by (resource, cause) (rate(sagemaker_privatelink_watch_lists_total[$__rate_interval]))',
          '{{resource}} list: {{cause}}',
        ],
      ]),
      lines('Drift events and early looks', 'ops', [
        [
          'sum by (result) (rate(sagemaker_privatelink_drift_events_total[$__rate_interval]))',
          'event: {{result}}',
        ],
        ['sum(rate(sagemaker_privatelink_early_looks_total[$__rate_interval]))', 'early looks'],
      ]),
      lines('Objects in the caches', 'short', [
        ['max by (resource) (sagemaker_privatelink_watch_objects)', '{{resource}}'],
      ]),
    ],
  },
  {
    title: 'Does the process have room?',
    panels: [
      lines('Memory', 'bytes', [
        [
          'max by (pod) (process_resident_memory_bytes{job="sagemaker-privatelink-metrics"})',
          '{{pod}} resident',
        ],
        [
          'max by (pod) (nodejs_heap_size_used_bytes{job="sagemaker-privatelink-metrics"})',
          '{{pod}} heap',
        ],
      ]),
      lines('CPU', 'short', [
        [
          'sum by (pod) (rate(process_cpu_seconds_total{job="sagemaker-privatelink-metrics"}[$__rate_interval]))',
          '{{pod}}',
        ],
      ]),
      lines('Event loop lag', 's', [
        [
          'max by (pod) (nodejs_eventloop_lag_p99_seconds{job="sagemaker-privatelink-metrics"})',
          '{{pod}}',
        ],
      ]),
    ],
  },
];

function stat(title, expr, { bad } = {}) {
  return { title, kind: 'stat', unit: 'short', queries: [[expr, '']], bad };
}

function table(title, expr) {
  return { title, kind: 'table', unit: 'short', queries: [[expr, '']] };
}

function lines(title, unit, queries) {
  return { title, kind: 'timeseries', unit: unit === 'links' ? 'short' : unit, queries };
}

/** The median and the slowest twentieth of a histogram, by a label. */
function quantiles(metric, label) {
  return [0.5, 0.95].map((quantile) => [
    `histogram_quantile(${quantile}, sum by (le, ${label}) (rate(${metric}_bucket[$__rate_interval])))`,
    `{{${label}}} p${quantile * 100}`,
  ]);
}
