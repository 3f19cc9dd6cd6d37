import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const FOLDERS = '(?:src|docs|test|faults|deploy|scripts|crds|demo|bench|tools)/';

/** A path of this repository as the first thing of a word. */
const OWN_PATH = new RegExp(`^${FOLDERS}`);

/** A file of this repository, named as seen from its top: in a comment, a text or a command. */
const NAMED_FILE = new RegExp(
  `(?<![\\w./-])${FOLDERS}[\\w./-]+\\.(?:md|ts|mjs|ya?ml|json)\\b(?:#[\\w-]+)?`,
  'g',
);

const CODE = /`([^`]+)`/g;
const LINK = /\]\(([^()\s]+)[^()]*\)/g;

/**
 * Links of pages to files and headings that are not there, and paths of the repository that
 * pages (`in backticks`, folders too) and sources name and that are not there.
 */
export function findBrokenLinks(files) {
  const present = files.filter(({ file }) => existsSync(file));
  const texts = present.filter(({ path }) => /\.(md|ts|mjs|ya?ml)$/.test(path));
  const tree = {
    paths: new Set(present.flatMap(({ path }) => withFolders(path))),
    texts: new Map(texts.map(({ path, file }) => [path, readFileSync(file, 'utf8')])),
  };
  const findings = new Set();
  for (const [path, text] of tree.texts) {
    const prose = path.endsWith('.md') ? withoutFences(text) : [];
    for (const [index, line] of text.split('\n').entries()) {
      for (const target of [...namedIn(line), ...linkedIn(prose[index] ?? '', path)]) {
        const what = problemWith(target, tree);
        if (what !== undefined) findings.add(`${path}:${index + 1}: ${what}: ${line.trim()}`);
      }
    }
  }
  return findings.size > 0 ? [...findings].join('\n') : undefined;
}

/** A path and the folders that it is in. */
function withFolders(path) {
  const folder = posix.dirname(path);
  return folder === '.' ? [path] : [path, ...withFolders(folder)];
}

/** The lines of a page. Those of code blocks are empty: nothing there is a link or a heading. */
function withoutFences(text) {
  let isCode = false;
  return text.split('\n').map((line) => {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence) isCode = !isCode;
    return isCode || isFence ? '' : line;
  });
}

function namedIn(line) {
  return [...line.matchAll(NAMED_FILE)].map(([link]) => targetOf(link, '.'));
}

/** The targets that a line of a page links to or has in backticks. */
function linkedIn(line, page) {
  const words = [...line.matchAll(CODE)].flatMap(([, code]) => code.split(/\s+/));
  const links = [...line.replace(CODE, '').matchAll(LINK)].map(([, link]) => link);
  return [
    ...words.filter((word) => OWN_PATH.test(word)).map((word) => targetOf(word, '.')),
    ...links.filter((link) => link.startsWith('#')).map((link) => targetOf(page + link, '.')),
    ...links
      .filter((link) => !/^(#|\w+:)/.test(link))
      .map((link) => targetOf(link, posix.dirname(page))),
  ];
}

function targetOf(link, folder) {
  const [path, anchor] = link.split('#');
  return { path: posix.join(folder, path), anchor };
}

function problemWith({ path, anchor }, { paths, texts }) {
  // Of a pattern such as docs/<page>.md or test/{unit,model}/*.ts, the folder has to be there.
  const wanted = path.replace(/[^/]*[*?{}<>$…[\]].*$/, '').replace(/\/$/, '');
  if (!paths.has(wanted)) return `there is no ${wanted}`;
  const hasHeading = anchor === undefined || anchorsOf(texts.get(wanted) ?? '').has(anchor);
  return hasHeading ? undefined : `${wanted} has no heading #${anchor}`;
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text) {
  const anchors = new Set();
  for (const line of withoutFences(text)) {
    const [, heading] = /^#+\s+(.*?)\s*#*$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const words = heading.toLowerCase().replace(LINK, ']');
    const anchor = words.replace(/[^\p{L}\p{M}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let n = 1; anchors.has(unique); n += 1) unique = `${anchor}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}
