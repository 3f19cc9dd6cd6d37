import type { Clock, Random } from '../../runtime/clock.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import type { WorkQueueMetrics } from '../../telemetry/work-queue-metrics.ts';
import { type BackoffOptions, backoffMs } from '../client/backoff.ts';
import { createDueTimes } from './due-times.ts';
import { createReadyLists, type Priority } from './ready-lists.ts';

export interface AddOptions {
  /** @default 'normal' */
  readonly priority?: Priority;
  /**
   * True for what has waited for this very moment, and takes little of a worker: it goes before all others,
   * of which a thousand may be ready. @default false
   */
  readonly isOnTime?: boolean;
  /** Why, in one or two words: shown in logs and handed out with the key. */
  readonly reason?: string;
}

/** A key that was handed out to a worker, which must call `done(item)`. */
export interface WorkItem {
  readonly key: string;
  readonly priority: Priority;
  /** The reasons for this item, without repeats, oldest first. */
  readonly reasons: readonly string[];
  /**
   * The clock's `now()` when the key became ready: the first add that is waiting, or the end of a
   * delay. Answers that were read before this moment may be too old for this item.
   */
  readonly enqueuedAt: number;
  /** Failures in a row before this: how often `addRateLimited` was called since `forget`. */
  readonly failures: number;
}

/**
 * client-go's work queue: a key is handed out to one worker at a time, however often it is added;
 * a key that is added while a worker has it is handed out again after `done`.
 *
 * A key waits at most once. An add that is due earlier swallows one that is due later, with the
 * higher of the two priorities and both reasons: each pass asks again for what it needs next.
 */
export interface WorkQueue {
  add(key: string, options?: AddOptions): void;
  addAfter(key: string, delayMs: number, options?: AddOptions): void;
  /** Adds after the key's backoff, which doubles with each call; returns the delay in ms. */
  addRateLimited(key: string, options?: AddOptions): number;
  /** Resets the key's backoff. */
  forget(key: string): void;
  failures(key: string): number;
  /** Waits for a key; undefined when the queue was shut down or the signal aborted. */
  get(signal: AbortSignal): Promise<WorkItem | undefined>;
  done(item: WorkItem): void;
  /** Number of keys that are ready and wait for a worker. */
  readonly depth: number;
  /** Number of keys that workers have. */
  readonly running: number;
  /** Hands out nothing more and takes nothing more. Waiting keys are dropped. */
  shutDown(): void;
  /** Shuts down, and resolves when no worker has a key any more. */
  drain(): Promise<void>;
}

export interface WorkQueueOptions {
  /** Label of the metrics. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  /** @default 1 s doubling up to 5 min: AWS calls need longer pauses than client-go's 5 ms */
  readonly backoff?: BackoffOptions;
  /**
   * A ready key that has waited this long goes before keys of higher priority, so that a stream of
   * user changes starves nothing. @default 30000
   */
  readonly longestWaitMs?: number;
  readonly metrics?: WorkQueueMetrics;
}

/** A key that waits, delayed or ready. */
interface Entry {
  readonly key: string;
  priority: Priority;
  isOnTime: boolean;
  /** Oldest first. */
  reasons: readonly string[];
  dueAt: number;
}

type Moment = Pick<Entry, 'dueAt' | 'isOnTime'>;

const mostReasons = 8;
const order: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

/** Creates an empty queue. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyedWorkQueue(options);
}

class KeyedWorkQueue implements WorkQueue {
  private readonly options: WorkQueueOptions;
  private readonly backoff: BackoffOptions;
  /** Delayed, ready, or asked for again while running: at most one entry for each key. */
  private readonly waiting = new Map<string, Entry>();
  private readonly ready;
  private readonly delayed;
  /** Key to the time at which its worker got it. */
  private readonly processing = new Map<string, number>();
  private readonly failureCounts = new Map<string, number>();
  private readonly getters: ((item: WorkItem | undefined) => void)[] = [];
  private readonly drainers: (() => void)[] = [];
  private isShutDown = false;

  constructor(options: WorkQueueOptions) {
    this.options = options;
    this.backoff = options.backoff ?? { firstMs: 1_000, longestMs: 300_000 };
    this.ready = createReadyLists<Entry>(options.longestWaitMs ?? 30_000);
    this.delayed = createDueTimes<Entry>(options.clock, (entries) => {
      for (const entry of entries) this.schedule(entry);
    });
    options.metrics?.observe(options.name, {
      runningSeconds: () => this.runningSeconds(),
      depths: () => this.ready.sizes(),
    });
  }

  get depth(): number {
    return this.ready.size();
  }

  get running(): number {
    return this.processing.size;
  }

  add(key: string, options: AddOptions = {}): void {
    this.enqueue(key, this.options.clock.now(), options);
  }

  addAfter(key: string, delayMs: number, options: AddOptions = {}): void {
    this.enqueue(key, this.options.clock.now() + Math.max(delayMs, 0), options);
  }

  addRateLimited(key: string, options: AddOptions = {}): number {
    const failures = this.failures(key) + 1;
    this.failureCounts.set(key, failures);
    const delayMs = backoffMs(this.backoff, failures, this.options.random);
    this.options.metrics?.retries.inc(this.labels());
    this.addAfter(key, delayMs, options);
    return delayMs;
  }

  forget(key: string): void {
    this.failureCounts.delete(key);
  }

  failures(key: string): number {
    return this.failureCounts.get(key) ?? 0;
  }

  get(signal: AbortSignal): Promise<WorkItem | undefined> {
    if (this.isShutDown || signal.aborted) return Promise.resolve(undefined);
    const item = this.takeReady();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => {
      const settle = (next: WorkItem | undefined): void => {
        stopListening();
        resolve(next);
      };
      const stopListening = onAbort(signal, () => {
        this.getters.splice(this.getters.indexOf(settle), 1);
        settle(undefined);
      });
      this.getters.push(settle);
    });
  }

  done(item: WorkItem): void {
    const startedAt = this.processing.get(item.key);
    if (startedAt === undefined) throw new Error(`done without get: ${JSON.stringify(item.key)}`);
    this.processing.delete(item.key);
    const seconds = (this.options.clock.now() - startedAt) / 1000;
    this.options.metrics?.workSeconds.observe(this.labels(), seconds);
    const again = this.waiting.get(item.key);
    if (again !== undefined) this.schedule(again);
    if (this.isShutDown && this.processing.size === 0) this.announceDrained();
  }

  shutDown(): void {
    if (this.isShutDown) return;
    this.isShutDown = true;
    this.delayed.clear();
    this.waiting.clear();
    this.ready.clear();
    for (const getter of this.getters.splice(0)) getter(undefined);
    if (this.processing.size === 0) this.announceDrained();
  }

  drain(): Promise<void> {
    this.shutDown();
    if (this.processing.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.drainers.push(resolve));
  }

  private enqueue(key: string, dueAt: number, options: AddOptions): void {
    if (this.isShutDown) return;
    const { priority = 'normal', isOnTime = false } = options;
    const entry = this.waiting.get(key);
    if (entry === undefined) {
      const reasons = withReason(none, options.reason);
      const added: Entry = { key, priority, isOnTime, reasons, dueAt };
      this.waiting.set(key, added);
      this.schedule(added);
      return;
    }
    entry.reasons = withReason(entry.reasons, options.reason);
    const wasReady = this.ready.remove(entry, entry.priority);
    this.delayed.remove(entry);
    if (order[priority] < order[entry.priority]) entry.priority = priority;
    entry.isOnTime = this.isOnTimeWith(entry, { dueAt, isOnTime });
    entry.dueAt = Math.min(entry.dueAt, dueAt);
    if (wasReady) this.makeReady(entry);
    else this.schedule(entry);
  }

  /** Whether an entry is on time that another one is joined to: a moment that is still to come is not now. */
  private isOnTimeWith(one: Moment, other: Moment): boolean {
    const now = this.options.clock.now();
    const first = Math.max(now, Math.min(one.dueAt, other.dueAt));
    return [one, other].some(({ dueAt, isOnTime }) => isOnTime && dueAt <= first);
  }

  /** Makes an entry ready, or delays it. One whose key is running is looked at by `done`. */
  private schedule(entry: Entry): void {
    if (this.processing.has(entry.key)) return;
    if (entry.dueAt > this.options.clock.now()) {
      this.delayed.add(entry);
      return;
    }
    this.options.metrics?.adds.inc(this.labels());
    this.makeReady(entry);
  }

  private makeReady(entry: Entry): void {
    this.ready.insert(entry, entry.priority);
    const getter = this.getters.shift();
    getter?.(this.takeReady());
  }

  private takeReady(): WorkItem | undefined {
    const now = this.options.clock.now();
    const entry = this.ready.take(now);
    if (entry === undefined) return undefined;
    this.waiting.delete(entry.key);
    this.processing.set(entry.key, now);
    this.options.metrics?.queueSeconds.observe(this.labels(), (now - entry.dueAt) / 1000);
    return {
      key: entry.key,
      priority: entry.priority,
      reasons: entry.reasons,
      enqueuedAt: entry.dueAt,
      failures: this.failures(entry.key),
    };
  }

  private announceDrained(): void {
    for (const drained of this.drainers.splice(0)) drained();
  }

  private runningSeconds(): number[] {
    const now = this.options.clock.now();
    return [...this.processing.values()].map((startedAt) => (now - startedAt) / 1000);
  }

  private labels(): { name: string; controller: string } {
    return { name: this.options.name, controller: this.options.name };
  }
}

const none: readonly string[] = [];
/** Lists of one reason: thousands of keys wait for the same one. */
const single = new Map<string, readonly string[]>();

function withReason(reasons: readonly string[], reason: string | undefined): readonly string[] {
  if (reason === undefined || reasons.includes(reason) || reasons.length >= mostReasons) {
    return reasons;
  }
  if (reasons.length > 0) return [...reasons, reason];
  const known = single.get(reason) ?? [reason];
  single.set(reason, known);
  return known;
}
