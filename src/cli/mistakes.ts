import { cutText, printable } from '../api/printable.ts';
import { UserError } from '../runtime/user-error.ts';

/** As many as a person corrects at once, and as fit on a screen. */
const shownMistakes = 10;

/** Characters of one line: a parser may quote all of a file. */
const shownCharacters = 400;

/**
 * One error for all mistakes of some files: the first ones, a line each, and how many more there are.
 *
 * @param mistakes one line each; a repeated one is shown once
 */
export function mistakesError(mistakes: readonly string[]): UserError {
  const different = [...new Set(mistakes.map((one) => cutText(printable(one), shownCharacters)))];
  const more = different.length - shownMistakes;
  const end = more > 0 ? [`and ${more} more: correct these first`] : [];
  return new UserError([...different.slice(0, shownMistakes), ...end].join('\n'));
}
