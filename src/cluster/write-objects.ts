/** Writes of objects in namespaces, each under the condition that the planner decided it for. */
import type { CallOptions } from '../kubernetes/api-calls.ts';
import {
  ApiStatusError,
  isConflict,
  isInvalid,
  isNotFound,
} from '../kubernetes/client/api-error.ts';
import type { ResourceClient } from '../kubernetes/client/resource-client.ts';
import type {
  ClientObject,
  ClientObjectKind,
  ExistingObject,
} from '../plan/clients/client-object.ts';
import type { NamespaceAction } from '../plan/clients/plan-namespace.ts';
import type { RecentWrites } from './recent-writes.ts';
import { coOwners, existingObject, type StoredObject } from './stored-object.ts';

/** Server-side apply's name for the operator. */
export const fieldManager = 'sagemaker-privatelink-operator';

export type WriteOutcome =
  /** The object is as wanted now. */
  | { readonly kind: 'written'; readonly object: ExistingObject }
  | { readonly kind: 'deleted' }
  /** Another object has the name than the one that was decided about, or one where none was known. */
  | { readonly kind: 'met'; readonly object: ExistingObject }
  /** The object that was decided about does not exist any more. */
  | { readonly kind: 'vanished' }
  /** Others apply a part of its content too: what they own was left as it is. */
  | { readonly kind: 'shared'; readonly owners: readonly string[] };

/** Thrown where this process may not act any more. */
export class NotLeading extends Error {
  constructor() {
    super('another process leads: nothing may be written');
    this.name = 'NotLeading';
  }
}

export interface ObjectWriterOptions {
  readonly resources: Readonly<Record<ClientObjectKind, ResourceClient<StoredObject>>>;
  /** Asked right before each write. */
  readonly mayAct: () => boolean;
  /** Told of what was written. */
  readonly writes: Pick<RecentWrites, 'noteWritten' | 'noteDeleted'>;
}

/**
 * Carries out an action in a namespace. Rejects as `ResourceClient` does, and with `NotLeading`.
 */
export type WriteObject = (
  action: NamespaceAction,
  namespace: string,
  call: CallOptions,
) => Promise<WriteOutcome>;

/** Creates a writer. */
export function createObjectWriter({
  resources,
  mayAct,
  writes,
}: ObjectWriterOptions): WriteObject {
  return async (action, namespace, call) => {
    if (!mayAct()) throw new NotLeading();
    switch (action.kind) {
      case 'Create':
        return create({ resource: resources[action.object.kind], writes }, action.object, call);
      case 'Update':
        return update({ resource: resources[action.object.kind], writes }, action, call);
      case 'Delete':
        return remove(
          { resource: resources[action.object.kind], writes },
          { ...action, namespace },
          call,
        );
    }
  };
}

/** Where objects of one kind are written, and who is told. */
interface Place {
  readonly resource: ResourceClient<StoredObject>;
  readonly writes: ObjectWriterOptions['writes'];
}

type Resource = Place['resource'];

function done(
  { writes }: Place,
  kind: ClientObjectKind,
  object: StoredObject,
): Extract<WriteOutcome, { kind: 'written' }> {
  writes.noteWritten(kind, object);
  return { kind: 'written', object: existingObject(kind, object) };
}

/**
 * No object has this resource version, so an apply with it can make an object and never meet one: the
 * API server looks at the version only where there is something.
 */
const ofNoObject = '1';

async function create(
  place: Place,
  object: ClientObject,
  call: CallOptions,
): Promise<WriteOutcome> {
  const metadata = { ...object.metadata, resourceVersion: ofNoObject };
  try {
    const written = await place.resource.apply(
      { ...object, metadata },
      { ...call, fieldManager, force: false },
    );
    return done(place, object.kind, written);
  } catch (error) {
    if (!isConflict(error)) throw error;
    return whatIsThere(place.resource, object, call);
  }
}

/** Reads the object of the name: the one read that a namespace may need beside the watches. */
async function whatIsThere(
  resource: Resource,
  { kind, metadata }: Pick<ClientObject, 'kind'> & { readonly metadata: Named },
  call: CallOptions,
): Promise<WriteOutcome> {
  try {
    return { kind: 'met', object: existingObject(kind, await resource.get(metadata, call)) };
  } catch (error) {
    if (isNotFound(error)) return { kind: 'vanished' };
    throw error;
  }
}

interface Named {
  readonly name: string;
  readonly namespace: string;
}

async function update(
  place: Place,
  { object, uid }: Extract<NamespaceAction, { kind: 'Update' }>,
  call: CallOptions,
): Promise<WriteOutcome> {
  const wanted = { ...object, metadata: { ...object.metadata, uid } };
  const options = { ...call, fieldManager };
  const { resource } = place;
  try {
    const written = await resource
      .apply(wanted, { ...options, force: false })
      .catch((error: unknown) => {
        // Edits by others are taken back; fields that others apply are theirs.
        if (!isEdited(error)) throw error;
        return resource.apply(wanted, { ...options, force: true });
      });
    return await withoutExtras(place, object, written, call);
  } catch (error) {
    if (isNotFound(error)) return { kind: 'vanished' };
    const owners = conflictingManagers(error);
    if (owners.length > 0) return { kind: 'shared', owners };
    if (!isConflict(error) && !isAnotherObject(error)) throw error;
    return whatIsThere(resource, object, call);
  }
}

/** The API server refuses an apply to an object with another UID as a change of the UID. */
function isAnotherObject(error: unknown): boolean {
  if (!isInvalid(error)) return false;
  return (error.status.details?.causes ?? []).some(({ field }) => field === 'metadata.uid');
}

/** Takes out parts of the content that others added: an apply leaves them. */
async function withoutExtras(
  place: Place,
  wanted: ClientObject,
  written: StoredObject,
  call: CallOptions,
): Promise<WriteOutcome> {
  const extras = extraFields(wanted, written);
  if (extras === undefined) return done(place, wanted.kind, written);
  const owners = coOwners(written, fieldManager);
  if (owners.length > 0) return { kind: 'shared', owners };
  const { uid, resourceVersion } = written.metadata;
  const patch = { ...extras, metadata: { uid, resourceVersion } };
  return done(place, wanted.kind, await place.resource.patch(wanted.metadata, patch, call));
}

/** A merge patch that removes the fields of the content that are not wanted; undefined without any. */
function extraFields(wanted: ClientObject, written: StoredObject): object | undefined {
  const field = wanted.kind === 'ConfigMap' ? 'data' : 'spec';
  const has = wanted.kind === 'ConfigMap' ? wanted.data : wanted.spec;
  const extras = Object.keys(written[field] ?? {}).filter((key) => !Object.hasOwn(has, key));
  if (extras.length === 0) return undefined;
  return { [field]: Object.fromEntries(extras.map((key) => [key, null])) };
}

async function remove(
  { resource, writes }: Place,
  action: Extract<NamespaceAction, { kind: 'Delete' }> & { readonly namespace: string },
  call: CallOptions,
): Promise<WriteOutcome> {
  const { object, uid, namespace } = action;
  try {
    await resource.delete({ name: object.name, namespace }, { ...call, uid });
  } catch (error) {
    // Gone already, or another object has the name by now: either way that one is no more.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
  writes.noteDeleted({ ...object, namespace, uid });
  return { kind: 'deleted' };
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
