import { Counter, Gauge, type Registry } from 'prom-client';

/** Metrics of the queues of drift events; none has a series before a queue is read. */
export interface HintMetrics {
  /** Messages, by how each was taken. */
  readonly events: Counter<'result'>;
  readonly readable: Gauge<'region' | 'name'>;
  readonly earlyLooks: Counter;
}

export function createHintMetrics(registry: Registry): HintMetrics {
  const registers = [registry];
  return {
    events: new Counter({
      name: 'sagemaker_privatelink_drift_events_total',
      help: 'Messages of the queues of drift events by result: Hint, or why nothing was looked at.',
      labelNames: ['result'],
      registers,
    }),
    readable: new Gauge({
      name: 'sagemaker_privatelink_drift_events_readable',
      help: 'Whether the last read of a queue of drift events worked: 1 yes, 0 no.',
      labelNames: ['region', 'name'],
      registers,
    }),
    earlyLooks: new Counter({
      name: 'sagemaker_privatelink_early_looks_total',
      help: 'Looks at links that events of AWS asked for ahead of the sweep.',
      registers,
    }),
  };
}
