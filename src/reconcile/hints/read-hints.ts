/** Reads a queue of events and looks early at the links that they are about. */
import { LRUCache } from 'lru-cache';
import { backoffMs } from '../../kubernetes/client/backoff.ts';
import { CloudError } from '../../plan/cloud.ts';
import type { EventMessage, EventQueue } from '../../plan/hints/event-queue.ts';
import { hintOf } from '../../plan/hints/hint-of.ts';
import { isOfNetwork } from '../../plan/hints/ids-of-link.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { HintMetrics } from '../../telemetry/hint-metrics.ts';
import type { EarlyLooks } from './early-looks.ts';
import type { LinkIndex } from './link-index.ts';

/** Everything that a reader works with. */
export interface HintReaderOptions {
  readonly queue: EventQueue;
  readonly index: Pick<LinkIndex, 'linksWith'>;
  readonly looks: EarlyLooks;
  /** Whether a request with this id was one of this process's own changes. */
  readonly isOwnRequest: (requestId: string) => boolean;
  /** Asked before each read of the queue. */
  readonly mayAct: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: HintMetrics;
}

/** How long a process that may not act waits until it asks again whether it may. */
const idleMs = 1_000;
/** Pauses after failures. Nothing waits for a hint: the sweep finds drift without it. */
const pauses = { firstMs: 2_000, longestMs: 300_000 };
/** Ids of messages that were read: those that could not be removed come again. */
const mostMessagesKnown = 10_000;

/** Reads until the signal aborts; never rejects. */
export async function readHints(options: HintReaderOptions, signal: AbortSignal): Promise<void> {
  const reader = new HintReader(options);
  while (!signal.aborted) {
    const pauseMs = options.mayAct() ? await reader.read(signal) : idleMs;
    if (pauseMs > 0) await options.clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

class HintReader {
  private readonly options: HintReaderOptions;
  private readonly known = new LRUCache<string, true>({ max: mostMessagesKnown });
  private failures = 0;
  /** The problem that the log has a line about. */
  private problem: string | undefined;

  constructor(options: HintReaderOptions) {
    this.options = options;
  }

  /** Reads once. Returns how long to wait before the next read, in ms. */
  async read(signal: AbortSignal): Promise<number> {
    const { queue, random } = this.options;
    try {
      const messages = await queue.receive(signal);
      for (const message of messages) this.take(message);
      if (messages.length > 0) await queue.remove(messages, signal);
      this.failures = 0;
      this.tell(undefined);
      return 0;
    } catch (error) {
      if (signal.aborted || isAborted(error)) return idleMs;
      this.failures += 1;
      this.tell(error);
      return backoffMs(pauses, this.failures, random);
    }
  }

  private take({ id, body }: EventMessage): void {
    const { metrics } = this.options;
    const isRepeated = this.known.has(id);
    this.known.set(id, true);
    metrics.events.inc({ result: isRepeated ? 'Repeated' : this.resultOf(body) });
  }

  /** Asks for the looks that a message is good for. Returns the label that it counts under. */
  private resultOf(body: string): string {
    const { isOwnRequest, logger } = this.options;
    const read = hintOf(body);
    if (read.kind === 'dropped') {
      logger.debug({ reason: read.reason }, 'a message of the queue of events is no hint');
      return read.reason;
    }
    const { account, region, call, requestId, ids } = read.hint;
    if (requestId !== undefined && isOwnRequest(requestId)) return 'Own';
    const links = this.linksOf(ids);
    if (links.size === 0) return 'NoLink';
    const asked = [...links].flatMap(([name, ofNetwork]) =>
      this.options.looks.ask(name, ofNetwork) ? [name] : [],
    );
    this.options.metrics.earlyLooks.inc(asked.length);
    if (asked.length > 0) {
      const first = asked.slice(0, mostLinksNamed);
      const fields = { call, account, region, links: first, count: asked.length };
      logger.info(fields, 'an event tells of a change at AWS: links are looked at early');
    }
    return 'Hint';
  }

  /** Links by name, with whether the event is about their network. */
  private linksOf(ids: readonly string[]): ReadonlyMap<string, boolean> {
    const links = new Map<string, boolean>();
    for (const id of ids) {
      for (const name of this.options.index.linksWith(id)) {
        links.set(name, links.get(name) === true || isOfNetwork(id));
      }
    }
    return links;
  }

  /** Says once that the queue cannot be read, or that it can again. */
  private tell(error: unknown): void {
    const { queue, logger, metrics } = this.options;
    const { region, name } = queue;
    metrics.readable.set({ region, name }, error === undefined ? 1 : 0);
    const problem = error === undefined ? undefined : textOf(error);
    if (problem === this.problem) return;
    const former = this.problem;
    this.problem = problem;
    if (problem !== undefined) {
      logger.warn(
        { region, queue: name, problem },
        'the queue of drift events cannot be read: drift is found by the sweep alone',
      );
    } else if (former !== undefined) {
      logger.info({ region, queue: name }, 'the queue of drift events is read again');
    }
  }
}

/** Names in a line of the log. */
const mostLinksNamed = 10;

function isAborted(error: unknown): boolean {
  return error instanceof CloudError && error.kind === 'Aborted';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
