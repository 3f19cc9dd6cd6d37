/** Writes of this process that the watches do not show yet. */
import { compareResourceVersions } from '../kubernetes/client/object.ts';
import type { ResourceChange } from '../kubernetes/watch/resource-cache.ts';
import type { ClientObjectKind, ExistingObject } from '../plan/clients/client-object.ts';
import type { Clock } from '../runtime/clock.ts';
import { existingObject, type StoredObject } from './stored-object.ts';

/**
 * A watch shows a write within milliseconds. One that has not by then may have missed it (a list in
 * between, when somebody deleted the object again), so the watch is believed.
 */
const believedMs = 10_000;

interface Write {
  /** Undefined for a deletion. */
  readonly object: ExistingObject | undefined;
  /** Undefined for a deletion, whose version is not in the answer. */
  readonly resourceVersion: string | undefined;
  readonly at: number;
}

/** Without it a pass that comes before the event would make the same object again. */
export interface RecentWrites {
  noteWritten(kind: ClientObjectKind, object: StoredObject): void;
  noteDeleted(kind: ClientObjectKind, namespace: string, name: string): void;
  /** The watch has shown a state of the object. */
  noteShown(kind: ClientObjectKind, change: ResourceChange<StoredObject>): void;
  /** The objects of a namespace, by what the watches show of it. */
  merged(namespace: string, shown: readonly ExistingObject[]): readonly ExistingObject[];
}

/** Creates a memory without any write. */
export function createRecentWrites(clock: Pick<Clock, 'now'>): RecentWrites {
  const byNamespace = new Map<string, Map<string, Write>>();
  const note = (namespace: string, key: string, write: Omit<Write, 'at'>): void => {
    const here = byNamespace.get(namespace) ?? new Map<string, Write>();
    byNamespace.set(namespace, here.set(key, { ...write, at: clock.now() }));
  };
  const forget = (namespace: string, key: string): void => {
    const here = byNamespace.get(namespace);
    here?.delete(key);
    if (here?.size === 0) byNamespace.delete(namespace);
  };
  return {
    noteWritten(kind, stored) {
      const { name, namespace = '', resourceVersion } = stored.metadata;
      note(namespace, `${kind}/${name}`, { object: existingObject(kind, stored), resourceVersion });
    },
    noteDeleted(kind, namespace, name) {
      note(namespace, `${kind}/${name}`, { object: undefined, resourceVersion: undefined });
    },
    noteShown(kind, { kind: what, object: { metadata } }) {
      const { name, namespace = '', resourceVersion } = metadata;
      const key = `${kind}/${name}`;
      const write = byNamespace.get(namespace)?.get(key);
      if (write === undefined) return;
      const isOlder = compareResourceVersions(resourceVersion, write.resourceVersion) === -1;
      const isAwaited = write.object === undefined ? what === 'deleted' : !isOlder;
      if (isAwaited) forget(namespace, key);
    },
    merged(namespace, shown) {
      const recent = byNamespace.get(namespace);
      if (recent === undefined) return shown;
      const byKey = new Map(shown.map((one) => [`${one.kind}/${one.metadata.name}`, one]));
      for (const [key, { object, at }] of recent) {
        if (clock.now() - at > believedMs) forget(namespace, key);
        else if (object === undefined) byKey.delete(key);
        else byKey.set(key, object);
      }
      return [...byKey.values()];
    },
  };
}
