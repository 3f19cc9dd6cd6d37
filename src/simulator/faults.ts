/** A call that a fault may strike. */
export interface FaultableCall {
  readonly service: string;
  readonly action: string;
  readonly accountId: string;
  /** The owner of the credentials that signed it; undefined when it was not signed. */
  readonly accessKeyId?: string | undefined;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The effect of a fault on a call. */
export type FaultEffect =
  | {
      readonly kind: 'error';
      readonly code: string;
      /** @default 500 */
      readonly httpStatus?: number;
      readonly message?: string;
    }
  /** The connection is reset without an answer. */
  | { readonly kind: 'reset' }
  /** The answer comes later, by milliseconds of the simulator's clock. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer never comes. */
  | { readonly kind: 'hang' }
  /** A read answers the world as it was before the last change. */
  | { readonly kind: 'stale' }
  /** The caller is not allowed to do it, in the words of the service. */
  | { readonly kind: 'deny' };

/** A fault by plan: which calls, when, and what happens to them. */
export interface Fault {
  /** @default any */
  readonly service?: 'ec2' | 'iam' | 'sts' | 'sagemaker' | 'sagemaker-runtime';
  /** Name of the action, or `*`. */
  readonly action: string;
  readonly accountId?: string;
  readonly region?: string;
  /** Strikes only the n-th call that matches, counted from 1. */
  readonly nth?: number;
  /** Strikes at most so many calls. @default 1 with nth, else without end */
  readonly times?: number;
  readonly matches?: (call: FaultableCall) => boolean;
  /** Whether an error, reset, delay or hang comes before or after the call took effect. @default 'before' */
  readonly when?: 'before' | 'after';
  readonly effect: FaultEffect;
}

export interface ArmedFault {
  /** How many calls it struck. */
  hits(): number;
  remove(): void;
}

export interface FaultPlan {
  add(fault: Fault): ArmedFault;
  clear(): void;
  /** The faults that strike this call, in the order in which they were added. Counts. */
  striking(call: FaultableCall): readonly Fault[];
}

interface Armed {
  readonly fault: Fault;
  seen: number;
  hits: number;
}

export function createFaultPlan(faults: readonly Fault[] = []): FaultPlan {
  const armed = new Set<Armed>();
  function add(fault: Fault): ArmedFault {
    const entry: Armed = { fault, seen: 0, hits: 0 };
    armed.add(entry);
    return { hits: () => entry.hits, remove: () => void armed.delete(entry) };
  }
  for (const fault of faults) add(fault);
  return {
    add,
    clear: () => armed.clear(),
    striking: (call) => [...armed].filter((entry) => strikes(entry, call)).map((e) => e.fault),
  };
}

function strikes(entry: Armed, call: FaultableCall): boolean {
  const { fault } = entry;
  if (!isMeant(fault, call)) return false;
  entry.seen += 1;
  if (fault.nth !== undefined && entry.seen !== fault.nth) return false;
  if (fault.times !== undefined && entry.hits >= fault.times) return false;
  entry.hits += 1;
  return true;
}

function isMeant(fault: Fault, call: FaultableCall): boolean {
  return (
    (fault.service ?? call.service) === call.service &&
    (fault.action === '*' || fault.action === call.action) &&
    (fault.accountId ?? call.accountId) === call.accountId &&
    (fault.region ?? call.region) === call.region &&
    (fault.matches?.(call) ?? true)
  );
}
