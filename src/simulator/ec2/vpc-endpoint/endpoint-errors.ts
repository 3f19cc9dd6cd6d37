import { AwsError } from '../../protocol/error.ts';

/** `InvalidParameter`: the code of most refusals of the VPC endpoint API. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameter', message);
}

/** Names cannot be private before the owner of the service has accepted the endpoint. */
export function notAccepted(serviceName: string): AwsError {
  return invalidParameter(
    `Private DNS can only be enabled after the endpoint connection is accepted by the owner of ${serviceName}.`,
  );
}
