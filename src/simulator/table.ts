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

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** The row as the view sees it; without a view, as it is. */
  get(id: string, view: View = this.#ledger.latest()): T | undefined {
    return this.#versions.get(id)?.findLast((version) => view.sees(version.stamp))?.row;
  }

  /** All rows in the order of their creation. */
  list(view: View = this.#ledger.latest()): T[] {
    return [...this.#versions.keys()].flatMap((id) => this.get(id, view) ?? []);
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
    const versions = this.#versions.get(id) ?? [];
    versions.push({ stamp: this.#ledger.stamp(), row });
    const needed = versions.findLastIndex((version) => this.#ledger.everybodySees(version.stamp));
    this.#versions.set(id, versions.slice(Math.max(needed, 0)));
  }
}
