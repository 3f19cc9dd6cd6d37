import { mapInTurns } from '../../runtime/map-in-turns.ts';
import type { ApiCalls, CallOptions } from '../api-calls.ts';
import { isBodyTooLong, isGone } from './api-error.ts';
import { createPageSizes, longestPage } from './page-sizes.ts';
import { type KubernetesObject, type ObjectRef, type ResourceType } from './object.ts';
import { readWatchEvents, type WatchEvent } from '../watch/watch-stream.ts';

export interface Selection {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions<T, K = T> extends CallOptions, Selection {
  /** Objects per page. @default 250, fewer while they are large */
  readonly limit?: number;
  /**
   * Applied to each object as soon as its page is read: what it drops is not kept in memory. Called again
   * for all objects of a list that has to begin anew. @default all of the object
   */
  readonly keep?: (object: T) => K;
}

interface PageOptions extends CallOptions, Selection {
  /** Objects per page; 0 is all of them. */
  readonly limit: number;
}

export interface WatchOptions extends CallOptions, Selection {
  readonly resourceVersion: string;
  /** After this the server ends the watch. */
  readonly timeoutSeconds: number;
}

export interface ObjectList<T> {
  readonly items: readonly T[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

export interface ApplyOptions extends CallOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers. @default true: controllers always do */
  readonly force?: boolean;
  /** `Strict` refuses fields that the server does not know. @default the server's, which warns */
  readonly fieldValidation?: 'Strict';
}

export interface DeleteOptions extends CallOptions {
  /** Only this very object; a recreated one of the same name gives a conflict. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
}

type Subresource = 'status' | undefined;

/** The reads that a watch is made of. */
export interface ResourceReader<T extends KubernetesObject> {
  readonly type: ResourceType;
  /** All pages. */
  list<K = T>(options: ListOptions<T, K>): Promise<ObjectList<K>>;
  /** How far the collection has come: the resource version of a list that begins now. */
  newestVersion(options: CallOptions & Selection): Promise<string>;
  /** Events until the server ends the watch. Throws when it cannot be opened or breaks. */
  watch(options: WatchOptions): Promise<AsyncIterable<WatchEvent<T>>>;
}

/** One resource of the Kubernetes API. Objects are the JSON on the wire; times are strings. */
export interface ResourceClient<T extends KubernetesObject> extends ResourceReader<T> {
  get(ref: ObjectRef, options: CallOptions): Promise<T>;
  create(object: T, options: CallOptions): Promise<T>;
  /** Conflict-safe if and only if the object has its `resourceVersion`. */
  replace(object: T, options: CallOptions): Promise<T>;
  replaceStatus(object: T, options: CallOptions): Promise<T>;
  /** JSON merge patch (RFC 7386): null removes a field, lists are replaced. */
  patch(ref: ObjectRef, patch: object, options: CallOptions): Promise<T>;
  patchStatus(ref: ObjectRef, patch: object, options: CallOptions): Promise<T>;
  /** Server-side apply; the object needs `apiVersion` and `kind`. */
  apply(object: T, options: ApplyOptions): Promise<T>;
  applyStatus(object: T, options: ApplyOptions): Promise<T>;
  delete(ref: ObjectRef, options: DeleteOptions): Promise<void>;
}

/** Binds a resource to a client. */
export function createResourceClient<T extends KubernetesObject>(
  client: ApiCalls,
  type: ResourceType,
): ResourceClient<T> {
  const replace = (subresource: Subresource) => (object: T, options: CallOptions) =>
    client.request<T>(
      { verb: 'update', path: pathOf(type, object.metadata, subresource), body: object },
      options,
    );
  const patch =
    (subresource: Subresource) => (ref: ObjectRef, body: object, options: CallOptions) => {
      const contentType = 'application/merge-patch+json';
      const path = pathOf(type, ref, subresource);
      return client.request<T>({ verb: 'patch', path, body, contentType }, options);
    };
  return {
    type,
    get: (ref, options) => client.request<T>({ verb: 'get', path: pathOf(type, ref) }, options),
    list: (options) => listAll(client, type, options),
    async newestVersion(options) {
      const page = await listPage<T>(client, type, { ...options, limit: 1 }, undefined);
      return page.metadata.resourceVersion;
    },
    watch: (options) => openWatch<T>(client, type, options),
    create: (object, options) =>
      client.request<T>(
        { verb: 'create', path: collectionOf(type, object.metadata.namespace), body: object },
        options,
      ),
    replace: replace(undefined),
    replaceStatus: replace('status'),
    patch: patch(undefined),
    patchStatus: patch('status'),
    apply: (object, options) => apply<T>(client, type, undefined, object, options),
    applyStatus: (object, options) => apply<T>(client, type, 'status', object, options),
    delete: (ref, options) => remove(client, type, ref, options),
  };
}

function apply<T extends KubernetesObject>(
  client: ApiCalls,
  type: ResourceType,
  subresource: Subresource,
  object: T,
  options: ApplyOptions,
): Promise<T> {
  const query = {
    fieldManager: options.fieldManager,
    force: String(options.force ?? true),
    fieldValidation: options.fieldValidation,
  };
  const path = pathOf(type, object.metadata, subresource);
  const contentType = 'application/apply-patch+yaml';
  return client.request<T>({ verb: 'patch', path, query, body: object, contentType }, options);
}

async function remove(
  client: ApiCalls,
  type: ResourceType,
  ref: ObjectRef,
  options: DeleteOptions,
): Promise<void> {
  const { uid, resourceVersion, propagationPolicy } = options;
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    preconditions: { uid, resourceVersion },
  };
  await client.request<unknown>({ verb: 'delete', path: pathOf(type, ref), body }, options);
}

interface ListBody<T> {
  /** Null where a list of metadata is empty. */
  readonly items: readonly T[] | null;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

/** Of a list whose continue token expired while its objects are too large to be read at once. */
const mostRestarts = 3;

/** Objects of a page that are taken in before others may compute: some milliseconds. */
const keptPerTurn = 50;

/**
 * Lists page by page. A continue token lives about five minutes; when one has expired (410) the
 * whole list is read at once instead, as client-go's pager does, so that the answer is one
 * consistent state of the collection.
 */
async function listAll<T, K>(
  client: ApiCalls,
  type: ResourceType,
  options: ListOptions<T, K>,
): Promise<ObjectList<K>> {
  const items: K[] = [];
  const pages = createPageSizes();
  const { keep = (object: T) => object as unknown as K, ...base } = options;
  const inTurns = { perTurn: keptPerTurn, signal: options.signal };
  let restarts = 0;
  let token: string | undefined;
  for (;;) {
    let page: ListBody<T>;
    try {
      const limit = options.limit ?? pages.next();
      page = await listPage<T>(client, type, { ...base, limit, longestBody: longestPage }, token);
      pages.grow();
    } catch (error) {
      if (isBodyTooLong(error) && pages.next() > 1) {
        pages.shrink();
        continue;
      }
      if (token === undefined || !isGone(error)) throw error;
      items.length = 0;
      if (pages.areReduced() && restarts < mostRestarts) {
        restarts += 1;
        token = undefined;
        continue;
      }
      page = await listPage<T>(client, type, { ...base, limit: 0 }, undefined);
    }
    const kept = await mapInTurns(page.items ?? [], inTurns, keep);
    // Not spread: a list that is read at once may have more objects than a call can have arguments.
    for (const one of kept) items.push(one);
    const next = page.metadata.continue;
    if (!next) return { items, resourceVersion: page.metadata.resourceVersion };
    if (next === token) throw new Error(`list of ${type.plural} repeats its continue token`);
    token = next;
  }
}

function listPage<T>(
  client: ApiCalls,
  type: ResourceType,
  options: PageOptions,
  token: string | undefined,
): Promise<ListBody<T>> {
  const { limit } = options;
  const query = {
    ...selectionQuery(options),
    limit: limit === 0 ? undefined : String(limit),
    continue: token,
  };
  const path = collectionOf(type, options.namespace);
  return client.request<ListBody<T>>({ verb: 'list', path, query }, options);
}

async function openWatch<T>(
  client: ApiCalls,
  type: ResourceType,
  options: WatchOptions,
): Promise<AsyncIterable<WatchEvent<T>>> {
  const path = collectionOf(type, options.namespace);
  const query = {
    ...selectionQuery(options),
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: options.resourceVersion,
    timeoutSeconds: String(options.timeoutSeconds),
  };
  const body = await client.stream({ verb: 'watch', path, query }, options);
  return readWatchEvents<T>(path, body);
}

function selectionQuery(selection: Selection): Record<string, string | undefined> {
  return { labelSelector: selection.labelSelector, fieldSelector: selection.fieldSelector };
}

function collectionOf(type: ResourceType, namespace: string | undefined): string {
  const base = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  if (!type.namespaced && namespace !== undefined) {
    throw new TypeError(`${type.plural} is cluster-scoped, but a namespace is given: ${namespace}`);
  }
  return `${base}${scope}/${type.plural}`;
}

function pathOf(type: ResourceType, ref: ObjectRef, subresource?: Subresource): string {
  if (type.namespaced && ref.namespace === undefined) {
    throw new TypeError(`${type.plural} is namespaced, but ${ref.name} has no namespace`);
  }
  const suffix = subresource === undefined ? '' : `/${subresource}`;
  return `${collectionOf(type, ref.namespace)}/${encodeURIComponent(ref.name)}${suffix}`;
}
