/** Which objects of a collection a list or a watch is about, and what it shows of them. */
import type { ApiRequest } from '../../src/kubernetes/client/api-request.ts';
import type { StoredEvent, StoredObject } from './api-server.ts';

export interface Selection {
  takes(object: StoredObject): boolean;
  shows(object: StoredObject): object;
}

/** The selection of a request: by namespace, label and name, as the operator asks. */
export function selectionOf(
  { query = {}, accept }: ApiRequest,
  namespace: string | undefined,
): Selection {
  const { labelSelector, fieldSelector } = query;
  const labels = labelSelector === undefined ? [] : labelSelector.split(',').map(pairOf);
  const fields = fieldSelector === undefined ? [] : fieldSelector.split(',').map(pairOf);
  const unknown = fields.find(([field, value]) => field !== 'metadata.name' || value === undefined);
  if (unknown !== undefined) throw new Error(`no field selector ${unknown.join('=')} here`);
  return {
    takes: ({ metadata }) =>
      (namespace === undefined || metadata.namespace === namespace) &&
      labels.every(([key, value]) => {
        const has = metadata.labels?.[key];
        return value === undefined ? has !== undefined : has === value;
      }) &&
      fields.every(([, name]) => metadata.name === name),
    shows: accept?.includes('as=PartialObjectMetadata') === true ? metadataOf : (object) => object,
  };
}

/** `key=value`, or a label alone for every value of it. */
function pairOf(text: string): readonly [string, string | undefined] {
  const [key = '', value] = text.split('=');
  if (/[!( ]/.test(key)) throw new Error(`no selector ${text} here`);
  return [key, value];
}

function metadataOf({ metadata }: StoredObject): object {
  return { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata };
}

/**
 * The event as a watch with the selection gets it; undefined if it gets none. For it an object that
 * begins to be taken is new, and one that is not taken any more is gone.
 */
export function eventFor(selection: Selection, event: StoredEvent): object | undefined {
  const { type, object, former } = event;
  const wasTaken = former !== undefined && selection.takes(former);
  const isTaken = type !== 'DELETED' && selection.takes(object);
  if (!wasTaken && !isTaken) return undefined;
  const { resourceVersion } = object.metadata;
  if (isTaken) {
    return { type: wasTaken ? 'MODIFIED' : 'ADDED', object: selection.shows(object) };
  }
  const last = type === 'DELETED' ? object : (former as StoredObject);
  const shown = { ...last, metadata: { ...last.metadata, resourceVersion } };
  return { type: 'DELETED', object: selection.shows(shown) };
}
