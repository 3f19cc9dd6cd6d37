/** A map, or a cache with a limit, by the two methods that matter here. */
interface Store<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: NoInfer<Value>): unknown;
}

/** The value of a key; made, and kept in the store, when the key has none yet. */
export function getOrMake<Key, Value>(
  store: Store<Key, Value>,
  key: Key,
  make: () => Value,
): Value {
  const known = store.get(key);
  if (known !== undefined) return known;
  const made = make();
  store.set(key, made);
  return made;
}
