import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

type QueueLabel = 'name' | 'controller';

/** The workqueue_* metrics of client-go; `name` and `controller` are both the queue's name. */
export interface WorkQueueMetrics {
  readonly adds: Counter<QueueLabel>;
  readonly queueSeconds: Histogram<QueueLabel>;
  readonly workSeconds: Histogram<QueueLabel>;
  readonly retries: Counter<QueueLabel>;
  /** Says how to find out, at each scrape, how a queue is. */
  observe(name: string, queue: ObservedQueue): void;
}

/** A queue as it is at a moment. */
export interface ObservedQueue {
  /** For how many seconds each running key has been running. */
  runningSeconds(): readonly number[];
  /** How many keys wait for a worker, by priority. */
  depths(): Readonly<Record<string, number>>;
}

const labelNames: QueueLabel[] = ['name', 'controller'];

/** client-go's: from 10 ns by powers of ten; the lowest are pointless for a queue in JavaScript. */
const buckets = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

/** Creates the work queue's metrics in a registry. */
export function createWorkQueueMetrics(registry: Registry): WorkQueueMetrics {
  const registers = [registry];
  const queues = new Map<string, ObservedQueue>();
  registerDepth(registry, queues);
  registerRunning(registry, queues);
  return {
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
    observe: (name, queue) => void queues.set(name, queue),
  };
}

function registerDepth(registry: Registry, queues: ReadonlyMap<string, ObservedQueue>): void {
  new Gauge({
    name: 'workqueue_depth',
    help: 'Number of keys that wait for a worker, by priority.',
    labelNames: [...labelNames, 'priority'],
    registers: [registry],
    collect() {
      for (const [name, queue] of queues) {
        for (const [priority, depth] of Object.entries(queue.depths())) {
          this.set({ name, controller: name, priority }, depth);
        }
      }
    },
  });
}

/** Gauges whose values are known only at the moment of a scrape. */
function registerRunning(registry: Registry, queues: ReadonlyMap<string, ObservedQueue>): void {
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
        for (const [name, queue] of queues) {
          this.set({ name, controller: name }, of(queue.runningSeconds()));
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
