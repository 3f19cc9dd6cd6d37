/** Writes of this process that the watches do not show yet. */
import { compareResourceVersions } from '../kubernetes/client/object.ts';
import type { ResourceChange } from '../kubernetes/watch/resource-cache.ts';
import type { ClientObjectKind, ExistingObject } from '../plan/clients/client-object.ts';
import type { Clock } from '../runtime/clock.ts';
import { existingObject, type StoredObject } from './stored-object.ts';

/**
 * A watch shows a write within milliseconds. One that has not by then may have missed it (a list in
 * between, when somebody deleted the object again), so the watch is believed. A deletion is certain: an
 * object never comes back with its UID.
 */
const believedMs = 10_000;

type Write =
  | {
      readonly kind: 'written';
      readonly object: ExistingObject;
      readonly version: string;
      readonly at: number;
    }
  | { readonly kind: 'deleted'; readonly uid: string };

/** Without it a pass that comes before the event would make or delete the same object again. */
export interface RecentWrites {
  noteWritten(kind: ClientObjectKind, object: StoredObject): void;
  noteDeleted(object: DeletedObject): void;
  /** The watch has shown a state of the object. */
  noteShown(kind: ClientObjectKind, change: ResourceChange<StoredObject>): void;
  /** The objects of a namespace, by what the watches show of it. */
  merged(namespace: string, shown: readonly ExistingObject[]): readonly ExistingObject[];
}

export interface DeletedObject {
  readonly kind: ClientObjectKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * Creates a memory without any write.
 * @param onDeleted told of each deletion
 */
export function createRecentWrites(
  clock: Pick<Clock, 'now'>,
  onDeleted: (object: DeletedObject) => void = () => undefined,
): RecentWrites {
  const byNamespace = new Map<string, Map<string, Write>>();
  const note = (namespace: string, key: string, write: Write): void => {
    const here = byNamespace.get(namespace) ?? new Map<string, Write>();
    byNamespace.set(namespace, here.set(key, write));
  };
  const forget = (namespace: string, key: string): void => {
    const here = byNamespace.get(namespace);
    here?.delete(key);
    if (here?.size === 0) byNamespace.delete(namespace);
  };
  return {
    noteWritten(kind, stored) {
      const { name, namespace = '', resourceVersion: version = '' } = stored.metadata;
      const object = existingObject(kind, stored);
      note(namespace, `${kind}/${name}`, { kind: 'written', object, version, at: clock.now() });
    },
    noteDeleted(object) {
      const { kind, namespace, name, uid } = object;
      note(namespace, `${kind}/${name}`, { kind: 'deleted', uid });
      onDeleted(object);
    },
    noteShown(kind, { kind: what, object: { metadata } }) {
      const { name, namespace = '', resourceVersion, uid } = metadata;
      const key = `${kind}/${name}`;
      const write = byNamespace.get(namespace)?.get(key);
      if (write === undefined) return;
      const isAwaited =
        write.kind === 'deleted'
          ? what === 'deleted' || uid !== write.uid
          : compareResourceVersions(resourceVersion, write.version) !== -1;
      if (isAwaited) forget(namespace, key);
    },
    merged(namespace, shown) {
      const recent = byNamespace.get(namespace);
      if (recent === undefined) return shown;
      const byKey = new Map(shown.map((one) => [`${one.kind}/${one.metadata.name}`, one]));
      for (const [key, write] of recent) {
        if (write.kind === 'deleted') {
          if (byKey.get(key)?.metadata.uid === write.uid) byKey.delete(key);
        } else if (clock.now() - write.at > believedMs) forget(namespace, key);
        else byKey.set(key, write.object);
      }
      return [...byKey.values()];
    },
  };
}
