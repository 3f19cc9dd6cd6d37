import { AwsError } from './protocol/error.ts';
import type { QueryRequest } from './protocol/request.ts';
import type { ProtocolName } from './protocol/xml.ts';
import type { Principal } from './sts/principals.ts';
import type { World } from './world.ts';

/** Who makes the request, or the error of the service for credentials that it does not accept. */
export function authenticate(world: World, request: QueryRequest): Principal {
  const { protocol, accessKeyId } = request;
  if (request.action === 'AssumeRoleWithWebIdentity') return anonymous;
  if (accessKeyId === undefined) {
    throw protocol === 'ec2'
      ? authFailure()
      : new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const principal = world.principals.byAccessKey(accessKeyId);
  if (principal === undefined) {
    throw invalidToken(protocol);
  }
  const { expiresAtMs, sessionToken } = principal;
  if (sessionToken !== request.sessionToken && sessionToken !== undefined) {
    throw invalidToken(protocol);
  }
  if (expiresAtMs === undefined || world.settings.clock.now() < expiresAtMs) return principal;
  throw protocol === 'ec2'
    ? new AwsError('RequestExpired', 'Request has expired.')
    : new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
}

/** Web identities show a token in place of a signature. */
const anonymous: Principal = { accountId: '', userId: 'anonymous', resource: 'sts:::anonymous' };

/** For a key that AWS does not know, and for a temporary one whose token is missing or another's. */
function invalidToken(protocol: ProtocolName): AwsError {
  const message = 'The security token included in the request is invalid.';
  return protocol === 'ec2' ? authFailure() : new AwsError('InvalidClientTokenId', message, 403);
}

function authFailure(): AwsError {
  const message = 'AWS was not able to validate the provided access credentials';
  return new AwsError('AuthFailure', message, 401);
}
