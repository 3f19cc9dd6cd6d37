import type { ManagedPrefixList } from '../../plan/facts.ts';
import { chunk, collectPages } from '../client/paginate.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'ec2:DescribeManagedPrefixLists';
/** AWS's pages of prefix lists hold at most 100. */
const listsPerCall = 100;

/** Answers `PrefixLists`: by id, all that are asked for at a time in one call. */
export function createPrefixListsReader({ calls, clock, gatherMs }: ReadContext) {
  async function find(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ManagedPrefixList[]> {
    const Filters = [{ Name: 'prefix-list-id', Values: [...ids] }];
    const lists = await collectPages(action, async (NextToken) => {
      const input = { Filters, MaxResults: listsPerCall, NextToken };
      const page = await calls.call(action, input, { signal });
      return { items: page.PrefixLists, nextToken: page.NextToken };
    });
    return lists.flatMap((list) => {
      const { PrefixListId: id, MaxEntries: maxEntries } = list;
      if (id === undefined) return [];
      const weight = maxEntries === undefined ? {} : { maxEntries };
      const { PrefixListName: name = '', AddressFamily: addressFamily = '' } = list;
      return [{ id, name, addressFamily, ...weight }];
    });
  }

  const read = createSharedRead<ManagedPrefixList>({
    action,
    clock,
    gatherMs,
    async load(ids, signal) {
      const found = new Map<string, ManagedPrefixList>();
      for (const part of chunk(ids, listsPerCall)) {
        for (const list of await find(part, signal)) found.set(list.id, list);
      }
      return found;
    },
  });

  return async (
    ids: readonly string[],
    options: AskOptions,
  ): Promise<readonly ManagedPrefixList[]> => [...(await read.ask(ids, options)).values()];
}
