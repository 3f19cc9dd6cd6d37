/** Answers older than this are forgotten: nobody asks for them. */
const keepAnswersMs = 600_000;
/** Answers that are read anew soon after each other could be read together. */
const ageingMs = 0.1 * keepAnswersMs;

/** The answers of reads, by key, and when each read began. Times in milliseconds of one clock. */
export interface AnswerMemory<A> {
  /** True if the read that answered the key, also with nothing, began at `since` or later. */
  isFresh(key: string, since: number): boolean;
  /** By key; a key that AWS has nothing for is absent. */
  answersTo(keys: readonly string[]): ReadonlyMap<string, A>;
  /** Keys whose answers are asked for, and were read a while ago; the oldest answers first. */
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
  /** How many reads in a row nobody has asked for the answer of, this one included. */
  unasked: number;
}

/** So many reads nobody need ask for: a link that waits for its turn asks each quarter of an hour. */
const mostUnasked = 2;

export function createAnswerMemory<A>(): AnswerMemory<A> {
  const answers = new Map<string, Remembered<A>>();
  return {
    isFresh(key, since) {
      const known = answers.get(key);
      return known !== undefined && known.begunAt >= since;
    },
    answersTo(keys) {
      const found = new Map<string, A>();
      for (const key of keys) {
        const known = answers.get(key);
        if (known !== undefined) known.unasked = 0;
        if (known?.answer !== undefined) found.set(key, known.answer);
      }
      return found;
    },
    ageing: (nowMs) =>
      [...answers]
        .filter(([, { begunAt, unasked }]) => {
          const ageMs = nowMs - begunAt;
          return unasked < mostUnasked && ageMs > ageingMs && ageMs <= keepAnswersMs;
        })
        .sort(([, one], [, other]) => one.begunAt - other.begunAt)
        .map(([key]) => key),
    note(keys, found, begunAt) {
      for (const [key, answer] of answers) {
        if (answer.begunAt < begunAt - keepAnswersMs) answers.delete(key);
      }
      for (const key of keys) {
        const { unasked = 0 } = answers.get(key) ?? {};
        answers.set(key, { begunAt, answer: found.get(key), unasked: unasked + 1 });
      }
    },
    forget(keys, isSo) {
      for (const key of keys) {
        if (isSo(answers.get(key)?.answer)) answers.delete(key);
      }
    },
  };
}
