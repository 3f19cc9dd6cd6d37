import {
  type CollectionTag,
  type Document,
  isNode,
  LineCounter,
  parseAllDocuments,
  type ScalarTag,
} from 'yaml';

/** One document of a YAML or JSON file. */
export interface ParsedDocument {
  readonly fileName: string;
  /** Line of the file where the document begins, from 1. */
  readonly line: number;
  /** The plain value; undefined if it could not be read. */
  readonly object: unknown;
  /** Why it could not be read, each as `file:line:column: what is wrong`. */
  readonly problems: readonly string[];
  /**
   * The line of a field, given its path as in a violation (`spec.endpoints[1].service`); of the
   * nearest field above where there is none.
   */
  lineOf(path: string): number;
}

/**
 * Reads the documents of a YAML file as kubectl does: YAML 1.1, in which `yes` is true, but dates
 * are text. Empty documents are left out. What can't be read is in `problems`, never thrown.
 */
export function parseLinks(yamlText: string, fileName: string): readonly ParsedDocument[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(yamlText, {
    lineCounter,
    version: '1.1',
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || isKnownToKubectl(tag)),
  });
  if (!Array.isArray(documents)) return [];
  return documents
    .filter((document) => document.errors.length > 0 || document.contents !== null)
    .map((document) => toParsedDocument(document, fileName, lineCounter));
}

/** kubectl reads dates and numbers to the base 60 (`1:30`) as text. */
function isKnownToKubectl(tag: CollectionTag | ScalarTag): boolean {
  return tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME';
}

function toParsedDocument(
  document: Document.Parsed,
  fileName: string,
  lineCounter: LineCounter,
): ParsedDocument {
  const problems = document.errors.map((error) => {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return `${fileName}:${line}:${col}: ${error.message}`;
  });
  const start = lineCounter.linePos(document.contents?.range[0] ?? document.range[0]).line;
  return {
    fileName,
    line: start,
    object: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
    problems,
    lineOf: (path) => findLine(document, path, lineCounter) ?? start,
  };
}

function findLine(
  document: Document.Parsed,
  path: string,
  lineCounter: LineCounter,
): number | undefined {
  const keys = keysOf(path);
  for (let depth = keys.length; depth > 0; depth--) {
    const node = document.getIn(keys.slice(0, depth), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return undefined;
}

/** `spec.tags[a.b].c[0]` is `spec`, `tags`, `a.b`, `c`, 0. */
function keysOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([text, key]) => {
    if (key === undefined) return text;
    return /^[0-9]+$/.test(key) ? Number(key) : key;
  });
}
