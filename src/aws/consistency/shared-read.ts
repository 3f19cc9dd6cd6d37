import { setMaxListeners } from 'node:events';
import { type AnswerMemory, createAnswerMemory } from './answer-memory.ts';
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
  /** Says that keys will be asked for soon: the next read takes them along, as far as it has room. */
  expect(keys: readonly string[]): void;
}

export interface SharedReadOptions<A> {
  /** For errors of our own: IAM's name of the call. */
  readonly action: string;
  readonly clock: Clock;
  /**
   * For how long no more questions come when a read begins, in milliseconds. The first question waits for
   * `mostGatherings` times as long at most.
   */
  readonly gatherMs: number;
  /** One read for all keys. The signal fires when nobody waits for the answer any more. */
  load(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, A>>;
  /**
   * Reads answers that are asked for, and are not new, along with others, up to this many keys: each
   * would else be asked for by a call of its own when it gets too old. @default none
   */
  readonly alongUpTo?: number;
  /**
   * True for an answer that tells why there is none: it is for those who waited for the read, and
   * is not remembered, because the next read may succeed. Undefined: AWS had nothing for the key.
   * @default none is
   */
  readonly isFailure?: (answer: A | undefined) => boolean;
}

/**
 * Questions of links that are applied or deleted together come one after the other, for longer than the
 * first of them need wait.
 */
const mostGatherings = 4;

interface Question extends Waiter {
  readonly keys: readonly string[];
  readonly since: number;
}

/** Questions that are gathered for the next read. Times are the clock's. */
interface Gathering {
  /** When the last question came. */
  lastAt: number;
  /** When the read begins at the latest. */
  readonly until: number;
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
  return new BatchedRead(options);
}

class BatchedRead<A> implements SharedRead<A> {
  private readonly options: SharedReadOptions<A>;
  private readonly memory: AnswerMemory<A>;
  private questions: readonly Question[] = [];
  private reading: Reading | undefined;
  private gathering: Gathering | undefined;
  private readonly expected = new Set<string>();

  constructor(options: SharedReadOptions<A>) {
    this.options = options;
    this.memory = createAnswerMemory<A>(options.alongUpTo !== undefined);
  }

  async ask(keys: readonly string[], { since, signal }: AskOptions) {
    const { action, clock } = this.options;
    let answers: ReadonlyMap<string, A> = new Map();
    const takeDown = (): void => void (answers = this.memory.answersTo(keys, clock.now()));
    const oldest = Math.min(since, clock.now());
    await waitForTurn({ action, signal }, (waiter) =>
      this.enrol({ keys, since: oldest, ...answeredBy(waiter, takeDown) }),
    );
    return answers;
  }

  expect(keys: readonly string[]): void {
    const { alongUpTo = 0 } = this.options;
    if (alongUpTo === 0) return;
    const { NEGATIVE_INFINITY: ever } = Number;
    for (const key of keys) if (!this.memory.isFresh(key, ever)) this.expected.add(key);
  }

  /** Puts a question in line; returns how to take it back. */
  private enrol(question: Question): () => void {
    if (this.missing(question).length === 0) question.resolve();
    else this.add(question);
    return () => {
      this.questions = this.questions.filter((other) => other !== question);
      if (this.questions.length === 0) this.reading?.controller.abort();
    };
  }

  /** The keys that the question still lacks. */
  private missing({ keys, since }: Question): readonly string[] {
    return keys.filter((key) => !this.memory.isFresh(key, since));
  }

  private add(question: Question): void {
    this.questions = [...this.questions, question];
    if (this.gathering === undefined) this.gather();
    else this.gathering.lastAt = this.options.clock.now();
  }

  private gather(): void {
    if (this.reading !== undefined || this.questions.length === 0) return;
    const { clock, gatherMs } = this.options;
    const begunAt = clock.now();
    this.gathering = { lastAt: begunAt, until: begunAt + gatherMs * mostGatherings };
    this.gatherFor(this.gathering, gatherMs);
  }

  private gatherFor(gathering: Gathering, delayMs: number): void {
    const { clock, gatherMs } = this.options;
    clock.setTimer(() => {
      const untilMs = Math.min(gathering.lastAt + gatherMs, gathering.until) - clock.now();
      // The difference of two times may be a rounding more than nothing.
      if (untilMs >= 1) return this.gatherFor(gathering, untilMs);
      this.gathering = undefined;
      void this.read();
    }, delayMs);
  }

  private async read(): Promise<void> {
    const { clock, load, isFailure = () => false, alongUpTo = 0 } = this.options;
    const lacking = this.questions.flatMap((question) => this.missing(question));
    if (lacking.length === 0) return;
    const asked = [...new Set(lacking)];
    const room = Math.max(0, alongUpTo - asked.length);
    const wished = room === 0 ? [] : [...this.expected, ...this.memory.ageing(clock.now())];
    const along = [...new Set(wished)].filter((key) => !asked.includes(key));
    const keys = [...asked, ...along.slice(0, room)].sort();
    for (const key of keys) this.expected.delete(key);
    this.reading = startReading(keys, clock.now());
    const { begunAt, controller } = this.reading;
    try {
      this.memory.note(keys, await load(keys, controller.signal), begunAt);
    } catch (error) {
      // Cut off because nobody waited any more: who came since gets a read of its own.
      if (!controller.signal.aborted) this.rejectThose(this.reading, error);
    }
    this.reading = undefined;
    const isAnswered = (question: Question): boolean => this.missing(question).length === 0;
    for (const question of this.questions) if (isAnswered(question)) question.resolve();
    this.questions = this.questions.filter((question) => !isAnswered(question));
    this.memory.forget(keys, isFailure);
    this.gather();
  }

  /** The failure of a read is the failure of all questions that it would have answered. */
  private rejectThose({ begunAt, keys }: Reading, error: unknown): void {
    const failed = this.questions.filter(
      (question) =>
        question.since <= begunAt && this.missing(question).every((key) => keys.includes(key)),
    );
    this.questions = this.questions.filter((question) => !failed.includes(question));
    for (const question of failed) question.reject(error);
  }
}

/** The waiter, for whom the answer is taken down as the wait ends. */
function answeredBy(waiter: Waiter, takeDown: () => void): Waiter {
  return {
    reject: (error) => waiter.reject(error),
    resolve: () => {
      takeDown();
      waiter.resolve();
    },
  };
}

function startReading(keys: readonly string[], begunAt: number): Reading {
  const controller = new AbortController();
  // One read may be many calls side by side, which all listen to this signal.
  setMaxListeners(0, controller.signal);
  return { begunAt, keys, controller };
}
