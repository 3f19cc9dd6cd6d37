import { readFileSync } from 'node:fs';

/** Words that docs/glossary.md replaces, with the word to write. */
const REPLACED = [
  { pattern: /\bmend(?:s|ed|ing)?\b/i, word: 'repair' },
  { pattern: /\bheal(?:s|ed|ing)?\b/i, word: 'repair' },
];

/** The beginning of a sentence that has a clause for its subject: "What waits for AWS is polled." */
const HEADLESS = /^(?:What|Who|Whose|Whoever|Whatever)\b(?! if\b)/;

/** The same of a heading: "From where notebooks open". A question is none. */
const HEADLESS_HEADING =
  /^#+\s+(?:What|Who|Whose|Whom|Whoever|Whatever|Where|(?:From|To|By|For|With) (?:what|where|who|whom|whose))\b(?!.*\?$)/;

/** Where these words are the subject. */
const EXEMPT = /^(?:docs\/glossary\.md|scripts\/english-checks\.mjs|LICENSE)$/;

/** A sentence inside a message: after its quotation mark, or after the one before it. */
const MESSAGE = /(?:['"`]|[.:;] )((?:What|Who|Whose|Whoever|Whatever) [^'"`]*)/g;

/**
 * Sentences of pages, comments and messages against docs/glossary.md, as far as a program sees them.
 *
 * @param files tracked files, each with `path` and `file`
 * @returns one finding a line, or undefined
 */
export function findPoorEnglish(files) {
  const findings = [];
  for (const { path, file } of files) {
    if (EXEMPT.test(path) || !/\.(?:md|ts|mjs|ya?ml)$|^Dockerfile$/.test(path)) continue;
    if (path.includes('/generated/') || path.startsWith('test/')) continue;
    const lines = readFileSync(file, 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      const where = `${path}:${index + 1}`;
      for (const { pattern, word } of REPLACED) {
        if (pattern.test(line)) findings.push(`${where}: write "${word}": ${line.trim()}`);
      }
    }
    for (const { heading, line } of path.endsWith('.md') ? headingsOf(lines) : []) {
      if (HEADLESS_HEADING.test(heading)) {
        findings.push(`${path}:${line}: give the heading a noun for its subject: ${heading}`);
      }
    }
    for (const { sentence, line } of candidatesOf(path, lines)) {
      if (HEADLESS.test(sentence) && !/\?["'*)`]*$/.test(sentence)) {
        findings.push(`${path}:${line}: begin with the subject: ${sentence.slice(0, 80)}`);
      }
    }
  }
  return findings.length > 0 ? findings.join('\n') : undefined;
}

/** Everything that the rule of the subject is for: pages, and comments and messages of sources. */
function candidatesOf(path, lines) {
  if (path.endsWith('.md')) return sentencesOf(path, lines);
  if (!/^(?:src|bench|demo|faults|scripts|tools)\/.*\.(?:ts|mjs)$/.test(path)) return [];
  return [...sentencesOf(path, lines), ...messagesOf(lines)];
}

/** Headings of a page; a comment in a block of code looks like one. */
function headingsOf(lines) {
  let isCode = false;
  return lines.flatMap((text, index) => {
    if (/^\s*```/.test(text)) isCode = !isCode;
    return !isCode && /^#+\s/.test(text) ? [{ heading: text.trim(), line: index + 1 }] : [];
  });
}

function messagesOf(lines) {
  return lines.flatMap((line, index) => {
    if (/^\s*(?:\*|\/\/|\/\*)/.test(line)) return [];
    return [...line.matchAll(MESSAGE)].map(([, sentence]) => ({ sentence, line: index + 1 }));
  });
}

/** Sentences with the line that they begin on. */
function sentencesOf(path, lines) {
  return paragraphsOf(path, lines).flatMap(({ text, line }) => {
    const sentences = [];
    for (const match of text.matchAll(/\S.*?(?:[.!?]["'*)`]*(?=\s|$)|$)/gs)) {
      const before = text.slice(0, match.index);
      sentences.push({
        sentence: match[0].replaceAll(/\s+/g, ' ').trim(),
        line: line + before.split('\n').length - 1,
      });
    }
    return sentences;
  });
}

/** Pieces of prose with their first lines: of a page all, of a source its comments. */
function paragraphsOf(path, lines) {
  const isPage = path.endsWith('.md');
  const paragraphs = [];
  let current;
  let isCode = false;
  for (const [index, line] of lines.entries()) {
    if (isPage && /^\s*```/.test(line)) isCode = !isCode;
    const prose = isCode ? undefined : isPage ? pageProse(line) : commentProse(line);
    if (prose === undefined || prose.text === '') {
      current = undefined;
      continue;
    }
    if (current === undefined || prose.begins) {
      current = { text: prose.text, line: index + 1 };
      paragraphs.push(current);
    } else {
      current.text += `\n${prose.text}`;
    }
    if (prose.ends) current = undefined;
  }
  return paragraphs;
}

/** Headings, which have a rule of their own, and rows of tables are no sentences. */
function pageProse(line) {
  if (/^\s*(?:#|\||<!--|```)/.test(line)) return undefined;
  const item = /^\s*(?:[*+-]|\d+\.)\s+(.*)$/.exec(line);
  return item ? { text: item[1], begins: true } : { text: line.trim() };
}

/** The prose of a comment line, without its marks. */
function commentProse(line) {
  const oneLine = /^\s*\/\*\*? ?(.*?)\s*\*\/$/.exec(line);
  if (oneLine) return { text: oneLine[1], begins: true, ends: true };
  const opening = /^\s*\/\*\*? ?(.*)$/.exec(line);
  if (opening)
    return { text: opening[1] || undefined, begins: true, ...(opening[1] ? {} : { text: '' }) };
  if (/^\s*\*\//.test(line)) return undefined;
  const inside = /^\s*\* ?(.*)$/.exec(line) ?? /^\s*(?:\/\/|#) ?(.*)$/.exec(line);
  if (inside === null) return undefined;
  return { text: inside[1].replace(/^@\w+(?: [\w.]+)? ?/, ''), begins: inside[1].startsWith('@') };
}
