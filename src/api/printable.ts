/**
 * Text that a terminal or a page can show as it is: names, tags and error messages come from
 * people and from AWS, and may carry characters that move a cursor, change colours or turn the
 * direction of reading.
 */

/** Ends of lines and tabs, which only would tear a table apart. */
const blanks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** Control characters, marks of direction, characters without width, halves of a pair. */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- these are the ones that are meant
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text in one line, with unsafe characters as escapes (`\u001b`). Idempotent. */
export function printable(text: string): string {
  return text
    .replace(blanks, ' ')
    .replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The beginning of a text that is too long, with a count of what was left out. Idempotent.
 *
 * @param most length in characters, as the API server counts: code points
 */
export function cutText(text: string, most: number): string {
  // A text has at least as many UTF-16 units as code points.
  if (text.length <= most) return text;
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const longestEnd = endOfCut(characters.length).length;
  if (longestEnd >= most) return characters.slice(0, most).join('');
  const kept = most - longestEnd;
  return `${characters.slice(0, kept).join('')}${endOfCut(characters.length - kept)}`;
}

function endOfCut(count: number): string {
  return `... (${count} characters left out)`;
}
