/** Everything that the operator has in namespaces, as its watches show it. */
import type { ApiClient } from '../kubernetes/client/api-client.ts';
import type { ResourceChange } from '../kubernetes/watch/resource-cache.ts';
import { createResourceWatch, type ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import {
  type ClientObjectKind,
  type ExistingObject,
  linksOf,
  managedBy,
  managedByLabel,
} from '../plan/clients/client-object.ts';
import { createRecentWrites, type RecentWrites } from './recent-writes.ts';
import { clientTypes } from './resource-types.ts';
import { createKeeper, existingObject, type StoredObject } from './stored-object.ts';
import type { WatchParts } from './watch-parts.ts';

const clientKinds = ['ConfigMap', 'NetworkPolicy'] as const satisfies ClientObjectKind[];

/** Own objects by namespace. */
export interface OwnObjects {
  readonly watches: readonly ResourceWatch<StoredObject>[];
  /** As the watches show them, and as the last writes have left them. */
  in(namespace: string): readonly ExistingObject[];
  readonly writes: Pick<RecentWrites, 'noteWritten' | 'noteDeleted'>;
  /** Namespaces that have an object which is there for the link. */
  namespacesOf(link: string): readonly string[];
}

/**
 * Creates the watches of everything that carries the operator's label; they are to be run.
 * @param onLost told of each link that has an object less
 */
export function createOwnObjects(
  client: ApiClient,
  parts: WatchParts,
  onLost: (link: string) => void,
): OwnObjects {
  const keep = createKeeper();
  const watches = clientKinds.map((kind) =>
    createResourceWatch<StoredObject>({
      ...parts,
      resource: client.resource<StoredObject>(clientTypes[kind]),
      labelSelector: `${managedByLabel}=${managedBy}`,
      keep,
    }),
  );
  const byNamespace = new Map<string, Map<string, ExistingObject>>();
  const writes = createRecentWrites(parts.clock, ({ kind, namespace, name }) => {
    const gone = byNamespace.get(namespace)?.get(`${kind}/${name}`);
    for (const link of gone === undefined ? [] : linksOf(gone)) onLost(link);
  });
  const note = (kind: ClientObjectKind, change: ResourceChange<StoredObject>): void => {
    writes.noteShown(kind, change);
    const { name, namespace = '' } = change.object.metadata;
    const here = byNamespace.get(namespace) ?? new Map<string, ExistingObject>();
    const key = `${kind}/${name}`;
    const before = here.get(key);
    const now = change.kind === 'deleted' ? undefined : existingObject(kind, change.object);
    if (now === undefined) here.delete(key);
    else here.set(key, now);
    if (here.size === 0) byNamespace.delete(namespace);
    else byNamespace.set(namespace, here);
    const links = now === undefined ? [] : linksOf(now);
    for (const link of before === undefined ? [] : linksOf(before)) {
      if (!links.includes(link)) onLost(link);
    }
  };
  for (const [index, watch] of watches.entries()) {
    const kind = clientKinds[index];
    if (kind !== undefined) watch.subscribe((change) => note(kind, change));
  }
  const objectsIn = (namespace: string): readonly ExistingObject[] =>
    writes.merged(namespace, [...(byNamespace.get(namespace)?.values() ?? [])]);
  return {
    watches,
    writes,
    in: objectsIn,
    namespacesOf: (link) =>
      [...byNamespace.keys()].filter((namespace) =>
        objectsIn(namespace).some((one) => linksOf(one).includes(link)),
      ),
  };
}
