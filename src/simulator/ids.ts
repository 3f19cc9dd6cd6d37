import { createHash } from 'node:crypto';

/** Makes AWS-like ids that are the same in every run with the same seed and order of calls. */
export interface IdSource {
  /** `<prefix>-0` and 16 hexadecimal digits, as in `vpce-0a1b2c3d4e5f60718`. */
  resource(prefix: string): string;
  /** Lower-case hexadecimal digits. */
  hex(purpose: string, digits: number): string;
  /** As the requests of AWS have one: `8-4-4-4-12` hexadecimal digits. */
  uuid(purpose: string): string;
  /** Upper-case letters and digits with a prefix, as in `AROA...` (IAM unique ids). */
  unique(prefix: string): string;
  /** The id of an access key, as in `AKIA...`: 20 characters, one fewer than the other ids. */
  accessKey(prefix: 'AKIA' | 'ASIA'): string;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param scope what keeps two sources apart: seed, account and region */
export function idSource(scope: string): IdSource {
  let count = 0;
  function digest(purpose: string): Buffer {
    count += 1;
    return createHash('sha256').update(`${scope}/${purpose}/${count}`).digest();
  }
  function letters(purpose: string, count: number): string {
    return [...digest(purpose)]
      .slice(0, count)
      .map((byte) => base32[byte % 32])
      .join('');
  }
  return {
    resource: (prefix) => `${prefix}-0${digest(prefix).toString('hex').slice(0, 16)}`,
    hex: (purpose, digits) => digest(purpose).toString('hex').slice(0, digits),
    uuid: (purpose) =>
      digest(purpose)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    unique: (prefix) => prefix + letters(prefix, 17),
    accessKey: (prefix) => prefix + letters(prefix, 16),
  };
}

/** A number below `limit` that depends on nothing but the text. */
export function stableNumber(text: string, limit: number): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) % limit;
}
