import { LRUCache } from 'lru-cache';
import { createTextPacker, type PackedText } from '../../runtime/packed-text.ts';
import type { ObjectStore } from './resource-cache.ts';

/** As many as these are all kept as they are handed out, some 4 MiB: to ask for one costs nothing. */
const fewObjects = 1_024;
/** Of more objects some more than workers have in work at a time: a sweep asks for each of them once. */
const mostInUse = 64;

/** An object that was asked for or changed lately. */
interface InUse<T> {
  readonly object: T;
  /** The same, packed, where it was so before. */
  readonly packed?: PackedText;
}

/**
 * Keeps objects packed of which nobody has asked lately. An object is handed out as another copy each time
 * that it is unpacked.
 *
 * @param few as many as these are all kept as they are
 */
export function createPackedObjects<T extends object>(few = fewObjects): ObjectStore<T> {
  return new PackedObjects<T>(few);
}

class PackedObjects<T extends object> implements ObjectStore<T> {
  private readonly packer = createTextPacker();
  /** Undefined for those in use; in the order in which they came. */
  private readonly packed = new Map<string, PackedText | undefined>();
  private readonly inUse: LRUCache<string, InUse<T>>;
  private readonly few: number;

  constructor(few: number) {
    this.few = few;
    this.inUse = new LRUCache({
      max: Math.max(few, mostInUse),
      dispose: (one, key, reason) => {
        if (reason === 'evict') this.packed.set(key, one.packed ?? this.pack(one.object));
      },
    });
  }

  get size(): number {
    return this.packed.size;
  }

  get(key: string): T | undefined {
    const known = this.inUse.get(key);
    if (known !== undefined) return known.object;
    const packed = this.packed.get(key);
    if (packed === undefined) return undefined;
    const object = unpack<T>(packed);
    this.use(key, { object, packed });
    return object;
  }

  set(key: string, object: T): void {
    this.use(key, { object });
  }

  delete(key: string): void {
    this.inUse.delete(key);
    this.packed.delete(key);
  }

  keys(): Iterable<string> {
    return this.packed.keys();
  }

  *values(): Iterable<T> {
    for (const [key, packed] of this.packed) {
      const object = packed === undefined ? this.inUse.peek(key)?.object : unpack<T>(packed);
      if (object !== undefined) yield object;
    }
  }

  private use(key: string, one: InUse<T>): void {
    this.packed.set(key, undefined);
    this.inUse.set(key, one);
    const most = this.size > this.few ? mostInUse : this.few;
    while (this.inUse.size > most) this.inUse.pop();
  }

  private pack(object: T): PackedText {
    return this.packer.pack(JSON.stringify(object));
  }
}

function unpack<T>(packed: PackedText): T {
  return JSON.parse(packed.text()) as T;
}
