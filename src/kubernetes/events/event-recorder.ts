import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { scrub } from '../../telemetry/redaction.ts';
import { digestOf } from '../../runtime/digest.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import { printable } from '../../api/printable.ts';
import {
  ApiConnectionError,
  isAlreadyExists,
  isForbidden,
  isNotFound,
} from '../client/api-error.ts';
import { backoffMs } from '../client/backoff.ts';
import type { KubernetesEvent, ObjectReference } from './event.ts';
import { createPendingSeries } from './pending-series.ts';
import { microTime } from '../lease/micro-time.ts';
import { createTokenBucket, type RateLimit, type TokenBucket } from '../../runtime/token-bucket.ts';
import { createRateLimiter, type RateLimiter } from '../client/rate-limiter.ts';
import type { ResourceClient } from '../client/resource-client.ts';

/** Something that users or administrators should know about. */
export interface EventRecord {
  /** The object that it is about. One without a namespace gets its events in `default`. */
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly type: 'Normal' | 'Warning';
  /** One stable CamelCase word, the same as the condition's reason. */
  readonly reason: string;
  /** A verb: what was done or tried. */
  readonly action: string;
  /** A sentence; secrets are taken out, and it is cut to 1024 bytes. */
  readonly note: string;
  /** When it happened. @default now */
  readonly at?: Date;
}

/** Writes Events in the background. */
export interface EventRecorder {
  /** Never throws and never waits: an event that cannot be written is counted and dropped. */
  record(event: EventRecord): void;
  /** Writes what is pending, counts of repeats included, until the signal aborts. */
  flush(signal: AbortSignal): Promise<void>;
}

export interface EventRecorderOptions {
  readonly events: Pick<ResourceClient<KubernetesEvent>, 'create' | 'patch'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** A qualified name, such as `sagemaker.privatelink.dev/operator`. */
  readonly controller: string;
  /** This process, such as the pod's name. */
  readonly instance: string;
  /** Stops all writing. */
  readonly signal: AbortSignal;
  /** Called for each event that is given up. */
  readonly onDropped?: () => void;
  /** Called for each event whose note is told by another one, because too many wait. */
  readonly onJoined?: () => void;
  /**
   * Writes of all events together: they share a connection with writes of statuses, and in a storm
   * they are most of the requests. @default 60 at once, then 20 a second
   */
  readonly budget?: RateLimit;
  /** New events about one object. @default 25 at once, then one in 5 min: client-go's spam filter */
  readonly perObject?: RateLimit;
}

/** An event and its repeats: one object on the API server. */
interface Series {
  readonly name: string;
  readonly begunAt: Date;
  /** Undefined once it is written: thousands are known for minutes, and few repeat. */
  event: KubernetesEvent | undefined;
  count: number;
  lastSeenAt: number;
  lastSeenTime: Date;
  /** The count that the API server knows; 0 before the event exists. */
  writtenCount: number;
  lastWriteAt: number;
  cancelTimer: (() => void) | undefined;
}

/** A repeat within this time belongs to the same series: client-go's 6 min. */
const seriesMs = 360_000;
/** How often the count of a series is written at most. */
const countIntervalMs = 60_000;
const mostSeries = 5_000;
/** An edit of 2,000 objects brings two events of each. They are about 1 kB. */
const mostPending = 5_000;
/** With more than this waiting, an object gets one event for each reason, which has the notes of all. */
const crowd = 250;
/** The API server's bound on a note. */
const longestNoteBytes = 1_024;
const defaultBudget: RateLimit = { burst: 60, perSecond: 20 };
const defaultPerObject: RateLimit = { burst: 25, perSecond: 1 / 300 };
const mostAttempts = 3;
/** How often the log says that events are refused. */
const warningIntervalMs = 3_600_000;

/** Creates a recorder; it writes one event at a time. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new SeriesRecorder(options);
}

class SeriesRecorder implements EventRecorder {
  private readonly options: EventRecorderOptions;
  private readonly series = new Map<string, Series>();
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly pending = createPendingSeries<Series>(
    ({ event }) => event?.type ?? 'Normal',
    ({ event }) => (event === undefined ? '' : subjectOf(event)),
  );
  private readonly budget: RateLimiter;
  private writing: Promise<void> | undefined;
  /** When the log said last that a right is missing. */
  private warnedAt: number | undefined;

  constructor(options: EventRecorderOptions) {
    this.options = options;
    this.budget = createRateLimiter(options.budget ?? defaultBudget, options.clock);
  }

  record(record: EventRecord): void {
    try {
      const key = seriesKeyOf(record);
      const known = this.series.get(key);
      const now = this.options.clock.now();
      if (known !== undefined && now - known.lastSeenAt < seriesMs) {
        known.event ??= this.eventOf(record, known);
        this.repeat(known, now);
      } else this.begin(key, record, now);
    } catch (error) {
      this.drop(error);
    }
  }

  async flush(signal: AbortSignal): Promise<void> {
    for (const series of this.series.values()) {
      series.cancelTimer?.();
      series.cancelTimer = undefined;
      if (series.writtenCount < series.count) this.pending.add(series);
    }
    this.pump();
    let stopListening = (): void => undefined;
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      stopListening = onAbort(signal, resolve);
    });
    await Promise.race([this.writing, aborted]).finally(stopListening);
  }

  private repeat(series: Series, now: number): void {
    series.count += 1;
    series.lastSeenAt = now;
    series.lastSeenTime = this.options.clock.wallTime();
    if (this.pending.has(series) || series.cancelTimer !== undefined) return;
    const waitMs = series.lastWriteAt + countIntervalMs - now;
    series.cancelTimer = this.options.clock.setTimer(
      () => {
        series.cancelTimer = undefined;
        this.enqueue(series);
      },
      Math.max(waitMs, 0),
    );
  }

  private begin(key: string, record: EventRecord, now: number): void {
    if (!this.bucketOf(record.regarding, now).take(now)) {
      this.drop('over the rate limit of the object');
      return;
    }
    const time = record.at ?? this.options.clock.wallTime();
    if (this.joins(record, time, now)) return;
    const first = { name: this.nameOf(record, time), begunAt: time };
    const series: Series = {
      ...first,
      event: this.eventOf(record, first),
      count: 1,
      lastSeenAt: now,
      lastSeenTime: time,
      writtenCount: 0,
      lastWriteAt: now,
      cancelTimer: undefined,
    };
    this.series.delete(key);
    this.forgetOver(now);
    this.series.set(key, series);
    this.enqueue(series);
  }

  /** Forgets series that no event belongs to any more, and the oldest of too many. */
  private forgetOver(now: number): void {
    for (const [key, series] of this.series) {
      const isOver = now - series.lastSeenAt >= seriesMs;
      if (!isOver && this.series.size < mostSeries) return;
      this.series.delete(key);
    }
  }

  /** In a crowd, a new event joins one of its object and reason that is not written yet. */
  private joins(record: EventRecord, time: Date, now: number): boolean {
    if (this.pending.size <= crowd) return false;
    const known = this.pending.about(subjectOf(record));
    if (known?.event === undefined || known.writtenCount > 0) return false;
    const note = joinedNote(record.note, known.event.note);
    known.event = this.eventOf({ ...record, note }, known);
    known.count += 1;
    known.lastSeenAt = now;
    known.lastSeenTime = time;
    this.options.onJoined?.();
    return true;
  }

  private enqueue(series: Series): void {
    this.pending.add(series);
    // The oldest is the least news, and of a warning somebody should know.
    if (this.pending.size > mostPending && this.pending.giveUp() !== undefined) {
      this.drop('too many events are pending');
    }
    this.pump();
  }

  private pump(): void {
    if (this.options.signal.aborted) return;
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
      // Something may have come in after the loop had looked for the last time.
      if (this.pending.size > 0) this.pump();
    });
  }

  private async writeAll(): Promise<void> {
    // Even the first write waits a turn, so that `record` returns before anything is done.
    await Promise.resolve();
    const { signal } = this.options;
    for (;;) {
      if (signal.aborted || this.pending.size === 0) return;
      // The choice is made when the turn has come: a warning may have come in meanwhile.
      const isOver = await this.budget.take(signal).catch(() => 'over');
      const series = isOver === 'over' ? undefined : this.pending.take();
      if (series === undefined) return;
      await this.writeWithRetries(series);
    }
  }

  private async writeWithRetries(series: Series): Promise<void> {
    const { clock, random, signal } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.write(series);
        return;
      } catch (error) {
        const isOver = signal.aborted || attempt >= mostAttempts;
        if (isOver || !(error instanceof ApiConnectionError)) {
          this.drop(error);
          return;
        }
        const pauseMs = backoffMs({ firstMs: 1_000, longestMs: 10_000 }, attempt, random);
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  }

  private async write(series: Series): Promise<void> {
    const { count } = series;
    const call = { signal: this.options.signal, deadlineMs: 10_000, attempts: 2 };
    const observed = { count, lastObservedTime: microTime(series.lastSeenTime) };
    series.lastWriteAt = this.options.clock.now();
    const { event } = series;
    if (event === undefined) return;
    if (series.writtenCount > 0 && count > 1) {
      try {
        await this.options.events.patch(event.metadata, { series: observed }, call);
        this.noteWritten(series, count);
        return;
      } catch (error) {
        // Events live for an hour: a long series outlives its object.
        if (!isNotFound(error)) throw error;
      }
    }
    try {
      await this.options.events.create(count > 1 ? { ...event, series: observed } : event, call);
    } catch (error) {
      // An earlier attempt had taken effect. The name is unique to this series.
      if (!isAlreadyExists(error)) throw error;
    }
    this.noteWritten(series, count);
  }

  private noteWritten(series: Series, count: number): void {
    series.writtenCount = count;
    if (series.count === count) series.event = undefined;
  }

  /** A name that no other series has. */
  private nameOf({ regarding }: EventRecord, time: Date): string {
    const suffix = Math.floor(this.options.random() * 2 ** 52).toString(16);
    return `${regarding.name.slice(0, 200)}.${time.getTime().toString(16)}${suffix}`;
  }

  private eventOf(
    record: EventRecord,
    { name, begunAt }: Pick<Series, 'name' | 'begunAt'>,
  ): KubernetesEvent {
    const { regarding, related } = record;
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      // The API server insists on `default` for an object without a namespace.
      metadata: { name, namespace: regarding.namespace ?? 'default' },
      eventTime: microTime(begunAt),
      reportingController: this.options.controller,
      reportingInstance: this.options.instance.slice(0, 128),
      type: record.type,
      reason: record.reason,
      action: record.action,
      note: cutToBytes(printable(scrub(record.note)), longestNoteBytes),
      regarding,
      ...(related === undefined ? {} : { related }),
    };
  }

  private bucketOf(regarding: ObjectReference, now: number): TokenBucket {
    const key = regarding.uid ?? `${regarding.namespace ?? ''}/${regarding.name}`;
    const known = this.buckets.get(key);
    if (known !== undefined) return known;
    const bucket = createTokenBucket(this.options.perObject ?? defaultPerObject, now);
    this.buckets.set(key, bucket);
    forgetOldest(this.buckets, mostSeries);
    return bucket;
  }

  private drop(why: unknown): void {
    const { onDropped, logger, clock } = this.options;
    onDropped?.();
    const isNews = this.warnedAt === undefined || clock.now() - this.warnedAt >= warningIntervalMs;
    if (!isForbidden(why) || !isNews) {
      logger.debug({ err: why }, 'event dropped');
      return;
    }
    this.warnedAt = clock.now();
    logger.warn(
      { err: why },
      'events cannot be written: grant create and patch on events.k8s.io in their namespace',
    );
  }
}

/** The note counts: a new particular is news. The digest of it is short, and thousands are kept. */
function seriesKeyOf(record: EventRecord): string {
  const { regarding, related, type, reason, action, note } = record;
  return digestOf(regarding, related, type, reason, action, note);
}

/** An object and a reason. */
function subjectOf({
  regarding,
  type,
  reason,
}: Pick<EventRecord, 'regarding' | 'type' | 'reason'>): string {
  return JSON.stringify([regarding.uid, regarding.namespace, regarding.name, type, reason]);
}

function forgetOldest<V>(map: Map<string, V>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

/** The newest note first: where not all fit, the oldest is cut. */
function joinedNote(newest: string, former: string): string {
  return former.includes(newest) ? former : `${newest} ${former}`;
}

/** The API server's limits count bytes. */
function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  const cut = bytes
    .subarray(0, most - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
  return `${cut}...`;
}
