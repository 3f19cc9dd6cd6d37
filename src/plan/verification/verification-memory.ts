/** The operator's memory of a link's verifications; lost with the process, and made anew from pods. */
import { newsOf, refusedPod, type RunOutcome } from './run-outcome.ts';

/** The last run of a namespace that has ended. */
export interface EndedRun {
  readonly id: string;
  readonly basis: string;
  readonly request: string;
  /** When it was seen to have ended, by the monotonic clock, in ms. */
  readonly at: number;
  readonly outcome: RunOutcome;
}

/** The run that is awaited. */
export interface AwaitedRun {
  readonly id: string;
  readonly basis: string;
  readonly request: string;
  /** When it was seen first, by the monotonic clock, in ms. */
  readonly since: number;
  /** True once this process has made all of its pods. */
  readonly isWhole?: boolean | undefined;
  /** The first of what has kept it from running; the kubelet's words change from try to try. */
  readonly obstacle?: string | undefined;
}

/** One namespace. */
export interface NamespaceMemory {
  /** Ids of runs that have ended and whose pods may still be there. */
  readonly ended?: readonly string[] | undefined;
  readonly last?: EndedRun | undefined;
  readonly awaited?: AwaitedRun | undefined;
}

/** By namespace. */
export type VerificationMemory = ReadonlyMap<string, NamespaceMemory>;

/**
 * Takes down that the API server refuses a pod of a run: the run has ended then.
 * @param words the API server's
 */
export function withRefusal(
  memory: VerificationMemory,
  refusal: { readonly namespace: string; readonly words: string; readonly at: number },
): VerificationMemory {
  const { namespace, words, at } = refusal;
  const { awaited, ...rest } = memory.get(namespace) ?? {};
  if (awaited === undefined) return memory;
  const last = endedRun(awaited, { at, outcome: refusedPod(words) }, rest.last);
  const ended = [...(rest.ended ?? []), awaited.id];
  return new Map(memory).set(namespace, { ended, last });
}

/** The run as one that has ended. @param former the one that ended before */
export function endedRun(
  { id, basis, request }: Pick<AwaitedRun, 'id' | 'basis' | 'request'>,
  { at, outcome }: Pick<EndedRun, 'at' | 'outcome'>,
  former: EndedRun | undefined,
): EndedRun {
  const before = former?.basis === basis ? former.outcome : undefined;
  return { id, basis, request, at, outcome: newsOf(outcome, before) };
}
