/**
 * Maps items by calls, at most `lanes` at a time, so that a long list waits for the call budget
 * instead of being sent away by it. Keeps the order; the first failure ends the rest.
 */
export async function mapInLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  let isOver = false;
  async function lane(): Promise<void> {
    for (const [index, item] of queue) {
      if (isOver) return;
      try {
        results[index] = await map(item);
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}
