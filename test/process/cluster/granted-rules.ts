import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { AuditedRequest } from './audit-log.ts';

/** The smallest piece of what RBAC grants: one verb on one resource, by name where it says so. */
export interface Grant {
  readonly verb: string;
  /** With its subresource: `sagemakerprivatelinks/status`. */
  readonly resource: string;
  readonly group: string;
  /** Undefined: cluster-wide. */
  readonly namespace?: string;
  readonly name?: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules: readonly Rule[];
}

/** Every grant of the ClusterRoles and Roles in a folder of manifests. */
export async function grantsIn(folder: string): Promise<readonly Grant[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Role))
    .filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role')
    .flatMap(grantsOf);
}

function grantsOf({ metadata: { namespace }, rules }: Role): readonly Grant[] {
  return rules.flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) =>
          verbs.map((verb) => ({
            verb,
            resource,
            group,
            ...(namespace === undefined ? {} : { namespace }),
            ...(name === undefined ? {} : { name }),
          })),
        ),
      ),
    ),
  );
}

/** Whether RBAC lets a request through by this grant. */
export function covers(grant: Grant, { verb, objectRef }: AuditedRequest): boolean {
  if (objectRef === undefined) return false;
  const { resource, subresource, apiGroup = '', namespace, name } = objectRef;
  return (
    grant.verb === verb &&
    grant.group === apiGroup &&
    grant.resource === (subresource === undefined ? resource : `${resource}/${subresource}`) &&
    (grant.namespace === undefined || grant.namespace === namespace) &&
    (grant.name === undefined || grant.name === name)
  );
}
