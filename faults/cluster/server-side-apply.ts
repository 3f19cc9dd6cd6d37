/** Server-side apply, as far as ConfigMaps and NetworkPolicies need it. Pure. */
import { isDeepStrictEqual } from 'node:util';

/** Parts of an object that one manager sets: `data.KEY`, `spec.egress`, `metadata.labels.KEY`. */
type Leaves = ReadonlyMap<string, unknown>;

/** The fields that a manager has set last, and how. */
export interface ManagedEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

/** An object as far as applies look at it. */
export interface Applied extends Json {
  readonly apiVersion?: string;
  readonly metadata: Json & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedEntry[];
  };
}

/** A leaf that another manager has set to something else. */
export interface ApplyConflict {
  readonly manager: string;
  readonly operation: ManagedEntry['operation'];
  readonly apiVersion: string;
  readonly leaf: string;
}

/** Each leaf is a field of `data` or `spec`, which are atomic below that, a label or an annotation. */
const parents = [['data'], ['spec'], ['metadata', 'labels'], ['metadata', 'annotations']] as const;

function leavesOf(object: Json): Leaves {
  const leaves = new Map<string, unknown>();
  for (const path of parents) {
    const parent = path.reduce<unknown>((at, key) => (at as Json | undefined)?.[key], object);
    for (const [key, value] of Object.entries((parent ?? {}) as Json)) {
      leaves.set([...path, key].join('\n'), value);
    }
  }
  return leaves;
}

/** An object with other leaves; a parent that has lost all of them is gone. */
function withLeaves<T extends Json>(object: T, leaves: Leaves): T {
  let result: Json = object;
  for (const path of parents) {
    const prefix = `${path.join('\n')}\n`;
    const own = [...leaves].filter(([leaf]) => leaf.startsWith(prefix));
    const fields = Object.fromEntries(
      own.map(([leaf, value]) => [leaf.slice(prefix.length), value]),
    );
    result = withField(result, path, own.length === 0 ? undefined : fields);
  }
  return result as T;
}

function withField(object: Json, [first, ...rest]: readonly string[], value: unknown): Json {
  if (first === undefined) return object;
  const { [first]: before, ...others } = object;
  const next = rest.length === 0 ? value : withField((before ?? {}) as Json, rest, value);
  return next === undefined ? others : { ...others, [first]: next };
}

/** As in `metadata.managedFields`, with the two levels that there are leaves at. */
function fieldsOf(leaves: Iterable<string>): Json {
  const fields: Record<string, Json> = {};
  for (const leaf of leaves) {
    const path = leaf.split('\n').map((key) => `f:${key}`);
    let at: Record<string, unknown> = fields;
    for (const key of path) at = (at[key] ??= {}) as Record<string, unknown>;
  }
  return fields;
}

function leavesIn({ fieldsV1 }: ManagedEntry): ReadonlySet<string> {
  const leaves = new Set<string>();
  for (const path of parents) {
    const parent = path.reduce<unknown>(
      (at, key) => (at as Json | undefined)?.[`f:${key}`],
      fieldsV1,
    );
    for (const key of Object.keys((parent ?? {}) as Json)) {
      leaves.add([...path, key.slice(2)].join('\n'));
    }
  }
  return leaves;
}

function isOf(entry: ManagedEntry, manager: string, operation: ManagedEntry['operation']): boolean {
  return entry.manager === manager && entry.operation === operation;
}

function entryOf(
  manager: string,
  operation: ManagedEntry['operation'],
  { apiVersion = 'v1' }: Applied,
  leaves: Iterable<string>,
): ManagedEntry {
  return { manager, operation, apiVersion, fieldsType: 'FieldsV1', fieldsV1: fieldsOf(leaves) };
}

/** The end of an apply: the object after it, or who is in the way. */
export type ApplyResult =
  | { readonly object: Applied }
  | { readonly conflicts: readonly ApplyConflict[] };

/**
 * Applies a configuration to an object, or to nothing.
 *
 * @param before what is there
 * @param wanted the manager's whole configuration: a leaf that it set before and does not any more
 *   goes, unless another manager has it too
 */
export function applied(
  before: Applied,
  wanted: Applied,
  { manager, force }: { readonly manager: string; readonly force: boolean },
): ApplyResult {
  const leaves = new Map(leavesOf(before));
  const set = leavesOf(wanted);
  const entries = managersOf(before);
  const others = entries.filter((entry) => !isOf(entry, manager, 'Apply'));
  const conflicts = others.flatMap((entry) =>
    [...leavesIn(entry)]
      .filter((leaf) => set.has(leaf) && !isDeepStrictEqual(set.get(leaf), leaves.get(leaf)))
      .map((leaf) => ({ ...entry, leaf })),
  );
  if (conflicts.length > 0 && !force) return { conflicts };
  const lost = new Set(conflicts.map(({ leaf }) => leaf));
  const kept = others.flatMap((entry) => without(entry, lost));
  const former = entries.filter((entry) => isOf(entry, manager, 'Apply'));
  for (const leaf of former.flatMap((entry) => [...leavesIn(entry)])) {
    const isShared = kept.some((entry) => leavesIn(entry).has(leaf));
    if (!set.has(leaf) && !isShared) leaves.delete(leaf);
  }
  for (const [leaf, value] of set) leaves.set(leaf, value);
  const own = set.size === 0 ? [] : [entryOf(manager, 'Apply', wanted, set.keys())];
  const managedFields = [...kept, ...own];
  return { object: withManagers(withLeaves(before, leaves), managedFields) };
}

/** The server's name for whoever wrote what nobody manages. */
const unknown = 'before-first-apply';

/** Of an object that nobody manages, everything is somebody's who was there before. */
function managersOf(before: Applied): readonly ManagedEntry[] {
  const entries = before.metadata.managedFields ?? [];
  const leaves = leavesOf(before);
  if (entries.length > 0 || leaves.size === 0) return entries;
  return [entryOf(unknown, 'Update', before, leaves.keys())];
}

/**
 * The object after a plain write of a manager: what it changed is its own from now on. Of an object
 * that nobody manages the server writes down nothing.
 */
export function updatedBy(before: Applied, after: Applied, manager: string): Applied {
  if ((before.metadata.managedFields ?? []).length === 0) return after;
  const [former, now] = [leavesOf(before), leavesOf(after)];
  const changed = [...now.keys()].filter(
    (leaf) => !isDeepStrictEqual(former.get(leaf), now.get(leaf)),
  );
  const gone = [...former.keys()].filter((leaf) => !now.has(leaf));
  const entries = before.metadata.managedFields ?? [];
  const own = entries.filter((entry) => isOf(entry, manager, 'Update'));
  const others = entries
    .filter((entry) => !isOf(entry, manager, 'Update'))
    .flatMap((entry) => without(entry, new Set([...changed, ...gone])));
  const mine = new Set([...own.flatMap((entry) => [...leavesIn(entry)]), ...changed]);
  for (const leaf of gone) mine.delete(leaf);
  const added = mine.size === 0 ? [] : [entryOf(manager, 'Update', after, mine)];
  return withManagers(after, [...others, ...added]);
}

function without(entry: ManagedEntry, lost: ReadonlySet<string>): readonly ManagedEntry[] {
  const leaves = [...leavesIn(entry)].filter((leaf) => !lost.has(leaf));
  return leaves.length === 0 ? [] : [{ ...entry, fieldsV1: fieldsOf(leaves) }];
}

/** In one order, so that a write that changes nothing is none. */
function withManagers(object: Applied, entries: readonly ManagedEntry[]): Applied {
  const nameOf = ({ operation, manager }: ManagedEntry): string => `${operation} ${manager}`;
  const managedFields = entries.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
