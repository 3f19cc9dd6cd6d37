import type { RequestCredentials } from './credentials.ts';
import type { ResolvedContext } from './kube-config-context.ts';
import { KubeConfigError } from './kube-config-error.ts';
import { type Entry, isObject, textOf } from './kube-config-files.ts';

/** The only provider that kubectl has left; the others became exec plugins. */
const knownProvider = 'oidc';

/**
 * As kubectl, takes no user who could be two, or who has half of a credential.
 *
 * @throws KubeConfigError that names the fields
 */
export function refuseUnclearUser({ user, userName }: ResolvedContext): void {
  const who = `user ${JSON.stringify(userName)}`;
  const has = (...fields: readonly string[]): boolean =>
    fields.some((field) => textOf(user[field]) !== undefined);
  if (has('token', 'tokenFile') && has('username', 'password')) {
    throw new KubeConfigError(`${who} has a token and a username: only one of them is allowed`);
  }
  if (
    has('client-certificate', 'client-certificate-data') &&
    !has('client-key', 'client-key-data')
  ) {
    throw new KubeConfigError(`${who} has a client-certificate without client-key`);
  }
  const provider = providerOf(user);
  if (provider !== undefined && provider !== knownProvider) {
    throw new KubeConfigError(
      `${who} has the auth provider ${JSON.stringify(provider)}, which kubectl has no more: use an exec plugin`,
    );
  }
}

/**
 * A request of somebody who was to have a token does not go without one, as nobody's.
 *
 * @throws KubeConfigError that names the source of the token
 */
export function refuseWithoutToken(
  { user, userName }: ResolvedContext,
  { headers }: RequestCredentials,
): void {
  if (/^\w+ +\S/.test(String(headers['authorization'] ?? ''))) return;
  const who = `user ${JSON.stringify(userName)}`;
  const tokenFile = textOf(user['tokenFile']);
  if (tokenFile !== undefined) throw new KubeConfigError(`${tokenFile} of ${who} is empty`);
  if (providerOf(user) === undefined) return;
  throw new KubeConfigError(`the auth provider of ${who} gave no token: log in again`);
}

function providerOf(user: Entry): string | undefined {
  const provider = user['auth-provider'];
  return isObject(provider) ? (textOf(provider['name']) ?? '') : undefined;
}
