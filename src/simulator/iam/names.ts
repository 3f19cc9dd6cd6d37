import type { IamState } from './state.ts';

/** `arn:<partition>:iam::<account>:<kind><path><name>`. */
export function iamArn(iam: IamState, kind: string, path: string, name: string): string {
  return `arn:${iam.partition}:iam::${iam.accountId}:${kind}${path}${name}`;
}
