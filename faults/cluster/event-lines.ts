/** The lines that a watch sends, and the faults that they meet on the way. */
import type { StreamFault } from '../faults.ts';
import type { ProcessLife } from '../process-life.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Collection, StoredEvent } from './api-server.ts';
import { eventFor, type Selection } from './selection.ts';

export interface Watching {
  readonly collection: Collection;
  readonly selection: Selection;
  /** The resource version after which events are wanted. */
  readonly since: string;
  readonly life: ProcessLife;
  readonly time: VirtualTime;
  readonly timeoutMs: number;
  /** How the server ends each watch that is open. */
  readonly open: Set<() => void>;
  readonly signal: AbortSignal;
  readonly fault: StreamFault | undefined;
  /** Throws what a client sees of a broken connection. */
  readonly broken: () => never;
}

const bookmarkMs = 60_000;

const expired = {
  type: 'ERROR',
  object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
};

/** Events since a version and then as they happen, until the time of the watch is over. */
export async function* eventLines(watching: Watching): AsyncGenerator<Uint8Array> {
  const { collection, since, life, time, timeoutMs, open, signal, fault } = watching;
  const lines: object[] = fault === 'watch-expired' ? [expired] : [];
  let wake = (): void => undefined;
  let isOver = fault === 'watch-expired';
  const add = (stored: StoredEvent): void => {
    const event = eventFor(watching.selection, stored);
    if (event === undefined) return;
    if (fault !== 'watch-lossy' && fault !== 'watch-expired') lines.push(event);
    if (fault === 'watch-repeated') lines.push(event);
    wake();
  };
  for (const event of collection.eventsSince(since)) add(event);
  const end = (): void => {
    isOver = true;
    wake();
  };
  open.add(end);
  const stops = [
    collection.subscribe(add),
    time.setTimer(end, timeoutMs),
    () => undefined,
    () => void open.delete(end),
  ];
  const bookmark = (): void => {
    if (!life.isAlive) return;
    const { resourceVersion } = collection;
    lines.push({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } });
    wake();
    stops[2] = time.setTimer(bookmark, bookmarkMs);
  };
  stops[2] = time.setTimer(bookmark, bookmarkMs);
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    for (;;) {
      await untilHeard(watching);
      for (const line of fault === 'watch-silent' ? [] : lines.splice(0)) {
        if (!life.isAlive) return void (await new Promise(() => undefined));
        yield Buffer.from(`${JSON.stringify(line)}\n`);
        if (fault === 'watch-cut') watching.broken();
      }
      // A silent connection is not even closed when its time is over.
      if ((isOver && fault !== 'watch-silent') || signal.aborted) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (lines.length > 0 && fault !== 'watch-silent') resolve();
      });
    }
    signal.throwIfAborted();
  } finally {
    for (const stop of stops) stop();
  }
}

/** Lines that are sent meanwhile arrive later: the connection is silent, not broken. */
async function untilHeard({ life, time }: Watching): Promise<void> {
  for (;;) {
    const deafMs = Math.max(life.frozenUntilMs, life.cutOffUntilMs) - time.now();
    if (deafMs <= 0) return;
    await new Promise<void>((resolve) => void time.setTimer(resolve, deafMs));
  }
}
