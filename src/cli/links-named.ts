/** The links that a command was given the names of. */
import { UserError } from '../runtime/user-error.ts';

/**
 * The links of these names, or all where none is given.
 *
 * @throws UserError for a name that no link has
 */
export function linksNamed<T extends { readonly name: string }>(
  links: readonly T[],
  names: readonly string[],
): readonly T[] {
  const there = links.map(({ name }) => name).join(', ');
  const missing = names.find((name) => !links.some((link) => link.name === name));
  if (missing !== undefined) {
    throw new UserError(`there is no link ${missing}${there === '' ? '' : `; there are ${there}`}`);
  }
  return names.length === 0 ? links : links.filter(({ name }) => names.includes(name));
}
