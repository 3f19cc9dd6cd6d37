/** Links from files, as `kubectl apply` would take them. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { isObject } from '../api/validation/json-value.ts';
import type { ParsedDocument } from '../api/validation/parse-links.ts';
import { suggestion } from '../api/validation/suggestion.ts';
import { rulesNotChecked, validateLink } from '../api/validation/validate-link.ts';
import type { Violation } from '../api/validation/violation.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import { type IdentitySource, identityOf } from './file-identity.ts';
import { type LinkFile, linkDocuments } from './link-documents.ts';

/** A link that was read from a file, and whose it is. */
export type StandaloneLink = Pick<SageMakerPrivateLink, 'spec'> & {
  readonly name: string;
  readonly uid: string;
  readonly owner: OwnerIdentity;
  /** The cluster's object that the file would change, or that it is. */
  readonly object?: SageMakerPrivateLink;
};

/** The links of some files, or everything that is wrong with them. */
export interface ReadLinks {
  readonly links: readonly StandaloneLink[];
  /** One line each: `file:line: path: what is wrong`. */
  readonly errors: readonly string[];
  /** Objects of other kinds, one line each. */
  readonly passedOver: readonly string[];
}

/**
 * Reads and checks links by the very schema and rules that the API server has. If anything is
 * wrong in any of the files, all of it is reported and nothing should be done.
 *
 * @param source gives the links their identity
 */
export function readLinks(files: readonly LinkFile[], source: IdentitySource): ReadLinks {
  const { links: documents, passedOver } = linkDocuments(files);
  if (documents.length === 0) {
    const names = files.map(({ fileName }) => fileName).join(', ');
    return { links: [], errors: [`${names}: no SageMakerPrivateLink found`], passedOver };
  }
  const read = documents.map((document) => readDocument(document, source));
  const links = read.flatMap(({ link }) => link ?? []);
  const errors = [...read.flatMap((one) => one.errors), ...duplicates(read, source)];
  return { links, errors, passedOver };
}

interface ReadDocument {
  readonly link?: StandaloneLink;
  /** `file:line` of its name. */
  readonly place?: string;
  readonly errors: readonly string[];
}

function readDocument(document: ParsedDocument, source: IdentitySource): ReadDocument {
  if (document.problems.length > 0) return { errors: document.problems };
  const object = objectFor(document, source);
  const { link, violations } = validateLink(document.object, { old: object });
  if (violations.length > 0) {
    return { errors: violations.map((one) => violationLine(one, document)) };
  }
  const owner = identityOf(link, source);
  const known = object === undefined ? {} : { object };
  return {
    link: { name: owner.name, uid: owner.uid, owner, spec: link.spec, ...known },
    place: `${document.fileName}:${document.lineOf('metadata.name')}`,
    errors: [],
  };
}

function violationLine(violation: Violation, document: ParsedDocument): string {
  const { fileName } = document;
  if (violation === rulesNotChecked) {
    return `${fileName}: some rules can be checked only when what is wrong above is corrected`;
  }
  return `${fileName}:${document.lineOf(violation.path)}: ${violation.message}${suggestion(violation)}`;
}

/** The object in the cluster under the document's name: immutable fields are held against it. */
function objectFor(
  { object }: ParsedDocument,
  { objectOf }: IdentitySource,
): SageMakerPrivateLink | undefined {
  const metadata = isObject(object) ? object['metadata'] : undefined;
  const name = isObject(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' ? objectOf?.(name) : undefined;
}

/** The cluster's own link, as it is there. */
export function linkOfObject(object: SageMakerPrivateLink, clusterId: string): StandaloneLink {
  const { name, uid } = object.metadata;
  return { name, uid, spec: object.spec, owner: { clusterId, name, uid }, object };
}

/** A name is one link's in a cluster; files of one name are told apart by their places. */
function duplicates(
  read: readonly ReadDocument[],
  { objectOf }: IdentitySource,
): readonly string[] {
  const what = objectOf === undefined ? 'for the same region, account and VPC' : 'for one cluster';
  const first = new Map<string, string>();
  return read.flatMap(({ link, place = '' }) => {
    if (link === undefined) return [];
    const { name } = link;
    const key = objectOf === undefined ? link.uid : name;
    const former = first.get(key);
    if (former === undefined) {
      first.set(key, place);
      return [];
    }
    return [
      `${place}: metadata.name ${name} is given twice ${what}, first in ${former}: give each its own name`,
    ];
  });
}
