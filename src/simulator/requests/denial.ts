import { arnOfPrincipal } from '../sts/principals.ts';
import { AwsError } from '../protocol/error.ts';
import type { QueryRequest } from '../protocol/request.ts';
import type { Principal } from '../sts/principals.ts';

/** AWS's refusal for want of a permission, in the form that the service has for it. */
export function denial(request: QueryRequest, caller: Principal): AwsError {
  const { protocol, action, region } = request;
  const permission = `${protocol}:${action}`;
  const reason =
    `User: ${arnOfPrincipal(caller, region)} is not authorized to perform: ${permission} ` +
    `on resource: * because no identity-based policy allows the ${permission} action`;
  if (protocol !== 'ec2') return new AwsError('AccessDenied', reason, 403);
  return new AwsError(
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. ${reason}. Encoded authorization failure message: c2ltdWxhdGVk`,
    403,
  );
}
