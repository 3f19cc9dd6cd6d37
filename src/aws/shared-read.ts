import { setMaxListeners } from 'node:events';
import { abortedBy } from './aborted.ts';
import type { Clock } from './clock.ts';

/** When an answer was begun and what it is; `begunAt` in milliseconds of the clock. */
interface Answer<A> {
  readonly begunAt: number;
  readonly answer: A | undefined;
}

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

interface Question {
  readonly keys: readonly string[];
  readonly since: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Answers older than this are dropped: nobody asks for them. */
const keepAnswersMs = 600_000;

/**
 * Batches and shares reads. A question that a finished read answers freshly enough costs nothing;
 * the others are gathered for a moment and go out as one read. One read runs at a time, so that
 * under load batches grow instead of calls.
 */
export function createSharedRead<A>(options: SharedReadOptions<A>): SharedRead<A> {
  const { action, clock, gatherMs, load } = options;
  const answers = new Map<string, Answer<A>>();
  let questions: Question[] = [];
  let running: { readonly begunAt: number; readonly keys: ReadonlySet<string> } | undefined;
  let gathering = false;
  let controller = new AbortController();

  function isAnswered(question: Question): boolean {
    return question.keys.every((key) => (answers.get(key)?.begunAt ?? -Infinity) >= question.since);
  }

  /** True if the read under way will answer what the question still lacks. */
  function awaitsRunning(question: Question): boolean {
    if (running === undefined || running.begunAt < question.since) return false;
    const { keys } = running;
    return question.keys.every(
      (key) => keys.has(key) || (answers.get(key)?.begunAt ?? -Infinity) >= question.since,
    );
  }

  function gather(): void {
    if (gathering || running !== undefined || questions.length === 0) return;
    gathering = true;
    clock.after(gatherMs, () => {
      gathering = false;
      void begin();
    });
  }

  function staleKeys(): readonly string[] {
    const stale = new Set<string>();
    for (const question of questions) {
      for (const key of question.keys) {
        if ((answers.get(key)?.begunAt ?? -Infinity) < question.since) stale.add(key);
      }
    }
    return [...stale].sort();
  }

  function settle(failed?: { readonly error: unknown }): void {
    const waiting = questions;
    questions = [];
    for (const question of waiting) {
      if (isAnswered(question)) question.resolve();
      else if (failed !== undefined && awaitsRunning(question)) question.reject(failed.error);
      else questions.push(question);
    }
    running = undefined;
    gather();
  }

  async function begin(): Promise<void> {
    const keys = staleKeys();
    if (keys.length === 0) return settle();
    const begunAt = clock.now();
    running = { begunAt, keys: new Set(keys) };
    controller = new AbortController();
    // One read may be many calls side by side, which all listen to this signal.
    setMaxListeners(0, controller.signal);
    try {
      const found = await load(keys, controller.signal);
      forgetOldAnswers();
      for (const key of keys) answers.set(key, { begunAt, answer: found.get(key) });
      settle();
    } catch (error) {
      // Cut off because nobody waited any more: who came since gets a read of its own.
      settle(controller.signal.aborted ? undefined : { error });
    }
  }

  function forgetOldAnswers(): void {
    for (const [key, { begunAt }] of answers) {
      if (begunAt < clock.now() - keepAnswersMs) answers.delete(key);
    }
  }

  function wait(keys: readonly string[], { since, signal }: AskOptions): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const question: Question = {
        keys,
        since: Math.min(since, clock.now()),
        resolve() {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
        reject(error) {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      function onAbort(): void {
        questions = questions.filter((other) => other !== question);
        if (questions.length === 0) controller.abort();
        reject(abortedBy(action));
      }
      if (isAnswered(question)) return resolve();
      signal.addEventListener('abort', onAbort, { once: true });
      questions.push(question);
      gather();
    });
  }

  async function ask(
    keys: readonly string[],
    askOptions: AskOptions,
  ): Promise<ReadonlyMap<string, A>> {
    if (askOptions.signal.aborted) throw abortedBy(action);
    await wait(keys, askOptions);
    const found = new Map<string, A>();
    for (const key of keys) {
      const answer = answers.get(key)?.answer;
      if (answer !== undefined) found.set(key, answer);
    }
    return found;
  }

  return { ask };
}

/** What one key of a read came to, where one key's failure is not the others'. */
export type Outcome<A> = { readonly answer: A } | { readonly error: unknown };

/** Reads each key by its own call, side by side; a failed one does not spoil the others. */
export async function loadEach<A>(
  keys: readonly string[],
  loadOne: (key: string) => Promise<A>,
): Promise<ReadonlyMap<string, Outcome<A>>> {
  const outcomes = await Promise.all(
    keys.map(async (key): Promise<readonly [string, Outcome<A>]> => {
      try {
        return [key, { answer: await loadOne(key) }];
      } catch (error) {
        return [key, { error }];
      }
    }),
  );
  return new Map(outcomes);
}

/** The answer of an outcome, or its error thrown. Undefined if the key was never answered. */
export function answerOf<A>(outcome: Outcome<A> | undefined): A | undefined {
  if (outcome === undefined) return undefined;
  if ('error' in outcome) throw outcome.error;
  return outcome.answer;
}
