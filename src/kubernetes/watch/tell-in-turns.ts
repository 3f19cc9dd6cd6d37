import { takeTurn } from '../../runtime/turn.ts';
import { keyOf, type KubernetesObject } from '../client/object.ts';
import type { ResourceCache, ResourceChange } from './resource-cache.ts';

type Handler<T> = (change: ResourceChange<T>) => void;

/**
 * Tells a handler of every object of a cache, some at once and the others in later turns of the event loop.
 *
 * @returns a handler for the changes that come, which tells of an object before it tells of its change
 */
export function tellInTurns<T extends KubernetesObject>(
  cache: Pick<ResourceCache<T>, 'keys' | 'get'>,
  handler: Handler<T>,
  perTurn: number,
): { readonly handler: Handler<T>; stop(): void } {
  const untold = new Set(cache.keys());

  function tellSome(): void {
    let left = perTurn;
    for (const key of untold) {
      if (left <= 0) return;
      left -= 1;
      untold.delete(key);
      const object = cache.get(key);
      if (object !== undefined) handler({ kind: 'added', object });
    }
  }

  async function tellOthers(): Promise<void> {
    while (untold.size > 0) {
      await takeTurn();
      tellSome();
    }
  }

  tellSome();
  void tellOthers();
  return {
    handler(change) {
      if (untold.delete(keyOf(change.object.metadata)) && change.kind !== 'added') {
        const object = change.kind === 'updated' ? change.previous : change.object;
        handler({ kind: 'added', object });
      }
      handler(change);
    },
    stop: () => untold.clear(),
  };
}
