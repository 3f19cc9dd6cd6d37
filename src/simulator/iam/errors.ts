import { AwsError } from '../protocol/error.ts';
import type { PrincipalKind } from './records.ts';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

export function noSuchPolicy(arn: string): AwsError {
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

export function noSuchPrincipal(kind: PrincipalKind, name: string): AwsError {
  return noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
}

export function alreadyExists(what: string, name: string): AwsError {
  return new AwsError('EntityAlreadyExists', `${what} with name ${name} already exists.`, 409);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message, 409);
}

export function quotaExceeded(quota: string, value: number): AwsError {
  return limitExceeded(`Cannot exceed quota for ${quota}: ${value}`);
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}

export function malformedPolicy(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, 400);
}

/** IAM says this of profiles in other words than of roles. */
export function instanceProfileExists(name: string): AwsError {
  return new AwsError('EntityAlreadyExists', `Instance Profile ${name} already exists.`, 409);
}

/** For what the model cannot say: its own constraints are checked before an action runs. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
