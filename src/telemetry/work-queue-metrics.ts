import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

type QueueLabel = 'name' | 'controller';

/** The workqueue_* metrics of client-go; `name` and `controller` are both the queue's name. */
export interface WorkQueueMetrics {
  readonly depth: Gauge<QueueLabel | 'priority'>;
  readonly adds: Counter<QueueLabel>;
  readonly queueSeconds: Histogram<QueueLabel>;
  readonly workSeconds: Histogram<QueueLabel>;
  readonly retries: Counter<QueueLabel>;
  /**
   * Says how to find out, at each scrape, for how many seconds each running key has been running.
   */
  observeRunning(name: string, runningSeconds: () => readonly number[]): void;
}

const labelNames: QueueLabel[] = ['name', 'controller'];

/** client-go's: from 10 ns by powers of ten; the lowest are pointless for a queue in JavaScript. */
const buckets = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

type RunningSeconds = () => readonly number[];

/** Creates the work queue's metrics in a registry. */
export function createWorkQueueMetrics(registry: Registry): WorkQueueMetrics {
  const registers = [registry];
  const running = new Map<string, RunningSeconds>();
  registerRunning(registry, running);
  return {
    depth: new Gauge({
      name: 'workqueue_depth',
      help: 'Number of keys that wait for a worker, by priority.',
      labelNames: [...labelNames, 'priority'],
      registers,
    }),
    adds: new Counter({
      name: 'workqueue_adds_total',
      help: 'Total number of keys that became ready for a worker.',
      labelNames,
      registers,
    }),
    queueSeconds: new Histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'Seconds that a key waited for a worker.',
      labelNames,
      buckets,
      registers,
    }),
    workSeconds: new Histogram({
      name: 'workqueue_work_duration_seconds',
      help: 'Seconds that a worker took for a key.',
      labelNames,
      buckets,
      registers,
    }),
    retries: new Counter({
      name: 'workqueue_retries_total',
      help: 'Total number of retries that the queue handled.',
      labelNames,
      registers,
    }),
    observeRunning(name, runningSeconds) {
      running.set(name, runningSeconds);
    },
  };
}

/** Gauges whose values are known only at the moment of a scrape. */
function registerRunning(registry: Registry, running: ReadonlyMap<string, RunningSeconds>): void {
  const scraped = (
    name: string,
    help: string,
    of: (seconds: readonly number[]) => number,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        for (const [queue, seconds] of running) {
          this.set({ name: queue, controller: queue }, of(seconds()));
        }
      },
    });
  };
  scraped(
    'workqueue_unfinished_work_seconds',
    'Seconds of work in progress that workqueue_work_duration_seconds has not seen yet.',
    (seconds) => seconds.reduce((sum, each) => sum + each, 0),
  );
  scraped(
    'workqueue_longest_running_processor_seconds',
    'Seconds that the longest running pass has been running.',
    (seconds) => Math.max(0, ...seconds),
  );
}
