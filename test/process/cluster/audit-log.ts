import { readFile } from 'node:fs/promises';

/** One request as kube-apiserver's audit log has it, without what is of no use here. */
export interface AuditedRequest {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly responseStatus?: { readonly code?: number; readonly message?: string };
  readonly annotations?: Readonly<Record<string, string>>;
  /** Absent for requests of no resource, such as discovery. */
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/** All requests of a user so far, oldest first. Watches that still run are in it too. */
export async function requestsOf(
  username: string,
  auditLog: string,
): Promise<readonly AuditedRequest[]> {
  const text = await readFile(auditLog, 'utf8');
  // The last line may be half written.
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return lines
    .map((line) => JSON.parse(line) as AuditedRequest)
    .filter(({ user }) => user.username === username);
}

/**
 * Whether it asks which kinds there are, or for the schema of links: everybody who is authenticated may
 * (`system:discovery`), so `deploy/` grants it to nobody, and the operator works without the answer.
 */
export function isDiscovery({ verb, objectRef, requestURI }: AuditedRequest): boolean {
  if (verb !== 'get' || objectRef !== undefined) return false;
  const schemaOfLinks = '/openapi/v3/apis/sagemaker.privatelink.dev/v1alpha1';
  return requestURI.startsWith('/apis') || requestURI === schemaOfLinks;
}
