import type { PolicyDocument } from '../../facts.ts';
import { isPrivateAddress } from './cidr-set.ts';
import {
  type AccessDecision,
  type AccessRequest,
  type ConditionTest,
  type ContextKey,
  evaluateAccess,
  type StatementOutcome,
} from './evaluate.ts';

/** An answer in words. */
export interface AccessExplanation {
  readonly request: AccessRequest;
  readonly decision: AccessDecision['decision'];
  /** The statement that denies. */
  readonly sid?: string;
  /** For people: the verdict first, then why, a sentence on each line. */
  readonly lines: readonly string[];
}

/**
 * Says whether a generated document denies a request and by which of its clauses.
 *
 * @throws RangeError for a document that has anything that generated ones don't have
 */
export function explainAccess(document: PolicyDocument, request: AccessRequest): AccessExplanation {
  const { decision, sid, statements } = evaluateAccess(document, request);
  const lines = [
    `${verdictOf(statements, sid)}: ${described(request)}.`,
    ...statements.map(lineOf),
    ...hints(request),
    ...(sid === undefined ? [grantsNothing] : []),
  ];
  return { request, decision, ...(sid === undefined ? {} : { sid }), lines };
}

function verdictOf(statements: readonly StatementOutcome[], sid: string | undefined): string {
  if (sid !== undefined) return 'Denied';
  return statements.some(({ covers }) => covers) ? 'Not denied' : 'Not restricted';
}

function hints({ sourceIp }: AccessRequest): readonly string[] {
  if (sourceIp === undefined || !isPrivateAddress(sourceIp)) return [];
  return [
    `Hint: ${sourceIp} is a private address, which AWS never sees as the source of a request over the internet. Give the public address that the network has outside, or ask with --vpce and --vpc-source-ip ${sourceIp}.`,
  ];
}

const grantsNothing =
  'The policy only denies. Whether the request is allowed is for the other policies of the caller to say.';

function lineOf({ sid, covers, denies, tests }: StatementOutcome): string {
  if (!covers) return `${sid} does not apply: it is about other actions or resources.`;
  if (denies) return `${sid} denies it: ${listed(tests.map(reason))}.`;
  const open = tests.filter(({ matches }) => !matches);
  return `${sid} does not deny it: ${listed(open.map(reason))}.`;
}

/** Why a test matches (and so adds to the Deny) or does not (and so prevents it). */
function reason({ operator, key, values, actual, matches }: ConditionTest): string {
  const list = shortList(values);
  switch (operator) {
    case 'NotIpAddress':
      if (actual === undefined) return `it has no ${nameOf[key]}`;
      return `${nameOf[key]} ${actual} is ${matches ? 'not in' : 'in'} ${list}`;
    case 'StringNotEquals':
    case 'StringEquals':
      if (actual === undefined) return 'it does not come through a VPC endpoint';
      return `endpoint ${actual} is ${values.includes(actual) ? 'one of' : 'none of'} ${list}`;
    case 'BoolIfExists':
      return matches ? 'no AWS service makes it on behalf of somebody' : 'an AWS service makes it';
    default:
      return operator satisfies never;
  }
}

const nameOf: Readonly<Record<ContextKey, string>> = {
  'aws:sourceip': 'public source address',
  'aws:vpcsourceip': 'source address inside a VPC',
  'aws:sourcevpce': 'VPC endpoint',
  'aws:sourcevpc': 'VPC',
  'aws:viaawsservice': 'AWS service on behalf',
};

function described(request: AccessRequest): string {
  const { sourceIp, vpcSourceIp, sourceVpce, viaAWSService } = request;
  const from = [
    ...(sourceIp === undefined ? [] : [`from ${sourceIp} over the internet`]),
    ...(vpcSourceIp === undefined ? [] : [`from ${vpcSourceIp} inside a VPC`]),
    ...(sourceVpce === undefined ? [] : [`through ${sourceVpce}`]),
    ...(viaAWSService === true ? ['made by an AWS service on behalf of the caller'] : []),
  ];
  const how = from.length === 0 ? 'from a source that AWS does not name' : from.join(' ');
  return `${request.action} ${how}`;
}

function shortList(values: readonly string[]): string {
  const shown = values.slice(0, 6).join(', ');
  return values.length > 6 ? `${shown} and ${values.length - 6} more` : shown;
}

function listed(parts: readonly string[]): string {
  return parts.length < 3
    ? parts.join(' and ')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
