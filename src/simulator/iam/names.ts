import { validationError } from './errors.ts';
import type { IamState } from './state.ts';

/** IAM's limits of the length of names. */
const maxLengths = { policy: 128, role: 64, user: 64, group: 128 } as const;

/** A name that IAM accepts. */
export function checkedName(kind: keyof typeof maxLengths, name: string): string {
  const max = maxLengths[kind];
  if (/^[\w+=,.@-]+$/.test(name) && name.length <= max) return name;
  throw validationError(
    `${kind}Name`,
    name,
    `Member must have length less than or equal to ${max} and satisfy regular expression pattern: [\\w+=,.@-]+`,
  );
}

/** A path that IAM accepts: begins and ends with a slash. Default: `/`. */
export function checkedPath(path: string | undefined): string {
  if (path === undefined) return '/';
  if (/^(\/|\/[\u0021-\u007e]+\/)$/.test(path) && path.length <= 512) return path;
  throw validationError('path', path, 'The path must begin and end with / and be ASCII.');
}

/** `arn:<partition>:iam::<account>:<kind><path><name>`. */
export function iamArn(iam: IamState, kind: string, path: string, name: string): string {
  return `arn:${iam.partition}:iam::${iam.accountId}:${kind}${path}${name}`;
}
