/** Which links an id at AWS is about, kept up with their statuses. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { ResourceChange } from '../../kubernetes/watch/resource-cache.ts';
import { idsOfLink } from '../../plan/hints/ids-of-link.ts';

export interface LinkIndex {
  /** Names of the links that have the id. */
  linksWith(id: string): ReadonlySet<string>;
  /** Takes in a change of a link. */
  note(change: ResourceChange<SageMakerPrivateLink>): void;
}

const none: ReadonlySet<string> = new Set();

/** Creates an empty index: a message costs a look into a map for each of its ids, however many links there are. */
export function createLinkIndex(): LinkIndex {
  const links = new Map<string, Set<string>>();
  const idsByName = new Map<string, ReadonlySet<string>>();

  function remove(name: string, id: string): void {
    const names = links.get(id);
    names?.delete(name);
    if (names?.size === 0) links.delete(id);
  }

  function add(name: string, id: string): void {
    const names = links.get(id);
    if (names === undefined) links.set(id, new Set([name]));
    else names.add(name);
  }

  function put(name: string, ids: ReadonlySet<string>): void {
    const former = idsByName.get(name) ?? none;
    for (const id of former) if (!ids.has(id)) remove(name, id);
    for (const id of ids) if (!former.has(id)) add(name, id);
    if (ids.size === 0) idsByName.delete(name);
    else idsByName.set(name, ids);
  }

  return {
    linksWith: (id) => links.get(id) ?? none,
    note: ({ kind, object }) =>
      put(object.metadata.name, kind === 'deleted' ? none : idsOfLink(object)),
  };
}
