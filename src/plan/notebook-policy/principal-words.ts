import type { Principal } from '../facts.ts';

/** Principals as messages name them: `role DataScientist, user alice`. Empty for none. */
export function principalWords(principals: readonly Principal[]): string {
  return principals
    .map(({ kind, name }) => `${kind} ${name}`)
    .sort()
    .join(', ');
}
