import { arnOfPrincipal } from '../sts/principals.ts';
import { partitionOf } from '../partitions.ts';
import { AwsError } from '../protocol/error.ts';
import type { QueryRequest } from '../protocol/request.ts';
import type { SageMakerCall } from '../sagemaker/sagemaker-call.ts';
import type { Principal } from '../sts/principals.ts';

/** AWS's refusal for want of a permission, in the form that the service has for it. */
export function denial(request: QueryRequest, caller: Principal): AwsError {
  const { protocol, action, region, sageMaker } = request;
  const service = sageMaker === undefined ? protocol : 'sagemaker';
  const permission = `${service}:${action}`;
  const resource = sageMaker === undefined ? '*' : arnFor(sageMaker, caller, region);
  const reason =
    `User: ${arnOfPrincipal(caller, region)} is not authorized to perform: ${permission} ` +
    `on resource: ${resource} because no identity-based policy allows the ${permission} action`;
  if (sageMaker !== undefined) {
    return new AwsError('AccessDeniedException', reason, sageMaker.protocol === 'json' ? 400 : 403);
  }
  if (protocol !== 'ec2') return new AwsError('AccessDenied', reason, 403);
  return new AwsError(
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. ${reason}. Encoded authorization failure message: c2ltdWxhdGVk`,
    403,
  );
}

/** The resource that SageMaker checks the permission on (service authorization reference). */
function arnFor(call: SageMakerCall, { accountId }: Principal, region: string): string {
  const prefix = `arn:${partitionOf(region).id}:sagemaker:${region}:${accountId}`;
  if (call.action === 'ListNotebookInstances') return `${prefix}:notebook-instance/*`;
  const name = call.protocol === 'rest' ? call.form['EndpointName'] : undefined;
  return name === undefined ? '*' : `${prefix}:endpoint/${name.toLowerCase()}`;
}
