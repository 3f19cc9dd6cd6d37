/** The outcome of a read for one key, where one key's failure is not the others'. */
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

/** True for the outcome of a key that could not be read. */
export function isFailed(outcome: Outcome<unknown> | undefined): boolean {
  return outcome !== undefined && 'error' in outcome;
}

/** The answer of an outcome, or its error thrown. Undefined if the key was never answered. */
export function answerOf<A>(outcome: Outcome<A> | undefined): A | undefined {
  if (outcome === undefined) return undefined;
  if ('error' in outcome) throw outcome.error;
  return outcome.answer;
}
