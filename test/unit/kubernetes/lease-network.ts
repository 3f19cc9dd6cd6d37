import type { CallOptions } from '../../../src/kubernetes/api-calls.ts';
import { ApiConnectionError, ApiStatusError } from '../../../src/kubernetes/client/api-error.ts';
import type { LeaseLockOptions } from '../../../src/kubernetes/lease/lease-lock.ts';
import type { Lease } from '../../../src/kubernetes/lease/lease.ts';
import type { Clock } from '../../../src/runtime/clock.ts';

type Leases = LeaseLockOptions['leases'];

/** A request on its way to the API server or back. */
export interface Message {
  readonly from: string;
  /** The server acts on it, once; it may do so long after the client gave up. */
  takeEffect(): void;
  /** The answer reaches the client, if it still waits; the request takes effect first. */
  answer(): void;
  /** The client sees a broken connection. */
  lose(): void;
  readonly isOver: boolean;
}

/** One Lease on an API server, behind a network that the test plays. */
export interface LeaseNetwork {
  /** What one candidate talks to. */
  client(from: string, clock: Clock): Leases;
  readonly messages: readonly Message[];
  readonly lease: Lease | undefined;
  /** Takes effect and answers at once from now on. */
  heal(): void;
  /** Each request takes effect halfway through its time, and is answered at the end of it. */
  slowDown(ms: number): void;
}

/** Creates a network without a lease. */
export function createLeaseNetwork(): LeaseNetwork {
  const messages: Message[] = [];
  let lease: Lease | undefined;
  let version = 0;
  let isHealed = false;
  let latencyMs: number | undefined;

  const store = (next: Lease): Lease => {
    version += 1;
    const metadata = { ...next.metadata, uid: 'lease-1', resourceVersion: String(version) };
    lease = { ...next, metadata };
    return lease;
  };
  const send = (
    from: string,
    clock: Clock,
    call: CallOptions,
    effect: () => Lease,
  ): Promise<Lease> =>
    new Promise((resolve, reject) => {
      let outcome: (() => void) | undefined;
      const broken = new ApiConnectionError({ verb: 'update', path: '', code: 'Lost', detail: '' });
      const message = {
        from,
        isOver: false,
        takeEffect() {
          outcome ??= outcomeOf(effect, resolve, reject);
        },
        answer() {
          message.takeEffect();
          message.isOver = true;
          outcome?.();
        },
        lose() {
          message.isOver = true;
          reject(broken);
        },
      };
      clock.setTimer(() => reject(broken), call.deadlineMs ?? 30_000);
      call.signal.addEventListener('abort', () => reject(call.signal.reason as Error));
      messages.push(message);
      if (isHealed) message.answer();
      else if (latencyMs !== undefined) {
        clock.setTimer(() => message.takeEffect(), latencyMs / 2);
        clock.setTimer(() => message.answer(), latencyMs);
      }
    });

  return {
    client: (from, clock) => ({
      get: (_ref, call) => send(from, clock, call, () => lease ?? refuse(404, 'NotFound')),
      create: (object, call) =>
        send(from, clock, call, () =>
          lease === undefined ? store(object) : refuse(409, 'AlreadyExists'),
        ),
      replace: (object, call) =>
        send(from, clock, call, () => {
          if (lease === undefined) return refuse(404, 'NotFound');
          const isStale = object.metadata.resourceVersion !== lease.metadata.resourceVersion;
          return isStale ? refuse(409, 'Conflict') : store(object);
        }),
    }),
    get messages() {
      return messages.filter((message) => !message.isOver);
    },
    get lease() {
      return lease;
    },
    slowDown(ms) {
      isHealed = false;
      latencyMs = ms;
    },
    heal() {
      isHealed = true;
      for (const message of messages) if (!message.isOver) message.answer();
    },
  };
}

function outcomeOf(
  effect: () => Lease,
  resolve: (lease: Lease) => void,
  reject: (error: unknown) => void,
): () => void {
  try {
    const result = effect();
    return () => resolve(result);
  } catch (error) {
    return () => reject(error);
  }
}

function refuse(code: number, reason: string): never {
  throw new ApiStatusError({ verb: 'update', path: '/lease', code, status: { reason } });
}
