import type { QueryRequest } from '../protocol/request.ts';
import { type Rejection, rejectionError } from './rejection.ts';
import { isSignedWith } from './signature.ts';
import type { Principal } from '../sts/principals.ts';
import type { World } from '../world.ts';

/** The caller of a request, or the error of the service for credentials that it does not accept. */
export async function authenticate(world: World, request: QueryRequest): Promise<Principal> {
  const { accessKeyId, lacking } = request;
  const rejected = (rejection: Rejection) => rejectionError(request, rejection);
  if (request.action === 'AssumeRoleWithWebIdentity') return anonymous;
  if (lacking !== undefined) throw rejected({ kind: 'incomplete', lacking });
  if (accessKeyId === undefined) throw rejected({ kind: 'unsigned' });
  const principal = world.principals.byAccessKey(accessKeyId);
  if (principal === undefined) throw rejected({ kind: 'unknown-token' });
  const { expiresAtMs, sessionToken, secretAccessKey } = principal;
  const isIssued = secretAccessKey !== undefined;
  // A token beside a lasting key is as wrong as another's, unless the key is anybody's.
  if (sessionToken !== request.sessionToken && (isIssued || sessionToken !== undefined)) {
    throw rejected({ kind: 'unknown-token' });
  }
  if (expiresAtMs !== undefined && world.settings.clock.now() >= expiresAtMs) {
    throw rejected({ kind: 'expired' });
  }
  if (isIssued && !(await isOwn(request, secretAccessKey))) {
    throw rejected({ kind: 'wrong-signature' });
  }
  return principal;
}

async function isOwn({ signature }: QueryRequest, secretAccessKey: string): Promise<boolean> {
  if (signature === undefined) return false;
  return isSignedWith(signature.message, signature.scope, secretAccessKey);
}

/** Web identities show a token in place of a signature. */
const anonymous: Principal = { accountId: '', userId: 'anonymous', resource: 'sts:::anonymous' };
