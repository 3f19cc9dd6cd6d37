import { isDeepStrictEqual } from 'node:util';
import type { CallOptions } from './api-calls.ts';
import { isConflict, isInvalid, isNotFound } from './client/api-error.ts';
import type { KubernetesObject } from './client/object.ts';
import { readAgain } from './client/read-again.ts';
import type { ResourceClient } from './client/resource-client.ts';

export type FinalizerOutcome<T> =
  /** The object now has (add) or no longer has (remove) the finalizer; the written object. */
  | { readonly kind: 'written'; readonly object: T }
  /** Nothing to do. */
  | { readonly kind: 'unchanged'; readonly object: T }
  /** No finalizer may be added any more. */
  | { readonly kind: 'deleting'; readonly object: T }
  /** The object does not exist any more. */
  | { readonly kind: 'gone' }
  /** Another object has the name now; it was not touched. */
  | { readonly kind: 'recreated'; readonly object: T };

export interface FinalizerRequest<T extends KubernetesObject> {
  readonly resource: Pick<ResourceClient<T>, 'get' | 'patch'>;
  /** As last seen; it may be stale. */
  readonly object: T;
  /** The object lacks finalizers of others, which are read before the list is written. */
  readonly isCut?: boolean | undefined;
  /** Such as `sagemaker.privatelink.dev/cleanup`. */
  readonly finalizer: string;
  readonly call: CallOptions;
}

/** Adds a finalizer, unless the object is being deleted. Throws as `ResourceClient` does. */
export function addFinalizer<T extends KubernetesObject>(
  request: FinalizerRequest<T>,
): Promise<FinalizerOutcome<T>> {
  return write(request, (finalizers) =>
    finalizers.includes(request.finalizer) ? finalizers : [...finalizers, request.finalizer],
  );
}

/** Removes a finalizer: after this the API server may delete the object. */
export function removeFinalizer<T extends KubernetesObject>(
  request: FinalizerRequest<T>,
): Promise<FinalizerOutcome<T>> {
  return write(request, (finalizers) => finalizers.filter((each) => each !== request.finalizer));
}

const mostConflicts = 5;

/**
 * Patches the list with the resource version and the uid that it was computed from: a merge patch
 * replaces the whole list, so another controller's finalizer must not have been added meanwhile,
 * and a recreated object of the same name must not be met.
 */
async function write<T extends KubernetesObject>(
  request: FinalizerRequest<T>,
  change: (finalizers: readonly string[]) => readonly string[],
): Promise<FinalizerOutcome<T>> {
  const { resource, call, isCut } = request;
  let { object } = request;
  if (isCut === true && !isDeepStrictEqual(change(finalizersOf(object)), finalizersOf(object))) {
    const whole = await readAgain(request);
    if (whole === undefined) return { kind: 'gone' };
    if (whole.metadata.uid !== object.metadata.uid) return { kind: 'recreated', object: whole };
    object = whole;
  }
  for (let conflicts = 0; ; conflicts += 1) {
    const { uid, resourceVersion, deletionTimestamp, finalizers: before = [] } = object.metadata;
    const finalizers = change(before);
    if (isDeepStrictEqual(finalizers, before)) return { kind: 'unchanged', object };
    const isAddition = finalizers.length > before.length;
    if (isAddition && deletionTimestamp !== undefined) return { kind: 'deleting', object };
    try {
      const patch = { metadata: { uid, resourceVersion, finalizers } };
      return { kind: 'written', object: await resource.patch(object.metadata, patch, call) };
    } catch (error) {
      if (isNotFound(error)) return { kind: 'gone' };
      // A changed uid is refused as 409 or, being immutable, as 422.
      if (!isConflict(error) && !isInvalid(error)) throw error;
      if (conflicts >= mostConflicts) throw error;
      const current = await readAgain(request);
      if (current === undefined) return { kind: 'gone' };
      if (current.metadata.uid !== uid) return { kind: 'recreated', object: current };
      if (current.metadata.resourceVersion === resourceVersion) throw error;
      object = current;
    }
  }
}

function finalizersOf({ metadata }: KubernetesObject): readonly string[] {
  return metadata.finalizers ?? [];
}
