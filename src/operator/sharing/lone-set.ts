import { onAbort } from '../../runtime/on-abort.ts';
import type { ShardSet, ShardSetOptions } from '../../kubernetes/shards/shard-set.ts';

/** The part of a process that has every shard, without any Lease: nobody else may run beside it. */
export function createLoneSet(
  options: Pick<ShardSetOptions, 'shards' | 'onGained' | 'drain' | 'onReleased'>,
): ShardSet {
  const held = new Set<string>();
  let state: 'joining' | 'ready' | 'leaving' = 'joining';

  function wake(): void {
    if (state !== 'ready') return;
    for (const { id } of options.shards()) {
      if (held.has(id)) continue;
      held.add(id);
      options.onGained(id);
    }
  }

  async function handOver(id: string): Promise<void> {
    await options.drain(id);
    held.delete(id);
    options.onReleased(id);
  }

  return {
    async run(shutdown, stop) {
      await aborted([shutdown, stop]);
      state = 'leaving';
      await Promise.all([...held].map(handOver));
      return 'released';
    },
    becomeReady() {
      if (state === 'joining') state = 'ready';
      wake();
    },
    wake,
    mayAct: (id) => held.has(id),
    problem: () => undefined,
  };
}

/** Resolves when one of the signals aborts. */
function aborted(signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some((signal) => signal.aborted)) resolve();
    for (const signal of signals) onAbort(signal, resolve);
  });
}
