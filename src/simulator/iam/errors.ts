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

/** Throws for a number outside of the bounds of the API's model. */
export function checkRange(member: string, value: number, [min, max]: readonly [number, number]) {
  const bound = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  if (value >= min && value <= max) return;
  throw validationError(member, String(value), `Member must have value ${bound}`);
}

export function validationError(member: string, value: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}
