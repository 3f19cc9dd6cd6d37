import { type Entry, isObject, textOf } from '../credentials/kube-config-files.ts';
import { KubeConfigError } from '../credentials/kube-config-error.ts';

/** Values of a header that may be there more than once. */
export type ImpersonationHeaders = Readonly<Record<string, string | readonly string[]>>;

/**
 * The headers of a user's `as`, `as-uid`, `as-groups` and `as-user-extra`, as client-go writes them
 * (transport/round_trippers.go).
 *
 * @throws KubeConfigError for groups, a uid or extra values of nobody
 */
export function impersonationHeaders(userName: string, user: Entry): ImpersonationHeaders {
  const { 'as-groups': groups, 'as-user-extra': extra } = user;
  const [name, uid] = [textOf(user['as']), textOf(user['as-uid'])];
  const headers = {
    ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    ...(texts(groups).length > 0 ? { 'impersonate-group': texts(groups) } : {}),
    ...extraHeaders(extra),
  };
  if (name !== undefined) return { 'impersonate-user': name, ...headers };
  if (Object.keys(headers).length === 0) return {};
  throw new KubeConfigError(
    `user ${JSON.stringify(userName)} has as-uid, as-groups or as-user-extra without as: set as to the user to be`,
  );
}

function extraHeaders(extra: unknown): ImpersonationHeaders {
  if (!isObject(extra)) return {};
  const entries = Object.entries(extra).filter(([, values]) => texts(values).length > 0);
  return Object.fromEntries(
    entries.map(([key, values]) => [`impersonate-extra-${escaped(key)}`, texts(values)]),
  );
}

/** As client-go's headerKeyEscape: what may not be in a header's name is percent-encoded. */
function escaped(key: string): string {
  const bytes = [...Buffer.from(key.toLowerCase())];
  return bytes
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      if (/[A-Za-z0-9!#$&'*+.^_`|~-]/.test(letter)) return letter;
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
