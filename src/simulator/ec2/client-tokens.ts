import { AwsError } from '../protocol/error.ts';
import { type Form, invalidValue, textOf } from '../protocol/form.ts';
import type { RegionState } from './region.ts';

/** At most 64 ASCII characters (EC2 developer guide, idempotency). */
const tokenForm = /^[\x21-\x7e]{1,64}$/;

/**
 * The resource that an earlier call with the same ClientToken made; undefined when there is none.
 * Throws IdempotentParameterMismatch when the earlier call had other parameters.
 *
 * @param isDescribed whether the resource of that id is still described; else the token is free.
 *   How long AWS remembers a token is not documented.
 */
export function madeBefore(
  region: RegionState,
  action: string,
  form: Form,
  isDescribed: (id: string) => boolean,
): string | undefined {
  const token = textOf(form, 'ClientToken');
  if (token === undefined) return undefined;
  if (!tokenForm.test(token)) throw invalidValue('ClientToken', token, 'At most 64 characters.');
  const remembered = region.clientTokens.get(`${action}/${token}`);
  if (remembered === undefined || !isDescribed(remembered.resourceId)) return undefined;
  if (remembered.fingerprint === fingerprintOf(form)) return remembered.resourceId;
  throw new AwsError(
    'IdempotentParameterMismatch',
    `The client token '${token}' was used before with other parameters.`,
  );
}

/** Remembers what a call with a ClientToken made. */
export function remember(
  region: RegionState,
  action: string,
  form: Form,
  resourceId: string,
): void {
  const token = textOf(form, 'ClientToken');
  if (token === undefined) return;
  region.clientTokens.set(`${action}/${token}`, { fingerprint: fingerprintOf(form), resourceId });
}

function fingerprintOf(form: Form): string {
  return JSON.stringify(form, (name, value: unknown) => {
    if (['ClientToken', 'DryRun', 'Action', 'Version'].includes(name)) return undefined;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
