/** A list that keeps an order of its own. Items that the order holds to be the same are one item. */
export class OrderedList<T> {
  private readonly items: T[] = [];
  private readonly compare: (one: T, other: T) => number;

  /** @param compare below 0 if the first goes before the other */
  constructor(compare: (one: T, other: T) => number) {
    this.compare = compare;
  }

  get size(): number {
    return this.items.length;
  }

  at(index: number): T | undefined {
    return this.items.at(index);
  }

  add(item: T): void {
    this.items.splice(this.placeOf(item), 0, item);
  }

  /** Takes an item out, if it is there. */
  delete(item: T): void {
    const index = this.indexOf(item);
    if (index >= 0) this.items.splice(index, 1);
  }

  /** How many items go before this one; -1 if it is not there. */
  indexOf(item: T): number {
    const index = this.placeOf(item);
    return this.items[index] === item ? index : -1;
  }

  all(): readonly T[] {
    return this.items;
  }

  /** How many items go before an item, which need not be there. */
  private placeOf(item: T): number {
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.items[middle];
      if (other !== undefined && this.compare(other, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
