import type { Ledger, Stamp, View } from './ledger.ts';

interface Version<T> {
  readonly stamp: Stamp;
  /** Undefined: deleted. */
  readonly row: T | undefined;
}

/** Rows by id, each with its recent versions, so that a reader can be shown an earlier world. */
export class Table<T> {
  readonly #versions = new Map<string, Version<T>[]>();
  readonly #ledger: Ledger;
  readonly #keysOf: (row: T) => readonly string[];
  /** The place of each id in the order of creation. */
  readonly #places = new Map<string, number>();
  /** Ids of rows that have, or once had, a key. */
  readonly #byKey = new Map<string, Set<string>>();

  /** @param keysOf names of others by which rows are found with `listBy` */
  constructor(ledger: Ledger, keysOf: (row: T) => readonly string[] = () => []) {
    this.#ledger = ledger;
    this.#keysOf = keysOf;
  }

  /** The row as the view sees it; without a view, as it is. */
  get(id: string, view?: View): T | undefined {
    return seenOf(this.#versions.get(id), view)?.row;
  }

  /** All rows in the order of their creation. */
  list(view?: View): T[] {
    const rows: T[] = [];
    for (const versions of this.#versions.values()) {
      const row = seenOf(versions, view)?.row;
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Those of the rows that are among the ids, in the order of their creation. */
  pick(ids: readonly string[], view?: View): T[] {
    const placeOf = (id: string): number => this.#places.get(id) ?? 0;
    const inOrder = [...new Set(ids)].sort((one, other) => placeOf(one) - placeOf(other));
    return inOrder.flatMap((id) => this.get(id, view) ?? []);
  }

  /** The rows that have a key, in the order in which they got it. */
  listBy(key: string, view?: View): T[] {
    const rows: T[] = [];
    for (const id of this.idsBy(key)) {
      const row = this.get(id, view);
      if (row !== undefined && this.#keysOf(row).includes(key)) rows.push(row);
    }
    return rows;
  }

  /** The ids of rows that have, or once had, a key. */
  idsBy(key: string): Iterable<string> {
    return this.#byKey.get(key) ?? [];
  }

  put(id: string, row: T): void {
    this.#append(id, row);
  }

  /** Replaces some fields of a row that exists. */
  change(id: string, fields: Partial<T>): T {
    const row = this.get(id);
    if (row === undefined) throw new Error(`The simulator has no row ${id} to change.`);
    const changed = { ...row, ...fields };
    this.#append(id, changed);
    return changed;
  }

  delete(id: string): void {
    this.#append(id, undefined);
  }

  #append(id: string, row: T | undefined): void {
    for (const key of row === undefined ? [] : this.#keysOf(row)) {
      this.#byKey.set(key, (this.#byKey.get(key) ?? new Set<string>()).add(id));
    }
    const versions = this.#versions.get(id) ?? [];
    if (!this.#places.has(id)) this.#places.set(id, this.#places.size);
    versions.push({ stamp: this.#ledger.stamp(), row });
    const needed = versions.findLastIndex((version) => this.#ledger.everybodySees(version.stamp));
    this.#versions.set(id, versions.slice(Math.max(needed, 0)));
  }
}

/**
 * The newest of the versions that the view sees: in most reads of thousands of rows the last one.
 *
 * @param view undefined: as it is
 */
function seenOf<T>(versions: readonly Version<T>[] = [], view?: View): Version<T> | undefined {
  const last = versions.at(-1);
  if (last === undefined || view === undefined || view.sees(last.stamp)) return last;
  return versions.findLast((version) => view.sees(version.stamp));
}
