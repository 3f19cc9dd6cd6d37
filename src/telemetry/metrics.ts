import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { createWaitingCallMetrics, type WaitingCallMetrics } from './waiting-call-metrics.ts';
import { createHintMetrics, type HintMetrics } from './hint-metrics.ts';
import { createWorkQueueMetrics, type WorkQueueMetrics } from './work-queue-metrics.ts';

/**
 * Every metric of the operator. Names are controller-runtime's and client-go's where they have
 * one, so that dashboards made for those work unchanged. One metric alone has a series for each link
 * (`linkConditions`), and that up to a limit: the number of all others does not grow with the links.
 */
export interface Metrics {
  readonly registry: Registry;
  readonly reconcile: ReconcileMetrics;
  readonly workQueue: WorkQueueMetrics;
  readonly rest: RestMetrics;
  readonly watch: WatchMetrics;
  readonly leader: Gauge<'name'>;
  /** sagemaker_privatelink_place_held{account,region}: 1 for each place that this replica works on. */
  readonly places: Gauge<'account' | 'region'>;
  readonly aws: AwsMetrics;
  readonly waitingCalls: WaitingCallMetrics;
  /** sagemaker_privatelink_links: how many links have a condition in a status, for a reason. */
  readonly links: Gauge<'condition' | 'status' | 'reason'>;
  /** sagemaker_privatelink_link_condition: 1 for what each condition of each link is at the moment. */
  readonly linkConditions: Gauge<'link' | 'condition' | 'status' | 'reason'>;
  /** sagemaker_privatelink_link_conditions_left_out: links that are too many for a series each. */
  readonly linkConditionsLeftOut: Gauge;
  /** Says how the three are set, at each scrape: counting looks at every link. */
  readonly countLinksBy: (count: () => void) => void;
  /** sagemaker_privatelink_namespaces{state}: how many namespaces are in a state, for each link once. */
  readonly namespaces: Gauge<'state'>;
  /**
   * sagemaker_privatelink_verified_namespaces{state,reason}: from how many namespaces links are
   * verified, by what pods see.
   */
  readonly verifiedNamespaces: Gauge<'state' | 'reason'>;
  /** sagemaker_privatelink_orphans{account,region,kind}: resources of links that are no more. */
  readonly orphans: Gauge<'account' | 'region' | 'kind'>;
  /** When AWS was last looked at for drift, as Unix time in seconds. */
  readonly lastSweep: Gauge<'account' | 'region'>;
  /** sagemaker_privatelink_events_dropped_total: Kubernetes Events given up. */
  readonly eventsDropped: Counter;
  /** sagemaker_privatelink_events_joined_total: Kubernetes Events told by another one. */
  readonly eventsJoined: Counter;
  readonly hints: HintMetrics;
  /** sagemaker_privatelink_crd_missing_fields: what an older CRD in the cluster lacks. */
  readonly crdMissingFields: Gauge;
}

export interface ReconcileMetrics {
  readonly total: Counter<'controller' | 'result'>;
  readonly errors: Counter<'controller'>;
  readonly seconds: Histogram<'controller'>;
  readonly activeWorkers: Gauge<'controller'>;
  readonly maxWorkers: Gauge<'controller'>;
}

export interface RestMetrics {
  readonly requests: Counter<'code' | 'method' | 'host'>;
  readonly seconds: Histogram<'verb' | 'host'>;
  readonly limiterSeconds: Histogram<'verb' | 'host'>;
}

export interface WatchMetrics {
  /** Full lists, by why they were made. */
  readonly lists: Counter<'resource' | 'cause'>;
  readonly failures: Counter<'resource' | 'kind'>;
  readonly events: Counter<'resource' | 'type'>;
  readonly objects: Gauge<'resource'>;
}

export interface AwsMetrics {
  readonly calls: Counter<'service' | 'action' | 'result'>;
  readonly seconds: Histogram<'service' | 'action'>;
}

/** controller-runtime's buckets of controller_runtime_reconcile_time_seconds, thinned out. */
const reconcileBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const requestBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** Creates all metrics in a registry of their own, with those of the Node process. */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry });
  return {
    registry,
    reconcile: createReconcileMetrics(registry),
    workQueue: createWorkQueueMetrics(registry),
    rest: createRestMetrics(registry),
    watch: createWatchMetrics(registry),
    ...createSharingMetrics(registry),
    aws: createAwsMetrics(registry),
    waitingCalls: createWaitingCallMetrics(registry),
    ...createLinkMetrics(registry),
    namespaces: new Gauge({
      name: 'sagemaker_privatelink_namespaces',
      help: 'Namespaces that SageMakerPrivateLinks select, counted for each link, by state.',
      labelNames: ['state'],
      registers: [registry],
    }),
    verifiedNamespaces: new Gauge({
      name: 'sagemaker_privatelink_verified_namespaces',
      help: 'Namespaces that SageMakerPrivateLinks are verified from, by state and most telling fault.',
      labelNames: ['state', 'reason'],
      registers: [registry],
    }),
    orphans: new Gauge({
      name: 'sagemaker_privatelink_orphans',
      help: 'Resources at AWS with the id of this cluster whose SageMakerPrivateLink is no more.',
      labelNames: ['account', 'region', 'kind'],
      registers: [registry],
    }),
    lastSweep: new Gauge({
      name: 'sagemaker_privatelink_last_sweep_timestamp_seconds',
      help: 'Unix time at which AWS was last looked at for drift, in seconds.',
      labelNames: ['account', 'region'],
      registers: [registry],
    }),
    eventsDropped: new Counter({
      name: 'sagemaker_privatelink_events_dropped_total',
      help: 'Kubernetes Events that were not written: over the rate limit or refused.',
      registers: [registry],
    }),
    eventsJoined: new Counter({
      name: 'sagemaker_privatelink_events_joined_total',
      help: 'Kubernetes Events whose note another one of the same object and reason has, because many waited.',
      registers: [registry],
    }),
    hints: createHintMetrics(registry),
    crdMissingFields: new Gauge({
      name: 'sagemaker_privatelink_crd_missing_fields',
      help: 'Fields that the operator uses and the CRD in the cluster lacks, as far as this replica has seen.',
      registers: [registry],
    }),
  };
}

function createSharingMetrics(registry: Registry): Pick<Metrics, 'leader' | 'places'> {
  const registers = [registry];
  return {
    leader: new Gauge({
      name: 'leader_election_master_status',
      help: 'Whether this replica has the duties of the cluster, of which there is one owner: 1 it has, 0 not.',
      labelNames: ['name'],
      registers,
    }),
    places: new Gauge({
      name: 'sagemaker_privatelink_place_held',
      help: '1 for each account and region that this replica works on; the account is a name of the account map.',
      labelNames: ['account', 'region'],
      registers,
    }),
  };
}

function createLinkMetrics(
  registry: Registry,
): Pick<Metrics, 'links' | 'linkConditions' | 'linkConditionsLeftOut' | 'countLinksBy'> {
  const registers = [registry];
  let count = (): void => undefined;
  return {
    countLinksBy: (counting) => void (count = counting),
    links: new Gauge({
      name: 'sagemaker_privatelink_links',
      help: 'Number of SageMakerPrivateLinks whose condition has the status and the reason.',
      labelNames: ['condition', 'status', 'reason'],
      registers,
      // A registry collects in the order of registration: this one is the first of the three.
      collect: () => count(),
    }),
    linkConditions: new Gauge({
      name: 'sagemaker_privatelink_link_condition',
      help: 'The status and reason that a condition of a SageMakerPrivateLink has: always 1.',
      labelNames: ['link', 'condition', 'status', 'reason'],
      registers,
    }),
    linkConditionsLeftOut: new Gauge({
      name: 'sagemaker_privatelink_link_conditions_left_out',
      help: 'Links without series of sagemaker_privatelink_link_condition: all of them, beyond --link-metrics links.',
      registers,
    }),
  };
}

function createReconcileMetrics(registry: Registry): ReconcileMetrics {
  const registers = [registry];
  return {
    total: new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Total number of passes per controller and result.',
      labelNames: ['controller', 'result'],
      registers,
    }),
    errors: new Counter({
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Total number of passes that ended in an error per controller.',
      labelNames: ['controller'],
      registers,
    }),
    seconds: new Histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'Length of time per pass per controller.',
      labelNames: ['controller'],
      buckets: reconcileBuckets,
      registers,
    }),
    activeWorkers: new Gauge({
      name: 'controller_runtime_active_workers',
      help: 'Number of workers that are in a pass per controller.',
      labelNames: ['controller'],
      registers,
    }),
    maxWorkers: new Gauge({
      name: 'controller_runtime_max_concurrent_reconciles',
      help: 'Maximum number of concurrent passes per controller.',
      labelNames: ['controller'],
      registers,
    }),
  };
}

function createRestMetrics(registry: Registry): RestMetrics {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'rest_client_requests_total',
      help: 'Number of HTTP requests to the Kubernetes API by status code, method and host.',
      labelNames: ['code', 'method', 'host'],
      registers,
    }),
    seconds: new Histogram({
      name: 'rest_client_request_duration_seconds',
      help: 'Request latency in seconds, per attempt. A watch counts until its headers.',
      labelNames: ['verb', 'host'],
      buckets: requestBuckets,
      registers,
    }),
    limiterSeconds: new Histogram({
      name: 'rest_client_rate_limiter_duration_seconds',
      help: 'Time that requests waited for the client-side rate limit.',
      labelNames: ['verb', 'host'],
      buckets: requestBuckets,
      registers,
    }),
  };
}

function createWatchMetrics(registry: Registry): WatchMetrics {
  const registers = [registry];
  return {
    lists: new Counter({
      name: 'sagemaker_privatelink_watch_lists_total',
      help: 'Full lists of a watched resource, by why they were made.',
      labelNames: ['resource', 'cause'],
      registers,
    }),
    failures: new Counter({
      name: 'sagemaker_privatelink_watch_failures_total',
      help: 'Lists and watches of a resource that failed, by kind of failure.',
      labelNames: ['resource', 'kind'],
      registers,
    }),
    events: new Counter({
      name: 'sagemaker_privatelink_watch_events_total',
      help: 'Events that watches of a resource delivered.',
      labelNames: ['resource', 'type'],
      registers,
    }),
    objects: new Gauge({
      name: 'sagemaker_privatelink_watch_objects',
      help: 'Objects in the cache of a watched resource.',
      labelNames: ['resource'],
      registers,
    }),
  };
}

function createAwsMetrics(registry: Registry): AwsMetrics {
  const registers = [registry];
  return {
    calls: new Counter({
      name: 'aws_api_calls_total',
      help: 'Calls to AWS by service, action and result (ok, or the kind of the error).',
      labelNames: ['service', 'action', 'result'],
      registers,
    }),
    seconds: new Histogram({
      name: 'aws_api_call_duration_seconds',
      help: "Length of calls to AWS in seconds, the SDK's own retries included.",
      labelNames: ['service', 'action'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
  };
}
