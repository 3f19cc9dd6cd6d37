import type { Page } from './paginate.ts';

/**
 * One page of IAM's lists. A page may hold fewer entries than asked for, even none, and not be the
 * last: only `IsTruncated` tells (IAM API reference, `ListEntitiesForPolicy`).
 */
export function iamPage<Item>(
  items: readonly Item[],
  {
    IsTruncated,
    Marker,
  }: {
    readonly IsTruncated?: boolean | undefined;
    readonly Marker?: string | undefined;
  },
): Page<Item> {
  return { items, nextToken: IsTruncated === true ? Marker : undefined };
}
