import { isDeepStrictEqual } from 'node:util';
import type { CallOptions } from './api-calls.ts';
import { isConflict, isNotFound } from './client/api-error.ts';
import type { KubernetesObject } from './client/object.ts';
import { readAgain } from './client/read-again.ts';
import type { ResourceClient } from './client/resource-client.ts';

export interface ObjectWithStatus<S> extends KubernetesObject {
  readonly status?: S;
}

export type StatusOutcome<T> =
  /** `former` is the very state that it was written over. */
  | { readonly kind: 'written'; readonly object: T; readonly former: T }
  /** The status was already so; nothing was sent. */
  | { readonly kind: 'unchanged'; readonly object: T }
  /** The status was of a state of the object that is over; it was not written. */
  | { readonly kind: 'dropped'; readonly why: 'Gone' | 'Recreated' }
  /** The same, with the state that is now. */
  | { readonly kind: 'dropped'; readonly why: 'SpecChanged'; readonly object: T };

export interface StatusRequest<S, T extends ObjectWithStatus<S>> {
  readonly resource: Pick<ResourceClient<T>, 'get' | 'replaceStatus'>;
  /** The object that the pass worked on. */
  readonly object: T;
  /**
   * The status to write, given the newest state of the same object (same uid, same generation).
   * Called again after a conflict.
   */
  readonly status: (current: T) => S;
  readonly call: CallOptions;
}

const mostConflicts = 5;

/**
 * Writes the status through the status subresource, only when it differs, and only over the very
 * state that it was computed from. After a conflict the object is read again: with the same uid and
 * generation the status is computed again from it; else it is dropped, since the change that
 * caused the conflict brings a new pass. Throws as `ResourceClient` does.
 */
export async function writeStatus<S, T extends ObjectWithStatus<S>>(
  request: StatusRequest<S, T>,
): Promise<StatusOutcome<T>> {
  const { resource, call } = request;
  const { uid, generation } = request.object.metadata;
  let current = request.object;
  for (let conflicts = 0; ; conflicts += 1) {
    const status = request.status(current);
    if (isSameOnTheWire(status, current.status)) return { kind: 'unchanged', object: current };
    try {
      const object = await resource.replaceStatus({ ...current, status }, call);
      return { kind: 'written', object, former: current };
    } catch (error) {
      if (isNotFound(error)) return { kind: 'dropped', why: 'Gone' };
      if (!isConflict(error) || conflicts >= mostConflicts) throw error;
    }
    const newest = await readAgain(request);
    if (newest === undefined) return { kind: 'dropped', why: 'Gone' };
    if (newest.metadata.uid !== uid) return { kind: 'dropped', why: 'Recreated' };
    if (newest.metadata.generation !== generation) {
      return { kind: 'dropped', why: 'SpecChanged', object: newest };
    }
    current = newest;
  }
}

/** Whether two values are the same without the fields that are undefined, which JSON does not have. */
function isSameOnTheWire(one: unknown, other: unknown): boolean {
  const [text, otherText] = [JSON.stringify(one), JSON.stringify(other)];
  if (text === otherText) return true;
  return (
    text !== undefined &&
    otherText !== undefined &&
    // The order of fields means nothing.
    isDeepStrictEqual(JSON.parse(text), JSON.parse(otherText))
  );
}
