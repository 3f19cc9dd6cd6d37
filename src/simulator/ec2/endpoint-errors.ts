import { AwsError } from '../protocol/error.ts';

/** `InvalidParameter`: the code of most refusals of the VPC endpoint API. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameter', message);
}
