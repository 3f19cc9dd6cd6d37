/** The faults that one call can meet, as data. */

/** A process that works alone dies as well. */
const deaths = [
  /** The process dies before the call is sent. */
  'crash-before',
  /** The process dies after the call took effect and before it sees the answer. */
  'crash-after',
] as const;

/** Faults that make sense where there is more than one process. */
export const faultsAmongOthers = [
  /** The process is stopped (SIGSTOP) before the call is sent, and goes on a minute later. */
  'freeze',
  /** The process is stopped after the call took effect, before it sees the answer. */
  'freeze-after',
  /** The process is stopped in the very moment of sending: nothing can hold the call back. */
  'late',
  /** From this call on the process cannot reach the API server for a minute. */
  'cut',
  /** The process is asked to end (SIGTERM), and a new one is started. */
  'terminate',
  /** Another process starts, which is to get everything that this one has. */
  'join',
  /** Somebody deletes the Leases of everything that the process has. */
  'unlease',
] as const;

/** Faults of the process that makes a call. */
const processFaults = [...deaths, ...faultsAmongOthers] as const;

export type ProcessFault = (typeof processFaults)[number];

export function isProcessFault(kind: FaultKind): kind is ProcessFault {
  return (processFaults as readonly FaultKind[]).includes(kind);
}

/** Faults of the events of a watch after it was opened. */
const streamFaults = [
  /** The server has forgotten where the watch is to begin (410). */
  'watch-expired',
  /** Nothing comes, and the connection stays open. */
  'watch-silent',
  /** The connection breaks after the first event. */
  'watch-cut',
  /** Each event comes twice. */
  'watch-repeated',
  /** Events get lost; bookmarks go on, as if there had been none. */
  'watch-lossy',
] as const;

export type StreamFault = (typeof streamFaults)[number];

export function isStreamFault(kind: FaultKind): kind is StreamFault {
  return (streamFaults as readonly FaultKind[]).includes(kind);
}

/** Faults that any call may meet. */
export const faultKinds = [
  ...processFaults,
  ...streamFaults,
  /** The call takes effect; the connection is reset before the answer. */
  'lost',
  /** The call takes effect; of the answer only a part arrives (AWS only). */
  'garbled',
  /** A read is answered with the state before the last change. */
  'stale',
  /** The call is refused because there were too many. */
  'throttle',
  /** The call is refused for want of a permission. */
  'deny',
  /** The call never arrives; the client gives up after its time limit. */
  'timeout',
  /** The call takes effect; the client gives up before the answer comes. */
  'timeout-after',
  /** An internal error of the server; nothing took effect. */
  'error',
  /** An internal error of the server, although the call took effect. */
  'error-after',
  /** Kubernetes only: somebody else wrote the object meanwhile. */
  'conflict',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** One call of a run, in the order in which they were made. */
export interface CallPoint {
  /** Counts from 1 in the phase that is struck. */
  readonly n: number;
  readonly to: 'aws' | 'kubernetes';
  /** `ec2:CreateVpcEndpoint`, `patch sagemakerprivatelinks`, ... */
  readonly name: string;
  readonly isRead: boolean;
  /** The process that made it. */
  readonly by: string;
}

/** Faults of the calls of a process that works alone. */
const faultsOfOne: readonly FaultKind[] = faultKinds.filter(
  (kind) => !(faultsAmongOthers as readonly FaultKind[]).includes(kind),
);

/** Faults of the calls of replicas that share the work; a call comes late in scenarios of its own. */
export const faultsOfReplicas: readonly FaultKind[] = processFaults.filter(
  (kind) => kind !== 'late',
);

/** Those of some kinds of faults that make a difference to a call. */
export function faultsFor(
  point: CallPoint,
  kinds: readonly FaultKind[] = faultsOfOne,
): readonly FaultKind[] {
  return kinds.filter((kind) => makesDifference(point, kind));
}

function makesDifference({ to, name, isRead }: CallPoint, kind: FaultKind): boolean {
  if (isStreamFault(kind)) return name.startsWith('watch');
  switch (kind) {
    case 'stale':
      // A watch goes on where it is told to; there is nothing stale about that.
      return isRead && !name.startsWith('watch') && !name.startsWith('sts:');
    case 'conflict':
      return to === 'kubernetes' && /^(update|patch) sage/.test(name);
    case 'garbled':
      return to === 'aws';
    case 'late':
      return to === 'aws' && !isRead;
    // A read has no effect, so that nothing happens before or after it.
    case 'timeout-after':
    case 'error-after':
    case 'freeze-after':
      return !isRead;
    default:
      return true;
  }
}

/** A fault at a call of a certain number. */
export interface PlannedFault {
  readonly n: number;
  readonly kind: FaultKind;
}

/** In words, for reports. */
export function describeFault({ n, kind }: PlannedFault, point?: CallPoint): string {
  return point === undefined ? `${kind} at call ${n}` : `${kind} at call ${n} (${point.name})`;
}
