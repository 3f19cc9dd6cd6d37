import { isKnownCode, rowOf } from '../../plan/aws-errors/error-table.ts';
import type { CloudErrorKind } from '../../plan/cloud.ts';

/** The code on the wire of an error of which only the SDK's name is known: IAM's get a suffix. */
export function codeOfName(name: string): string {
  if (isKnownCode(name)) return name;
  const code = name.replace(/Exception$/, '');
  return isKnownCode(code) ? code : name;
}

/**
 * The class of an error that AWS answered with, by the table of `src/plan/aws-errors`.
 * @param httpStatus decides for codes that the table does not have; a 5xx may have taken effect.
 */
export function kindOfCode(
  code: string,
  message: string,
  httpStatus: number | undefined,
): CloudErrorKind {
  const row = rowOf({ code, text: message });
  if (row !== undefined) return row.kind;
  if (code.endsWith('.NotFound')) return 'NotFound';
  if (code.endsWith('.Malformed')) return 'Invalid';
  if (httpStatus === 429) return 'Throttled';
  return httpStatus !== undefined && httpStatus >= 500 ? 'Unavailable' : 'Unknown';
}
