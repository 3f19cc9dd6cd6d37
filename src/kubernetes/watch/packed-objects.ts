import { createTextPacker, type PackedText } from '../../runtime/packed-text.ts';
import type { ObjectStore } from './resource-cache.ts';

/** As many as these are all kept as they are handed out, some 4 MiB: to ask for one costs nothing. */
const fewObjects = 1_024;
/** Of more objects some more than workers have in work at a time: a sweep asks for each of them once. */
const mostRead = 64;
/** The same of objects in work, each of which is read and changed again and again. */
const mostInWork = 2_048;

/** An object in the state in which it was put in, packed or not or both. */
interface State<T> {
  object: T | undefined;
  packed: PackedText | undefined;
}

/**
 * Keeps objects packed that are at rest and that nobody has asked for lately. An object is handed out as
 * another copy each time that it is unpacked.
 *
 * @param few as many as these are all kept as they are
 */
export function createPackedObjects<T extends object>(
  isAtRest: (object: T) => boolean,
  few = fewObjects,
): ObjectStore<T> {
  return new PackedObjects<T>(isAtRest, few);
}

class PackedObjects<T extends object> implements ObjectStore<T> {
  private readonly packer = createTextPacker();
  /** Of all objects, in the order in which they came. */
  private readonly states = new Map<string, State<T>>();
  /** Those that are not packed, the one first that nobody has asked for the longest. */
  private readonly read = new Map<string, State<T>>();
  private readonly inWork = new Map<string, State<T>>();
  private readonly isAtRest: (object: T) => boolean;
  private readonly few: number;

  constructor(isAtRest: (object: T) => boolean, few: number) {
    this.isAtRest = isAtRest;
    this.few = few;
  }

  get size(): number {
    return this.states.size;
  }

  get(key: string): T | undefined {
    const state = this.states.get(key);
    if (state === undefined) return undefined;
    const object = this.objectOf(state);
    state.object = object;
    this.use(key, state, object);
    return object;
  }

  set(key: string, object: T): void {
    const state = { object, packed: undefined };
    this.states.set(key, state);
    this.use(key, state, object);
  }

  delete(key: string): void {
    this.states.delete(key);
    this.read.delete(key);
    this.inWork.delete(key);
  }

  keys(): Iterable<string> {
    return this.states.keys();
  }

  *values(): Iterable<T> {
    for (const state of this.states.values()) yield this.objectOf(state);
  }

  stateOf(key: string): object | undefined {
    return this.states.get(key);
  }

  private use(key: string, state: State<T>, object: T): void {
    this.read.delete(key);
    this.inWork.delete(key);
    const [among, most] = this.isAtRest(object) ? [this.read, mostRead] : [this.inWork, mostInWork];
    among.set(key, state);
    if (this.size > this.few) this.packOldest(among, most);
  }

  /** Two at most: where few objects come to be many, not all of them are packed at once. */
  private packOldest(states: Map<string, State<T>>, most: number): void {
    for (let left = 2; left > 0 && states.size > most; left -= 1) {
      const [oldest] = states;
      if (oldest === undefined) return;
      const [key, state] = oldest;
      states.delete(key);
      state.packed ??= this.packer.pack(JSON.stringify(state.object));
      state.object = undefined;
    }
  }

  private objectOf({ object, packed }: State<T>): T {
    if (object !== undefined) return object;
    if (packed === undefined) throw new Error('the object was neither kept nor packed');
    return JSON.parse(this.packer.unpack(packed)) as T;
  }
}
