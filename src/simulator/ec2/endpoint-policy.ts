import type { CatalogueService } from '../catalogue.ts';
import { AwsError } from '../protocol/error.ts';
import { type Form, textOf } from '../protocol/form.ts';
import { isJsonObject, parseJsonObject } from '../protocol/json-object.ts';
import { invalidParameter } from './endpoint-errors.ts';

/** AWS's quota, whitespace included. */
const maxCharacters = 20_480;

/** What AWS shows where no policy was given. It has no Version. */
export const defaultEndpointPolicy = JSON.stringify(
  { Statement: [{ Action: '*', Effect: 'Allow', Principal: '*', Resource: '*' }] },
  null,
  2,
);

/** The policy in a request. Throws where the service has none, or where it is none. */
export function checkedPolicy(service: CatalogueService, form: Form): string | undefined {
  const policy = textOf(form, 'PolicyDocument');
  if (policy === undefined) return undefined;
  if (!service.policySupported) {
    throw invalidParameter(`Endpoint policies are not supported by the service ${service.name}.`);
  }
  checkEndpointPolicy(policy);
  return policy;
}

/** Throws AWS's errors for a text that is no endpoint policy. */
function checkEndpointPolicy(text: string): void {
  if (text.length > maxCharacters) {
    throw new AwsError(
      'InvalidPolicyDocument',
      `The policy has ${text.length} characters; an endpoint policy has at most ${maxCharacters}.`,
    );
  }
  const document = parseJsonObject(text);
  if (document === undefined) throw invalid('The document is no JSON object.');
  const statements = [document['Statement'] ?? []].flat();
  if (statements.length === 0 || !statements.every(isEndpointStatement)) {
    throw invalid('Each statement needs Effect, Principal, Action and Resource.');
  }
  const version = document['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw invalid(`There is no policy version ${JSON.stringify(version)}.`);
  }
}

function isEndpointStatement(statement: unknown): boolean {
  if (!isJsonObject(statement)) return false;
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    [Principal, NotPrincipal].some(isGiven) &&
    [Action, NotAction].some(isGiven) &&
    [Resource, NotResource].some(isGiven)
  );
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || isJsonObject(value) || Array.isArray(value);
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidPolicyDocument', `The policy document is invalid. ${why}`);
}
