import { setMaxListeners } from 'node:events';
import { createAnswerMemory } from './answer-memory.ts';
import type { Clock } from '../../runtime/clock.ts';
import { waitForTurn, type Waiter } from '../rate-limit/wait-for-turn.ts';

export interface AskOptions {
  /** Oldest acceptable begin of the read that answers, in milliseconds of the clock. */
  readonly since: number;
  readonly signal: AbortSignal;
}

/** Many questions of one kind, answered by few reads. */
export interface SharedRead<A> {
  /** Answers by key; a key that AWS has nothing for is absent. Throws what the read throws. */
  ask(keys: readonly string[], options: AskOptions): Promise<ReadonlyMap<string, A>>;
}

export interface SharedReadOptions<A> {
  /** For errors of our own: IAM's name of the call. */
  readonly action: string;
  readonly clock: Clock;
  /** How long questions are gathered before a read begins, in milliseconds. */
  readonly gatherMs: number;
  /** One read for all keys. The signal fires when nobody waits for the answer any more. */
  load(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, A>>;
}

interface Question extends Waiter {
  readonly keys: readonly string[];
  readonly since: number;
}

/** A read that is under way. */
interface Reading {
  readonly begunAt: number;
  readonly keys: readonly string[];
  readonly controller: AbortController;
}

/**
 * Batches and shares reads. A question that a finished read answers freshly enough costs nothing;
 * the others are gathered for a moment and go out as one read. One read runs at a time, so that
 * under load batches grow instead of calls.
 */
export function createSharedRead<A>(options: SharedReadOptions<A>): SharedRead<A> {
  const { action, clock, gatherMs, load } = options;
  const memory = createAnswerMemory<A>();
  let questions: readonly Question[] = [];
  let reading: Reading | undefined;
  let isGathering = false;

  /** The keys that the question still lacks. */
  function missing({ keys, since }: Question): readonly string[] {
    return keys.filter((key) => !memory.isFresh(key, since));
  }

  function gather(): void {
    if (isGathering || reading !== undefined || questions.length === 0) return;
    isGathering = true;
    clock.setTimer(() => {
      isGathering = false;
      void read();
    }, gatherMs);
  }

  async function read(): Promise<void> {
    const keys = [...new Set(questions.flatMap(missing))].sort();
    if (keys.length === 0) return;
    reading = startReading(keys, clock.now());
    const { begunAt, controller } = reading;
    try {
      memory.note(keys, await load(keys, controller.signal), begunAt);
    } catch (error) {
      // Cut off because nobody waited any more: who came since gets a read of its own.
      if (!controller.signal.aborted) rejectThose(reading, error);
    }
    reading = undefined;
    for (const question of questions) if (missing(question).length === 0) question.resolve();
    questions = questions.filter((question) => missing(question).length > 0);
    gather();
  }

  /** The failure of a read is the failure of all questions that it would have answered. */
  function rejectThose({ begunAt, keys }: Reading, error: unknown): void {
    const failed = questions.filter(
      (question) =>
        question.since <= begunAt && missing(question).every((key) => keys.includes(key)),
    );
    questions = questions.filter((question) => !failed.includes(question));
    for (const question of failed) question.reject(error);
  }

  return {
    async ask(keys, { since, signal }) {
      await waitForTurn({ action, signal }, (waiter) => {
        const question = { ...waiter, keys, since: Math.min(since, clock.now()) };
        if (missing(question).length === 0) waiter.resolve();
        else questions = [...questions, question];
        gather();
        return () => {
          questions = questions.filter((other) => other !== question);
          if (questions.length === 0) reading?.controller.abort();
        };
      });
      return memory.answersTo(keys);
    },
  };
}

function startReading(keys: readonly string[], begunAt: number): Reading {
  const controller = new AbortController();
  // One read may be many calls side by side, which all listen to this signal.
  setMaxListeners(0, controller.signal);
  return { begunAt, keys, controller };
}
