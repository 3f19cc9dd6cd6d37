import { CloudError } from '../../plan/cloud.ts';

/** One page of a list and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly nextToken: string | undefined;
}

/** More than any list has that we read: 1,000 pages of AWS's smallest size are 5,000 items. */
const mostPages = 1_000;

/**
 * All items of a list that comes in pages. A list that does not end, because a token comes a second
 * time or pages come for ever, fails: what was read so far is not all of it, and to take it for all
 * could mean to make anew, or to leave behind, what is missing.
 *
 * @param action IAM's name of the call, for the error
 */
export async function collectPages<Item>(
  action: string,
  readPage: (nextToken: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await readPage(token);
    items.push(...(page.items ?? []));
    token = page.nextToken === '' ? undefined : page.nextToken;
    if (token === undefined) return items;
    if (seen.has(token) || seen.size === mostPages) throw endlessList(action);
    seen.add(token);
  } while (token !== undefined);
  return items;
}

function endlessList(action: string): CloudError {
  const message = `${action} failed: AWS's pages do not come to an end`;
  return new CloudError({ kind: 'Unknown', action, code: 'EndlessList', message });
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
