import { AwsError } from '../protocol/error.ts';
import { missingParameter } from '../protocol/form.ts';
import type { QueryRequest } from '../protocol/request.ts';
import type { ProtocolName } from '../protocol/xml.ts';
import { isSignedWith } from './signature.ts';
import type { Principal } from '../sts/principals.ts';
import type { World } from '../world.ts';

/** The caller of a request, or the error of the service for credentials that it does not accept. */
export async function authenticate(world: World, request: QueryRequest): Promise<Principal> {
  const { protocol, accessKeyId, lacking } = request;
  if (request.action === 'AssumeRoleWithWebIdentity') return anonymous;
  if (lacking !== undefined) throw incomplete(lacking);
  if (accessKeyId === undefined) throw unsigned(protocol);
  const principal = world.principals.byAccessKey(accessKeyId);
  if (principal === undefined) throw invalidToken(protocol);
  const { expiresAtMs, sessionToken, secretAccessKey } = principal;
  const isIssued = secretAccessKey !== undefined;
  // A token beside a lasting key is as wrong as another's, unless the key is anybody's.
  if (sessionToken !== request.sessionToken && (isIssued || sessionToken !== undefined)) {
    throw invalidToken(protocol);
  }
  if (expiresAtMs !== undefined && world.settings.clock.now() >= expiresAtMs) {
    throw protocol === 'ec2'
      ? new AwsError('RequestExpired', 'Request has expired.')
      : new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
  }
  if (isIssued && !(await isOwn(request, secretAccessKey))) throw wrongSignature(protocol);
  return principal;
}

async function isOwn({ signature }: QueryRequest, secretAccessKey: string): Promise<boolean> {
  if (signature === undefined) return false;
  return isSignedWith(signature.message, signature.scope, secretAccessKey);
}

/** EC2 asks for the parameter that older signatures had (seen at AWS in 2024). */
function unsigned(protocol: ProtocolName): AwsError {
  return protocol === 'ec2'
    ? missingParameter('AWSAccessKeyId')
    : new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
}

function incomplete(lacking: readonly string[]): AwsError {
  return new AwsError('IncompleteSignature', lacking.join(' '), 403);
}

/** EC2 does not say what is wrong with credentials (reports of wrong secrets since 2017). */
function wrongSignature(protocol: ProtocolName): AwsError {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
  return protocol === 'ec2' ? authFailure() : new AwsError('SignatureDoesNotMatch', message, 403);
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
