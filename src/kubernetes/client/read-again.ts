import type { CallOptions } from '../api-calls.ts';
import { isNotFound } from './api-error.ts';
import type { KubernetesObject } from './object.ts';
import type { ResourceClient } from './resource-client.ts';

/** The newest state of what has the name of an object now, which may be another one; or nothing. */
export async function readAgain<T extends KubernetesObject>(request: {
  readonly resource: Pick<ResourceClient<T>, 'get'>;
  readonly object: T;
  readonly call: CallOptions;
}): Promise<T | undefined> {
  try {
    return await request.resource.get(request.object.metadata, request.call);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
