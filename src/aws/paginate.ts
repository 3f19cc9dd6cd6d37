/** One page of a list and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly nextToken: string | undefined;
}

/**
 * All items of a list that comes in pages. A token that comes a second time ends the list: it
 * would never end otherwise.
 */
export async function collectPages<Item>(
  readPage: (nextToken: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await readPage(token);
    items.push(...(page.items ?? []));
    token = page.nextToken === '' ? undefined : page.nextToken;
    if (token === undefined || seen.has(token)) return items;
    seen.add(token);
  } while (token !== undefined);
  return items;
}

/** Values per filter: AWS's limit for `Filter.N.Value.M` is 200. */
export const filterValuesPerCall = 200;

/** Splits a list into parts of at most `size` items. */
export function chunk<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}
