/** Writes of objects in namespaces, each under the condition that the planner decided it for. */
import type { CallOptions } from '../kubernetes/api-calls.ts';
import type { ResourceClient } from '../kubernetes/client/resource-client.ts';
import type {
  ClientObject,
  ClientObjectKind,
  ExistingObject,
} from '../plan/clients/client-object.ts';
import type { NamespaceAction } from '../plan/clients/plan-namespace.ts';
import { type AppliedOutcome, applyNew, applyOver, removeExactly } from './apply-object.ts';
import type { RecentWrites } from './recent-writes.ts';
import { existingObject, type StoredObject } from './stored-object.ts';

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
        return noted(
          { kind: action.object.kind, writes },
          await applyNew<StoredObject>(resources[action.object.kind], action.object, call),
        );
      case 'Update':
        return noted(
          { kind: action.object.kind, writes },
          await update(resources[action.object.kind], action, call),
        );
      case 'Delete': {
        const { object, uid } = action;
        const ref = { name: object.name, namespace };
        await removeExactly(resources[object.kind], { ref, uid }, call);
        writes.noteDeleted({ ...object, namespace, uid });
        return { kind: 'deleted' };
      }
    }
  };
}

/** The outcome in the planner's form; what was written is noted. */
function noted(
  { kind, writes }: Pick<ObjectWriterOptions, 'writes'> & { readonly kind: ClientObjectKind },
  outcome: AppliedOutcome<StoredObject>,
): WriteOutcome {
  if (outcome.kind === 'written') writes.noteWritten(kind, outcome.object);
  return outcome.kind === 'written' || outcome.kind === 'met'
    ? { kind: outcome.kind, object: existingObject(kind, outcome.object) }
    : outcome;
}

function update(
  resource: ResourceClient<StoredObject>,
  { object, uid }: Extract<NamespaceAction, { kind: 'Update' }>,
  call: CallOptions,
): Promise<AppliedOutcome<StoredObject>> {
  const extras = (written: StoredObject): object | undefined => extraFields(object, written);
  return applyOver<StoredObject>(resource, { object, uid, extras }, call);
}

/** A merge patch that removes the fields of the content that are not wanted; undefined without any. */
function extraFields(wanted: ClientObject, written: StoredObject): object | undefined {
  const field = wanted.kind === 'ConfigMap' ? 'data' : 'spec';
  const has = wanted.kind === 'ConfigMap' ? wanted.data : wanted.spec;
  const extras = Object.keys(written[field] ?? {}).filter((key) => !Object.hasOwn(has, key));
  if (extras.length === 0) return undefined;
  return { [field]: Object.fromEntries(extras.map((key) => [key, null])) };
}
