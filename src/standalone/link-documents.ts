/** Which documents of some files are links, and which are passed over. */
import { apiVersion, kind } from '../api/sagemaker-private-link.ts';
import { isObject } from '../api/validation/json-value.ts';
import { type ParsedDocument, parseLinks } from '../api/validation/parse-links.ts';

/** One file as it was read. */
export interface LinkFile {
  readonly fileName: string;
  readonly text: string;
}

export interface LinkDocuments {
  /** Links, and whatever may be meant to be one: the validation says what is wrong with it. */
  readonly links: readonly ParsedDocument[];
  /** One line for each object of another kind: `file:line: ConfigMap demo`. */
  readonly passedOver: readonly string[];
}

/** Reads the documents of files that may hold other objects too, as folders for `kubectl` do. */
export function linkDocuments(files: readonly LinkFile[]): LinkDocuments {
  const documents = files.flatMap(({ text, fileName }) => parseLinks(text, fileName));
  const others = documents.map(otherKind);
  return {
    links: documents.filter((_, index) => others[index] === undefined),
    passedOver: documents.flatMap(({ fileName, line }, index) => {
      const words = others[index];
      return words === undefined ? [] : [`${fileName}:${line}: ${words}`];
    }),
  };
}

const [group] = apiVersion.split('/');

/** Kind and name of an object that is clearly no link; undefined for everything else. */
function otherKind({ object }: ParsedDocument): string | undefined {
  if (!isObject(object)) return undefined;
  const { apiVersion: version, kind: itsKind, metadata } = object;
  if (typeof version !== 'string' || typeof itsKind !== 'string') return undefined;
  if (version.split('/')[0] === group) return undefined;
  if (itsKind.toLowerCase() === kind.toLowerCase()) return undefined;
  const name = isObject(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' ? `${itsKind} ${name}` : itsKind;
}
