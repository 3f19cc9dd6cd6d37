/** The form of the table of AWS's error codes: what a refused or failed call means for a user. */
import type { Reason } from '../../api/conditions.ts';
import type { CloudErrorKind } from '../cloud.ts';
import type { Quota } from './service-quotas.ts';

/** The documentation's words for those who have to act so that the call succeeds. */
export const actors = {
  Nobody: 'nobody: it passes by itself',
  LinkAuthor: 'the author of the link',
  ResourceOwner: 'the owner of the other resource',
  NetworkOwner: 'the owner of the VPC',
  AccountAdministrator: "the AWS account's administrator",
  OrganizationAdministrator: "the AWS organization's administrator",
  OperatorAdministrator: 'whoever runs the operator',
  AWSSupport: 'AWS Support',
} as const;

export type Actor = keyof typeof actors;

/** The meaning of one failure. */
export interface ErrorMeaning {
  /** Decides what the code of the operator does about it. */
  readonly kind: CloudErrorKind;
  readonly reason: Reason;
  /**
   * `wait`: it ends by itself, so it is looked at again soon and at a steady pace. `retry`: it may
   * pass, and is tried again with backoff. `stalled`: somebody has to change something.
   */
  readonly severity: 'stalled' | 'retry' | 'wait';
  readonly actor: Actor;
  /** Advice in whole sentences, appended to AWS's own words. */
  readonly advice: string;
  /** The advice in place of that for a link that is being deleted. */
  readonly adviceOnDeletion?: string;
  /** The quota that is used up. */
  readonly quota?: Quota;
}

/** One row of the table. */
export interface ErrorRow extends ErrorMeaning {
  /** AWS's codes as on the wire, or short words of the operator's own. */
  readonly codes: readonly string[];
  /** Only where AWS's text says this: one code covers several things. */
  readonly text?: RegExp;
  /** In words, the case that the text stands for; for the documentation. */
  readonly where?: string;
  /** Only for calls that got credentials for another call. */
  readonly forCredentials?: true;
}

/** The codes of a refusal for want of a permission. */
export const denialCodes = ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException'];
