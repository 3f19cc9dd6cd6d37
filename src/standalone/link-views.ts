/** Links of files as `kubectl get -o yaml` prints them, with their status. Pure. */
import { isObject } from '../api/validation/json-value.ts';
import type { ParsedDocument } from '../api/validation/parse-links.ts';
import { validateLink } from '../api/validation/validate-link.ts';
import { validateStatus } from '../api/validation/validate-status.ts';
import type { LinkView } from '../topology/topology.ts';
import { type LinkFile, linkDocuments } from './link-documents.ts';

/** The links, or everything that is wrong with them, one line each: `file:line: what is wrong`. */
export function linkViews(files: readonly LinkFile[]): {
  readonly links: readonly LinkView[];
  readonly errors: readonly string[];
} {
  const read = linkDocuments(files).links.map(viewOf);
  return {
    links: read.flatMap(({ link }) => link ?? []),
    errors: read.flatMap(({ errors }) => errors),
  };
}

function viewOf(document: ParsedDocument): {
  readonly link?: LinkView;
  readonly errors: readonly string[];
} {
  const { problems, object, fileName, lineOf } = document;
  if (problems.length > 0) return { errors: problems };
  const { link, violations } = validateLink(object);
  const shown = isObject(object) ? object['status'] : undefined;
  const { status, violations: inStatus } = validateStatus(shown ?? {});
  const errors = [...violations, ...inStatus].map(
    ({ path, message }) => `${fileName}:${lineOf(path)}: ${message}`,
  );
  if (errors.length > 0) return { errors };
  const { name, deletionTimestamp } = link.metadata;
  const going = deletionTimestamp === undefined ? {} : { isDeleting: true };
  const seen = shown === undefined ? {} : { status };
  return { link: { name, spec: link.spec, ...seen, ...going }, errors: [] };
}
