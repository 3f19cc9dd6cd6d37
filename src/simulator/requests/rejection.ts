import { AwsError } from '../protocol/error.ts';
import { missingParameter } from '../protocol/form.ts';
import type { QueryRequest } from '../protocol/request.ts';

/** Why credentials are not accepted. */
export type Rejection =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'incomplete'; readonly lacking: readonly string[] }
  /** AWS does not know the key, or a temporary one's token is missing or another's. */
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'wrong-signature' };

/** The error of the service that a request is for. */
export function rejectionError(request: QueryRequest, rejection: Rejection): AwsError {
  if (request.sageMaker !== undefined) {
    return jsonError(rejection, request.sageMaker.protocol === 'json' ? 400 : 403);
  }
  return request.protocol === 'ec2' ? ec2Error(rejection) : queryError(rejection);
}

const wrongSignature =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const unknownToken = 'The security token included in the request is invalid.';
const expired = 'The security token included in the request is expired';
const unsigned = 'Request is missing Authentication Token';

/**
 * EC2 does not say what is wrong with credentials (reports of wrong secrets since 2017), and asks
 * for the parameter that older signatures had (seen at AWS in 2024).
 */
function ec2Error(rejection: Rejection): AwsError {
  switch (rejection.kind) {
    case 'unsigned':
      return missingParameter('AWSAccessKeyId');
    case 'incomplete':
      return new AwsError('IncompleteSignature', rejection.lacking.join(' '), 403);
    case 'expired':
      return new AwsError('RequestExpired', 'Request has expired.');
    case 'unknown-token':
    case 'wrong-signature':
      return new AwsError(
        'AuthFailure',
        'AWS was not able to validate the provided access credentials',
        401,
      );
  }
}

function queryError(rejection: Rejection): AwsError {
  switch (rejection.kind) {
    case 'unsigned':
      return new AwsError('MissingAuthenticationToken', unsigned, 403);
    case 'incomplete':
      return new AwsError('IncompleteSignature', rejection.lacking.join(' '), 403);
    case 'expired':
      return new AwsError('ExpiredToken', expired, 403);
    case 'unknown-token':
      return new AwsError('InvalidClientTokenId', unknownToken, 403);
    case 'wrong-signature':
      return new AwsError('SignatureDoesNotMatch', wrongSignature, 403);
  }
}

/**
 * Services of JSON have names of their own for these (reports of SageMaker's users show them all).
 *
 * @param httpStatus 400 for JSON 1.1, 403 for services with paths
 */
function jsonError(rejection: Rejection, httpStatus: number): AwsError {
  switch (rejection.kind) {
    case 'unsigned':
      return new AwsError('MissingAuthenticationTokenException', unsigned, httpStatus);
    case 'incomplete':
      return new AwsError('IncompleteSignatureException', rejection.lacking.join(' '), httpStatus);
    case 'expired':
      return new AwsError('ExpiredTokenException', expired, httpStatus);
    case 'unknown-token':
      return new AwsError('UnrecognizedClientException', unknownToken, httpStatus);
    case 'wrong-signature':
      return new AwsError('InvalidSignatureException', wrongSignature, httpStatus);
  }
}
