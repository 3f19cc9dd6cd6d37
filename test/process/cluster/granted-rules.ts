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
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly Rule[];
}

interface Binding {
  readonly kind: string;
  readonly roleRef?: { readonly kind: string; readonly name: string };
}

/** Every grant of the ClusterRoles and Roles in a folder of manifests that are bound there. */
export async function grantsIn(folder: string): Promise<readonly Grant[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const manifests = texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Role & Binding))
    // A kustomization has no name.
    .filter((manifest) => manifest.metadata !== undefined);
  const bound = manifests.flatMap(({ roleRef }) =>
    roleRef === undefined ? [] : [`${roleRef.kind} ${roleRef.name}`],
  );
  const roles = manifests.filter(({ kind, metadata }) =>
    bound.includes(`${kind} ${metadata.name}`),
  );
  // A folder without roles would let every test of grants pass.
  if (roles.length === 0) throw new Error(`${folder} has no role that is bound`);
  return roles.flatMap(grantsOf);
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
