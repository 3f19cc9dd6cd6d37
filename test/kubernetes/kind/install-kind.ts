import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { group, plural, version } from '../../../src/api/sagemaker-private-link.ts';
import type { ApiServerAccess } from '../../environment/api-server-access.ts';
import { eventually } from '../../environment/eventually.ts';

/** Where links are on an API server. */
export const linksPath = `/apis/${group}/${version}/${plural}`;

const crdFile = join(import.meta.dirname, '../../../crds/sagemakerprivatelinks.yaml');

/**
 * Installs the shipped CRD, or brings the one that another test installed up to date, and waits
 * until the API server serves the kind.
 */
export async function installKind(server: ApiServerAccess): Promise<void> {
  const folder = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const applied = await server.request({
    method: 'PATCH',
    path: `${folder}/${plural}.${group}?fieldManager=test&force=true`,
    contentType: 'application/apply-patch+yaml',
    body: parse(readFileSync(crdFile, 'utf8')),
  });
  if (applied.status > 201) throw new Error(`CRD refused: ${JSON.stringify(applied.body)}`);
  await eventually(async () => {
    const { status } = await server.request({ path: linksPath });
    if (status !== 200) throw new Error(`The kind is not served: ${status}`);
  });
}

/** What the API server says about creating a link: nothing, or each of its complaints. */
export async function askServer(
  server: ApiServerAccess,
  body: unknown,
): Promise<readonly string[]> {
  const path = `${linksPath}?dryRun=All&fieldValidation=Strict`;
  const answer = await server.request({ method: 'POST', path, body });
  return answer.status === 201 ? [] : complaintsIn(answer.body as Status);
}

/** What the API server says about replacing a stored link by this one. */
export async function askServerToReplace(
  server: ApiServerAccess,
  link: { readonly metadata: { readonly name: string } },
): Promise<readonly string[]> {
  const path = `${linksPath}/${link.metadata.name}?dryRun=All&fieldValidation=Strict`;
  const answer = await server.request({ method: 'PUT', path, body: link });
  return answer.status === 200 ? [] : complaintsIn(answer.body as Status);
}

/** The part of Kubernetes' Status that says why something was refused. */
export interface Status {
  readonly message: string;
  readonly details?: {
    readonly causes?: readonly { readonly field: string; readonly message: string }[];
  };
}

export function complaintsIn(status: Status): readonly string[] {
  const causes = status.details?.causes ?? [];
  if (causes.length > 0) {
    return causes.map(({ field, message }) => `${field}: ${inWordsOfNow(message)}`);
  }
  const unknown = [...status.message.matchAll(/unknown field "[^"]*"/g)].map(([text]) => text);
  return unknown.length > 0 ? unknown : [status.message];
}

/** Kubernetes before 1.34 tells of rules that it did not check with a null in quotes. */
function inWordsOfNow(message: string): string {
  return message.replace(
    /^Invalid value: "null": (?=some validation rules)/,
    'Invalid value: null: ',
  );
}
