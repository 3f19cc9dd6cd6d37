/** Things that are made when they are first asked for, and kept. */
export interface RecentlyUsed<T> {
  get(key: string, make: () => T): T;
}

/** @param most when there would be more, the one that was not used for longest is let go */
export function recentlyUsed<T>(most = Number.POSITIVE_INFINITY): RecentlyUsed<T> {
  // A Map keeps the order in which keys were put in: the first is the one not used for longest.
  const known = new Map<string, T>();
  return {
    get(key, make) {
      const found = known.get(key) ?? make();
      known.delete(key);
      known.set(key, found);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      return found;
    },
  };
}
