/** What can go wrong with one call, as data. */

/** Faults that any call may meet. */
export const faultKinds = [
  /** The process dies before the call is sent. */
  'crash-before',
  /** The process dies after the call took effect and before it sees the answer. */
  'crash-after',
  /** The call takes effect; the connection is reset before the answer. */
  'lost',
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
}

/** The faults that make a difference to a call. */
export function faultsFor({ to, name, isRead }: CallPoint): readonly FaultKind[] {
  return faultKinds.filter((kind) => {
    switch (kind) {
      case 'stale':
        // A watch goes on where it is told to; there is nothing stale about that.
        return isRead && !name.startsWith('watch') && !name.startsWith('sts:');
      case 'conflict':
        return to === 'kubernetes' && /^(update|patch) sage/.test(name);
      // A read has no effect, so that nothing happens before or after it.
      case 'timeout-after':
      case 'error-after':
      case 'lost':
        return !isRead || kind === 'lost';
      default:
        return true;
    }
  });
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
