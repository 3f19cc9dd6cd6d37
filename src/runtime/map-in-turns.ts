import { takeTurn } from './turn.ts';

/** How to go through many items. */
export interface InTurnsOptions<Item> {
  /** Items that are gone through in a turn of the event loop: as many as take some milliseconds. */
  readonly perTurn: number;
  /** Between two turns nothing goes on once it has fired. */
  readonly signal: AbortSignal;
  /** False for an item that costs next to nothing, of which a turn takes any number. @default none does */
  takesLong?(item: Item): boolean;
}

/**
 * Maps items in their order, a slice of them in each turn of the event loop, and the first at once.
 *
 * @throws what `map` throws, or the signal's reason
 */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  { perTurn, signal, takesLong = () => true }: InTurnsOptions<NoInfer<Item>>,
  map: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let left = perTurn;
  for (const item of items) {
    if (takesLong(item)) {
      if (left === 0) {
        await takeTurn('slice');
        signal.throwIfAborted();
        left = perTurn;
      }
      left -= 1;
    }
    results.push(map(item));
  }
  return results;
}
