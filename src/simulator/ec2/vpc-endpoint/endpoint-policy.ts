import type { CatalogueService } from '../../catalogue.ts';
import { documentFault } from '../../policies/grammar.ts';
import { AwsError } from '../../protocol/error.ts';
import { type Form, textOf } from '../../protocol/form.ts';

import { invalidParameter } from './endpoint-errors.ts';

/** AWS's quota, whitespace included. */
const maxCharacters = 20_480;

/** The policy that AWS shows where none was given. It has no Version. */
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

/** Thousands of endpoints may have one and the same policy. */
const accepted = new Set<string>();
const mostAccepted = 100;

/** Throws AWS's errors for a text that is no endpoint policy. */
function checkEndpointPolicy(text: string): void {
  if (accepted.has(text)) return;
  if (text.length > maxCharacters) {
    throw new AwsError(
      'InvalidPolicyDocument',
      `The policy has ${text.length} characters; an endpoint policy has at most ${maxCharacters}.`,
    );
  }
  const fault = documentFault(text, 'endpoint');
  if (fault !== undefined) throw invalid(fault);
  if (accepted.size >= mostAccepted) accepted.clear();
  accepted.add(text);
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidPolicyDocument', `The policy document is invalid. ${why}`);
}
