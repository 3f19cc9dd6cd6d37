import type { Difference } from '../findings.ts';
import { ownershipPrefix } from '../ownership/ownership.ts';

/**
 * A difference as a clause that begins with its field: `privateDNS is false, the spec says true`. It
 * says which side is which, in events, logs and the reasons of actions alike.
 */
export function differenceWords({ field, desired, actual }: Omit<Difference, 'resource'>): string {
  const is = `${field} is ${actual === '' ? 'empty' : actual}`;
  if (desired === 'present') return is;
  if (desired === 'absent') return `${is}, the spec has none`;
  if (desired.endsWith(' of the spec')) return `${is}, not ${desired}`;
  if (field.startsWith(`tag ${ownershipPrefix}`)) return `${is}, the operator set ${desired}`;
  return `${is}, the spec says ${desired === '' ? 'empty' : desired}`;
}
