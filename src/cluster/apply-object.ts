/** Server-side apply of one object of any kind, each under the condition that it was decided for. */
import type { CallOptions } from '../kubernetes/api-calls.ts';
import {
  ApiStatusError,
  isConflict,
  isInvalid,
  isNotFound,
} from '../kubernetes/client/api-error.ts';
import type { KubernetesObject, ObjectRef } from '../kubernetes/client/object.ts';
import type { ResourceClient } from '../kubernetes/client/resource-client.ts';
import { coOwners } from './stored-object.ts';

/** Server-side apply's name for the operator. */
export const fieldManager = 'sagemaker-privatelink-operator';

/** The end of an apply, with the object as the API server has it. */
export type AppliedOutcome<T> =
  /** The object is as wanted now. */
  | { readonly kind: 'written'; readonly object: T }
  /** Another object has the name than the one that was decided about, or one where none was known. */
  | { readonly kind: 'met'; readonly object: T }
  /** The object that was decided about does not exist any more. */
  | { readonly kind: 'vanished' }
  /** Others apply a part of its content too: what they own was left as it is. */
  | { readonly kind: 'shared'; readonly owners: readonly string[] };

/**
 * No object has this resource version, so an apply with it can make an object and never meet one: the
 * API server looks at the version only where there is something.
 */
const ofNoObject = '1';

/** A field that the server does not know is refused, not dropped: without it the object says less. */
const strict = { fieldManager, fieldValidation: 'Strict' } as const;

/** Makes an object that must not be there yet. Rejects as `ResourceClient` does. */
export async function applyNew<T extends KubernetesObject>(
  resource: ResourceClient<T>,
  object: T,
  call: CallOptions,
): Promise<AppliedOutcome<T>> {
  const metadata = { ...object.metadata, resourceVersion: ofNoObject };
  try {
    const written = await resource.apply(
      { ...object, metadata },
      { ...call, ...strict, force: false },
    );
    return { kind: 'written', object: written };
  } catch (error) {
    if (!isConflict(error)) throw error;
    return whatIsThere(resource, object.metadata, call);
  }
}

/** Reads the object of the name: the one read that a write may need. */
async function whatIsThere<T extends KubernetesObject>(
  resource: ResourceClient<T>,
  ref: ObjectRef,
  call: CallOptions,
): Promise<AppliedOutcome<T>> {
  try {
    return { kind: 'met', object: await resource.get(ref, call) };
  } catch (error) {
    if (isNotFound(error)) return { kind: 'vanished' };
    throw error;
  }
}

/** The content that the object with this UID is to have in place of its own. */
export interface Replacement<T> {
  readonly object: T;
  readonly uid: string;
  /** A merge patch that takes out what others added and an apply leaves; undefined without any. */
  readonly extras: (written: T) => object | undefined;
}

/** Gives an object that is there its content. Rejects as `ResourceClient` does. */
export async function applyOver<T extends KubernetesObject>(
  resource: ResourceClient<T>,
  replacement: Replacement<T>,
  call: CallOptions,
): Promise<AppliedOutcome<T>> {
  const { object, uid } = replacement;
  const wanted = { ...object, metadata: { ...object.metadata, uid } };
  const options = { ...call, ...strict };
  try {
    const written = await resource
      .apply(wanted, { ...options, force: false })
      .catch((error: unknown) => {
        // Edits by others are taken back; fields that others apply are theirs.
        if (!isEdited(error)) throw error;
        return resource.apply(wanted, { ...options, force: true });
      });
    return await withoutExtras(resource, replacement, written, call);
  } catch (error) {
    if (isNotFound(error)) return { kind: 'vanished' };
    const owners = conflictingManagers(error);
    if (owners.length > 0) return { kind: 'shared', owners };
    if (!isConflict(error) && !isAnotherObject(error)) throw error;
    return whatIsThere(resource, object.metadata, call);
  }
}

/** The API server refuses an apply to an object with another UID as a change of the UID. */
function isAnotherObject(error: unknown): boolean {
  if (!isInvalid(error)) return false;
  return (error.status.details?.causes ?? []).some(({ field }) => field === 'metadata.uid');
}

/** Takes out parts of the content that others added: an apply leaves them. */
async function withoutExtras<T extends KubernetesObject>(
  resource: ResourceClient<T>,
  { object, extras }: Replacement<T>,
  written: T,
  call: CallOptions,
): Promise<AppliedOutcome<T>> {
  const unwanted = extras(written);
  if (unwanted === undefined) return { kind: 'written', object: written };
  const owners = coOwners(written, fieldManager);
  if (owners.length > 0) return { kind: 'shared', owners };
  const { uid, resourceVersion } = written.metadata;
  const patch = { ...unwanted, metadata: { uid, resourceVersion } };
  return { kind: 'written', object: await resource.patch(object.metadata, patch, call) };
}

/** Takes away the very object; one that is gone already, or has another UID by now, is no more. */
export async function removeExactly<T extends KubernetesObject>(
  resource: ResourceClient<T>,
  { ref, uid }: { readonly ref: ObjectRef; readonly uid: string },
  call: CallOptions,
): Promise<void> {
  try {
    await resource.delete(ref, { ...call, uid });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

const causeOfConflict = 'FieldManagerConflict';

function conflictCauses(error: unknown): readonly string[] {
  if (!(error instanceof ApiStatusError)) return [];
  return (error.status.details?.causes ?? [])
    .filter(({ reason }) => reason === causeOfConflict)
    .map(({ message = '' }) => message);
}

/**
 * True if all fields in conflict were written by plain updates, such as `kubectl edit`. The API
 * server names the API version of an update (`conflict with "kubectl-edit" using v1`), and of an
 * apply the manager alone.
 */
function isEdited(error: unknown): boolean {
  const causes = conflictCauses(error);
  return causes.length > 0 && causes.every((message) => message.includes(' using '));
}

function conflictingManagers(error: unknown): readonly string[] {
  const names = conflictCauses(error).flatMap((message) => /"([^"]+)"/.exec(message)?.[1] ?? []);
  return [...new Set(names)];
}
