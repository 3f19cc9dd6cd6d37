/** Answers older than this are forgotten, unless they are read along with others. */
const keepAnswersMs = 600_000;
/** Answers that are read anew soon after each other could be read together. */
const ageingMs = 0.1 * keepAnswersMs;
/** Answers are read along for so long after a question: a link in a line of hours asks again when its turn comes. */
const awaitedMs = 9 * 60 * 60_000;

/** The answers of reads, by key, and when each read began. Times in milliseconds of one clock. */
export interface AnswerMemory<A> {
  /** True if the read that answered the key, also with nothing, began at `since` or later. */
  isFresh(key: string, since: number): boolean;
  /** By key, for who asks now; a key that AWS has nothing for is absent. */
  answersTo(keys: readonly string[], nowMs: number): ReadonlyMap<string, A>;
  /** Keys that will be asked for again, and were read a while ago; the oldest answers first. */
  ageing(nowMs: number): readonly string[];
  /** Notes what a read of these keys found; the keys that it did not find have no answer. */
  note(keys: readonly string[], found: ReadonlyMap<string, A>, begunAt: number): void;
  /**
   * Forgets those answers to the keys that are so: they are asked for anew. Undefined: AWS had
   * nothing.
   */
  forget(keys: readonly string[], isSo: (answer: A | undefined) => boolean): void;
}

interface Remembered<A> {
  readonly begunAt: number;
  readonly answer: A | undefined;
  /** When somebody last asked for it. */
  askedAt: number;
}

/** @param isReadAlong whether answers that will be asked for again are read along with others */
export function createAnswerMemory<A>(isReadAlong = false): AnswerMemory<A> {
  const answers = new Map<string, Remembered<A>>();
  return {
    isFresh(key, since) {
      const known = answers.get(key);
      return known !== undefined && known.begunAt >= since;
    },
    answersTo(keys, nowMs) {
      const found = new Map<string, A>();
      for (const key of keys) {
        const known = answers.get(key);
        if (known !== undefined) known.askedAt = nowMs;
        if (known?.answer !== undefined) found.set(key, known.answer);
      }
      return found;
    },
    ageing: (nowMs) =>
      [...answers]
        .filter(([, { begunAt, askedAt }]) => {
          return nowMs - askedAt <= awaitedMs && nowMs - begunAt > ageingMs;
        })
        .sort(([, one], [, other]) => one.begunAt - other.begunAt)
        .map(([key]) => key),
    note(keys, found, begunAt) {
      for (const [key, answer] of answers) {
        const isAwaited = isReadAlong && answer.askedAt >= begunAt - awaitedMs;
        if (answer.begunAt < begunAt - keepAnswersMs && !isAwaited) answers.delete(key);
      }
      for (const key of keys) {
        const { askedAt = begunAt } = answers.get(key) ?? {};
        answers.set(key, { begunAt, answer: found.get(key), askedAt });
      }
    },
    forget(keys, isSo) {
      for (const key of keys) {
        if (isSo(answers.get(key)?.answer)) answers.delete(key);
      }
    },
  };
}
