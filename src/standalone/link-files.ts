/** Links from files, as `kubectl apply` would take them. */
import { createHash } from 'node:crypto';
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type ParsedDocument, parseLinks } from '../api/validation/parse-links.ts';
import { type LinkSpecification, validateLink } from '../api/validation/validate-link.ts';
import { notImplemented } from '../plan/not-implemented.ts';

/** A link that has no API server to give it an identity. */
export type StandaloneLink = Pick<SageMakerPrivateLink, 'spec'> & {
  readonly name: string;
  readonly uid: string;
};

/** One file as it was read. */
export interface LinkFile {
  readonly fileName: string;
  readonly text: string;
}

/** The links of some files, or everything that is wrong with them. */
export interface ReadLinks {
  readonly links: readonly StandaloneLink[];
  /** One line each: `file:line: path: what is wrong`. */
  readonly errors: readonly string[];
}

/**
 * Reads and checks links by the very schema and rules that the API server has. If anything is
 * wrong in any of the files, all of it is reported and nothing should be done.
 *
 * @param clusterId goes into the identity of links that have no `metadata.uid`
 */
export function readLinks(files: readonly LinkFile[], clusterId: string): ReadLinks {
  const documents = files.flatMap(({ text, fileName }) => parseLinks(text, fileName));
  if (documents.length === 0) {
    const names = files.map(({ fileName }) => fileName).join(', ');
    return { links: [], errors: [`${names}: no SageMakerPrivateLink found`] };
  }
  const read = documents.map((document) => readDocument(document, clusterId));
  const links = read.flatMap(({ link }) => link ?? []);
  return { links, errors: [...read.flatMap(({ errors }) => errors), ...duplicateNames(links)] };
}

interface ReadDocument {
  readonly link?: StandaloneLink;
  readonly errors: readonly string[];
}

function readDocument(document: ParsedDocument, clusterId: string): ReadDocument {
  if (document.problems.length > 0) return { errors: document.problems };
  const { link, violations } = validateLink(document.object);
  if (violations.length > 0) {
    const errors = violations.map(
      (one) => `${document.fileName}:${document.lineOf(one.path)}: ${one.message}`,
    );
    return { errors };
  }
  const refused = notImplemented(link.spec);
  if (refused.length > 0) {
    return {
      errors: refused.map(({ message }) => `${document.fileName}:${document.line}: ${message}`),
    };
  }
  return { link: withIdentity(link, clusterId), errors: [] };
}

function withIdentity({ metadata, spec }: LinkSpecification, clusterId: string): StandaloneLink {
  return { name: metadata.name, uid: metadata.uid ?? uidOf(clusterId, metadata.name), spec };
}

/** Always the same for a name, so that `delete` finds what `apply` made on another day. */
function uidOf(clusterId: string, name: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([clusterId, name]))
    .digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end))
    .join('-');
}

function duplicateNames(links: readonly StandaloneLink[]): readonly string[] {
  const names = links.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => `metadata.name ${name} is given twice: names must be unique`);
}
