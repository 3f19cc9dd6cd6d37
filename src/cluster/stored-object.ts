/** Objects of namespaces as the API server has them. */
import type { KubernetesObject } from '../kubernetes/client/object.ts';
import type {
  ClientContent,
  ClientObjectKind,
  ExistingObject,
} from '../plan/clients/client-object.ts';
import type { NetworkPolicySpec } from '../plan/clients/network-policy/network-policy.ts';
import { keptMetadata } from './kept-metadata.ts';

/** A ConfigMap or a NetworkPolicy on the wire. */
export interface StoredObject extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: NetworkPolicySpec;
}

/** The manager of some fields of an object, as far as messages and ownership go. */
interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** The object in the planner's form. */
export function existingObject(kind: ClientObjectKind, object: StoredObject): ExistingObject {
  const { name, namespace = '', uid = '', labels, annotations } = object.metadata;
  const managers = managersOf(object);
  const metadata = { name, namespace, uid, labels, annotations, managers };
  return { ...contentOf(kind, object), metadata };
}

function contentOf(kind: ClientObjectKind, { data = {}, spec }: StoredObject): ClientContent {
  if (kind === 'ConfigMap') return { kind, data };
  // The API server has no NetworkPolicy without a spec.
  return { kind, spec: spec ?? { podSelector: {}, policyTypes: ['Egress'], egress: [] } };
}

function managedFields({ metadata }: KubernetesObject): readonly ManagedFields[] {
  return (metadata.managedFields ?? []) as readonly ManagedFields[];
}

/** Field managers other than `own` that apply a part of the object's content: co-owners of it. */
export function coOwners(object: KubernetesObject, own: string): readonly string[] {
  return managersOfContent(object)
    .filter(({ operation, manager }) => operation === 'Apply' && manager !== own)
    .flatMap(({ manager }) => manager ?? []);
}

/** Field managers other than `own` that set a part of the object's content, by whatever operation. */
export function contentEditors(object: KubernetesObject, own: string): readonly string[] {
  const names = managersOfContent(object).flatMap(({ manager }) => manager ?? []);
  return [...new Set(names)].filter((name) => name !== own);
}

const contentFields: ReadonlySet<string> = new Set(['f:data', 'f:spec', 'f:specs']);

function managersOfContent(object: KubernetesObject): readonly ManagedFields[] {
  return managedFields(object).filter(({ fieldsV1 = {} }) =>
    Object.keys(fieldsV1).some((field) => contentFields.has(field)),
  );
}

/** Names of everybody who manages a field of the object. */
export function managersOf(object: KubernetesObject): readonly string[] {
  return [...new Set(managedFields(object).flatMap(({ manager }) => manager ?? []))];
}

/**
 * Keeps of each object what the planner compares. Objects that say the same share their content in
 * memory: thousands of namespaces have one ConfigMap and one policy among them.
 */
export function createKeeper(): (object: StoredObject) => StoredObject {
  const shared = new SharedValues();
  return ({ metadata, data, spec }) => ({
    metadata: keptMetadata(metadata, ['annotations']),
    ...(data === undefined ? {} : { data: shared.of(data) }),
    ...(spec === undefined ? {} : { spec: shared.of(spec) }),
  });
}

/** Hands out one object for all that are equal, as long as somebody holds it. */
class SharedValues {
  private readonly values = new Map<string, WeakRef<object>>();
  private readonly forgotten = new FinalizationRegistry<string>((text) => {
    if (this.values.get(text)?.deref() === undefined) this.values.delete(text);
  });

  of<T extends object>(value: T): T {
    const text = JSON.stringify(value);
    const known = this.values.get(text)?.deref();
    if (known !== undefined) return known as T;
    this.values.set(text, new WeakRef(value));
    this.forgotten.register(value, text);
    return value;
  }
}
