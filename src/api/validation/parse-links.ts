import {
  type CollectionTag,
  type Document,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  type ScalarTag,
} from 'yaml';
import { isObject } from './json-value.ts';
import { kubectlNumbers } from './kubectl-numbers.ts';
import { wholeObject } from './violation.ts';

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
 * are text. Empty documents are left out, and a List is taken apart into its items. A document that
 * cannot be read has `problems`; nothing is thrown.
 */
export function parseLinks(yamlText: string, fileName: string): readonly ParsedDocument[] {
  return parseDocuments(yamlText, fileName).flatMap(itemsOf);
}

function parseDocuments(yamlText: string, fileName: string): readonly ParsedDocument[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(yamlText, {
    lineCounter,
    version: '1.1',
    prettyErrors: false,
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === 'string' || isKnownToKubectl(tag)),
      ...kubectlNumbers,
    ],
  });
  if (!Array.isArray(documents)) return [];
  return documents
    .filter((document) => document.errors.length > 0 || !isEmpty(document))
    .map((document) => toParsedDocument(document, fileName, lineCounter));
}

/** The items of a `List` of any kind, such as `kubectl get -o yaml` prints; else the document. */
function itemsOf(document: ParsedDocument): readonly ParsedDocument[] {
  const { object } = document;
  if (!isObject(object) || !Array.isArray(object['items'])) return [document];
  if (typeof object['kind'] !== 'string' || !object['kind'].endsWith('List')) return [document];
  const items: readonly unknown[] = object['items'];
  return items.map((item, index) => ({
    ...document,
    object: item,
    line: document.lineOf(`items[${index}]`),
    lineOf: (path) =>
      document.lineOf(path === wholeObject ? `items[${index}]` : `items[${index}].${path}`),
  }));
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

/** kubectl reads dates and numbers to the base 60 (`1:30`) as text, and has rules for other numbers. */
function isKnownToKubectl(tag: CollectionTag | ScalarTag): boolean {
  const name = tag.tag.replace('tag:yaml.org,2002:', '');
  if (name === 'float') return 'test' in tag && tag.test?.test('.inf') === true;
  return name !== 'timestamp' && name !== 'int';
}

function toParsedDocument(
  document: Document.Parsed,
  fileName: string,
  lineCounter: LineCounter,
): ParsedDocument {
  const start = lineCounter.linePos(document.contents?.range[0] ?? document.range[0]).line;
  const tooDeep = document.errors.find(({ message }) => isTooDeep(message));
  // The parser's further errors only follow from that one.
  const syntaxErrors = tooDeep === undefined ? document.errors : [tooDeep];
  const syntaxProblems = syntaxErrors.map((error) => {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return `${fileName}:${line}:${col}: ${problemWords(error)}`;
  });
  const { object, problems } =
    syntaxProblems.length > 0
      ? { object: undefined, problems: syntaxProblems }
      : toPlainValue(document, `${fileName}:${start}`);
  return {
    fileName,
    line: start,
    object,
    problems,
    lineOf: (path) => findLine(document, path, lineCounter) ?? start,
  };
}

/** Aliases can be wrong in ways that show only now: unknown, or so many that memory would end. */
function toPlainValue(
  document: Document.Parsed,
  place: string,
): Pick<ParsedDocument, 'object' | 'problems'> {
  try {
    return { object: document.toJS({ maxAliasCount: 100 }), problems: [] };
  } catch (error) {
    return { object: undefined, problems: [`${place}: ${problemWords(error)}`] };
  }
}

/** The parser calls itself for each level, and passes on that the stack has ended. */
function isTooDeep(message: string): boolean {
  return message.includes('Maximum call stack size exceeded');
}

function problemWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isTooDeep(message) ? 'lists or maps are nested too deeply to be read' : message;
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
