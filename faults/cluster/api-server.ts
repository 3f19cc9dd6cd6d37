/** A Kubernetes API server in memory: versions, generations, finalizers, subresource, watches. */
import { isDeepStrictEqual } from 'node:util';
import type { StatusBody } from '../../src/kubernetes/client/api-error.ts';
import { keyOf } from '../../src/kubernetes/client/object.ts';
import {
  type Applied,
  type ApplyConflict,
  applied,
  type ManagedEntry,
  updatedBy,
} from './server-side-apply.ts';

/** An object as it is stored. */
export interface StoredObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedEntry[];
  };
  readonly data?: unknown;
  readonly spec?: unknown;
  readonly status?: unknown;
}

export interface StoredEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: StoredObject;
  /** The state before; absent for one that is new. */
  readonly former?: StoredObject;
}

type Causes = NonNullable<NonNullable<StatusBody['details']>['causes']>;

/** A refusal, with the body that the server would send. */
export class Refused extends Error {
  readonly code: number;
  readonly status: StatusBody;

  constructor(code: number, reason: string, message: string, causes: Causes = []) {
    super(message);
    this.code = code;
    this.status = { kind: 'Status', code, reason, message, details: { name: 'one', causes } };
  }
}

/** Which object, and who writes it. */
export interface WriteOptions {
  /** Of an apply, or of a plain write that names one. */
  readonly manager?: string;
  readonly force?: boolean;
}

/**
 * One collection. Every change gets the next number of the server as its resource version. Objects go
 * by `namespace/name`, or by their name where they have no namespace.
 */
export interface Collection {
  get(name: string): StoredObject;
  list(): readonly StoredObject[];
  /** As the collection was before its last change, and the version of then. */
  listBefore(): { readonly items: readonly StoredObject[]; readonly resourceVersion: string };
  getBefore(name: string): StoredObject;
  create(object: object): StoredObject;
  replace(name: string, object: StoredObject, part: 'object' | 'status'): StoredObject;
  patch(
    name: string,
    patch: object,
    part: 'object' | 'status',
    options?: WriteOptions,
  ): StoredObject;
  /** Server-side apply. */
  apply(name: string, wanted: object, options: Required<WriteOptions>): StoredObject;
  /** @param uid of the very object that is meant */
  delete(name: string, only?: { readonly uid?: string; readonly resourceVersion?: string }): void;
  eventsSince(resourceVersion: string): readonly StoredEvent[];
  subscribe(listener: (event: StoredEvent) => void): () => void;
  readonly resourceVersion: string;
}

export interface CollectionOptions {
  readonly wallTime: () => Date;
  /** Fills in the defaults of the schema. */
  readonly withDefaults: (object: object) => object;
  /** Called with the stored object and the former one. */
  readonly onWrite?: (
    object: StoredObject,
    former: StoredObject,
    part: 'object' | 'status',
  ) => void;
}

export function createCollection(options: CollectionOptions): Collection {
  const objects = new Map<string, StoredObject>();
  const history: StoredEvent[] = [];
  const listeners = new Set<(event: StoredEvent) => void>();
  let version = 100;
  let created = 0;

  function emit(type: StoredEvent['type'], object: StoredObject): StoredObject {
    const key = keyOf(object.metadata);
    const former = objects.get(key);
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, object);
    const event = { type, object, ...(former === undefined ? {} : { former }) };
    history.push(event);
    for (const listener of listeners) listener(event);
    return object;
  }

  function known(name: string): StoredObject {
    const object = objects.get(name);
    if (object === undefined) throw new Refused(404, 'NotFound', `"${name}" not found`);
    return object;
  }

  function stamp(): string {
    version += 1;
    return String(version);
  }

  /** Applies a write to the part that it is about, as the server does. */
  function write(before: StoredObject, wanted: StoredObject, part: 'object' | 'status') {
    const { metadata } = wanted;
    if (metadata.uid !== undefined && metadata.uid !== before.metadata.uid) {
      throw new Refused(409, 'Conflict', 'the UID in the precondition does not match');
    }
    if (
      metadata.resourceVersion !== undefined &&
      metadata.resourceVersion !== before.metadata.resourceVersion
    ) {
      throw new Refused(409, 'Conflict', 'the object has been modified; please apply your changes');
    }
    const next = part === 'status' ? { ...before, status: wanted.status } : changed(before, wanted);
    if (isDeepStrictEqual(next, before)) return before;
    const stored = { ...next, metadata: { ...next.metadata, resourceVersion: stamp() } };
    const isGone =
      stored.metadata.deletionTimestamp !== undefined &&
      (stored.metadata.finalizers ?? []).length === 0;
    emit(isGone ? 'DELETED' : 'MODIFIED', stored);
    options.onWrite?.(stored, before, part);
    return stored;
  }

  function create(given: object): StoredObject {
    const { status: _ignored, ...object } = options.withDefaults(given) as StoredObject;
    const name = keyOf(object.metadata);
    if (objects.has(name)) throw new Refused(409, 'AlreadyExists', `"${name}" already exists`);
    created += 1;
    const metadata = {
      ...withoutEmpty(object.metadata),
      uid: `uid-${String(created).padStart(4, '0')}`,
      resourceVersion: stamp(),
      generation: 1,
      creationTimestamp: rfc3339(options.wallTime()),
    };
    return emit('ADDED', { ...object, metadata });
  }

  /** An apply to nothing makes the object: a version in it does not count, a UID cannot be met. */
  function createApplied(
    wanted: Applied & StoredObject,
    how: Required<WriteOptions>,
  ): StoredObject {
    const { uid, resourceVersion: _any, ...metadata } = wanted.metadata;
    if (uid !== undefined) {
      throw new Refused(409, 'Conflict', 'uid mismatch: no existing object was found');
    }
    const { name, namespace } = metadata;
    const bare = {
      apiVersion: wanted.apiVersion,
      kind: wanted.kind,
      metadata: { name, namespace },
    };
    const result = applied(bare as never, { ...wanted, metadata } as never, how);
    return create('object' in result ? result.object : bare);
  }

  return {
    get: known,
    list: () => inOrder([...objects.values()]),
    listBefore() {
      const former = history.slice(0, -1);
      return { items: inOrder(stateAfter(former)), resourceVersion: versionOf(former, version) };
    },
    getBefore(name) {
      const former = stateAfter(history.slice(0, -1)).find((one) => keyOf(one.metadata) === name);
      return former ?? known(name);
    },
    create,
    replace(name, object, part) {
      const before = known(name);
      if (object.metadata.resourceVersion === undefined) {
        throw new Refused(422, 'Invalid', 'metadata.resourceVersion: must be specified');
      }
      return write(before, clone(object), part);
    },
    patch(name, patch, part, { manager } = {}) {
      const before = known(name);
      const plain = withoutEmptyData(merged(before, patch) as StoredObject);
      const patched =
        manager === undefined
          ? plain
          : (updatedBy(before as never, plain as never, manager) as never as StoredObject);
      // A patch of the status does not look at the metadata, but for the version.
      if (part === 'object' && patched.metadata.uid !== before.metadata.uid) {
        throw new Refused(422, 'Invalid', 'metadata.uid: field is immutable');
      }
      const metadata = { ...patched.metadata, uid: before.metadata.uid };
      return write(before, options.withDefaults({ ...patched, metadata }) as StoredObject, part);
    },
    apply(name, given, how) {
      const wanted = given as Applied & StoredObject;
      const before = objects.get(name);
      if (before === undefined) return createApplied(wanted, how);
      const result = applied(before as never, wanted, how);
      if ('conflicts' in result) throw applyConflict(result.conflicts);
      if (wanted.metadata.uid !== undefined && wanted.metadata.uid !== before.metadata.uid) {
        const cause = { field: 'metadata.uid', reason: 'FieldValueInvalid' };
        throw new Refused(422, 'Invalid', 'metadata.uid: field is immutable', [cause]);
      }
      const meant: { readonly resourceVersion?: string } = wanted.metadata;
      const resourceVersion = meant.resourceVersion ?? before.metadata.resourceVersion;
      const next = result.object as never as StoredObject;
      return write(before, { ...next, metadata: { ...next.metadata, resourceVersion } }, 'object');
    },
    delete(name, { uid, resourceVersion } = {}) {
      const object = known(name);
      if ((uid ?? object.metadata.uid) !== object.metadata.uid) {
        throw new Refused(409, 'Conflict', 'the UID in the precondition does not match');
      }
      const { resourceVersion: current } = object.metadata;
      if ((resourceVersion ?? current) !== current) {
        throw new Refused(409, 'Conflict', 'the version in the precondition does not match');
      }
      if ((object.metadata.finalizers ?? []).length === 0) {
        emit('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: stamp() } });
        return;
      }
      if (object.metadata.deletionTimestamp !== undefined) return;
      const deletionTimestamp = rfc3339(options.wallTime());
      const { generation } = object.metadata;
      const metadata = { ...object.metadata, deletionTimestamp, generation: generation + 1 };
      emit('MODIFIED', { ...object, metadata: { ...metadata, resourceVersion: stamp() } });
    },
    eventsSince: (since) =>
      history.filter(({ object }) => Number(object.metadata.resourceVersion) > Number(since)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get resourceVersion() {
      return String(version);
    },
  };
}

/** The API server's words: the API version tells a plain update from an apply. */
function applyConflict(conflicts: readonly ApplyConflict[]): Refused {
  const causes = conflicts.map(({ manager, operation, apiVersion, leaf }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}"${operation === 'Update' ? ` using ${apiVersion}` : ''}`,
    field: `.${leaf.replaceAll('\n', '.')}`,
  }));
  return new Refused(409, 'Conflict', 'Apply failed with conflicts', causes);
}

/** A write of the object: its status stays, its generation follows its spec. */
function changed(before: StoredObject, wanted: StoredObject): StoredObject {
  const deleting = before.metadata.deletionTimestamp !== undefined;
  const [had = [], has = []] = [before.metadata.finalizers, wanted.metadata.finalizers];
  if (deleting && has.some((one) => !had.includes(one))) {
    throw new Refused(
      422,
      'Invalid',
      'no new finalizers can be added if the object is being deleted',
    );
  }
  const isSame = isDeepStrictEqual(before.spec, wanted.spec);
  const generation = before.metadata.generation + (isSame ? 0 : 1);
  const { deletionTimestamp, creationTimestamp, uid, resourceVersion } = before.metadata;
  const fixed = { creationTimestamp, uid, resourceVersion, generation };
  const going = deletionTimestamp === undefined ? {} : { deletionTimestamp };
  const metadata = withoutEmpty({ ...wanted.metadata, ...fixed, ...going });
  const { status: _ignored, ...rest } = wanted;
  const { status } = before;
  return { ...rest, metadata, ...(status === undefined ? {} : { status }) };
}

/** Of a ConfigMap the server keeps no empty `data`. */
function withoutEmptyData(object: StoredObject): StoredObject {
  const { data, ...rest } = object;
  return Object.keys((data ?? {}) as object).length === 0 ? rest : object;
}

/** An empty list or map in the metadata is none: the server does not keep it. */
function withoutEmpty<Metadata extends object>(metadata: Metadata): Metadata {
  const kept = Object.entries(metadata).filter(
    ([, value]) => typeof value !== 'object' || Object.keys(value).length > 0,
  );
  return Object.fromEntries(kept) as Metadata;
}

function stateAfter(events: readonly StoredEvent[]): readonly StoredObject[] {
  const state = new Map<string, StoredObject>();
  for (const { type, object } of events) {
    if (type === 'DELETED') state.delete(keyOf(object.metadata));
    else state.set(keyOf(object.metadata), object);
  }
  return [...state.values()];
}

/** By name, as the keys of etcd are. */
function inOrder(objects: readonly StoredObject[]): readonly StoredObject[] {
  return objects.toSorted((one, other) => (keyOf(one.metadata) < keyOf(other.metadata) ? -1 : 1));
}

function versionOf(events: readonly StoredEvent[], fallback: number): string {
  return events.at(-1)?.object.metadata.resourceVersion ?? String(Math.min(fallback, 100));
}

/** RFC 7386. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function clone<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function rfc3339(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
