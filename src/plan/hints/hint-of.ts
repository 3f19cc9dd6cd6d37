/** From a message of a queue to a hint. Pure. A hint says where to look; it is never believed. */
import { driftCalls, type IdKind } from './drift-calls.ts';

/** Somebody may have changed these resources. */
export interface Hint {
  /** The account and region that the event came from; those of a call to IAM are not the link's. */
  readonly account: string;
  readonly region: string;
  /** IAM's name of the call, one of `driftCalls`. */
  readonly call: string;
  /** AWS's id of the request that made the change, which its caller was told too. */
  readonly requestId: string | undefined;
  /** Ids of endpoints, groups, VPCs and subnets, and ARNs of policies, each once. */
  readonly ids: readonly string[];
}

/**
 * Why a message is no hint: longer than any event of AWS's; no event at all; an event of another
 * sort; a call that changed nothing; a change of nothing that links have.
 */
export const dropReasons = ['TooLong', 'Malformed', 'Foreign', 'Unchanged', 'NoIds'] as const;

export type DropReason = (typeof dropReasons)[number];

export type HintOrReason =
  | { readonly kind: 'hint'; readonly hint: Hint }
  | { readonly kind: 'dropped'; readonly reason: DropReason };

/** EventBridge carries no event above 256 KiB. In characters, each of which is a byte or more. */
const longestEvent = 262_144;

/** Any JSON value: a record of unknown fields, once it is known to be one. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an event of the type "AWS API Call via CloudTrail", as EventBridge puts it into a queue:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 *
 * @param body anything; never throws
 */
export function hintOf(body: string): HintOrReason {
  if (body.length > longestEvent) return dropped('TooLong');
  const event = parsed(body);
  if (event === undefined) return dropped('Malformed');
  const detail = event['detail'];
  if (event['detail-type'] !== 'AWS API Call via CloudTrail') return dropped('Foreign');
  if (!isFields(detail)) return dropped('Malformed');
  const call = callOf(detail);
  const kinds = call === undefined ? undefined : kindsOf(call);
  if (call === undefined || kinds === undefined) return dropped('Foreign');
  const account = matching(event['account'], /^\d{12}$/);
  const region = matching(event['region'], /^[a-z]{2}[a-z0-9-]{1,30}$/);
  if (account === undefined || region === undefined) return dropped('Malformed');
  // A call that was refused, or was a dry run, carries the code of its error.
  const isRefused = detail['errorCode'] !== undefined && detail['errorCode'] !== null;
  if (isRefused || detail['readOnly'] === true) return dropped('Unchanged');
  const ids = idsIn([detail['requestParameters'], detail['responseElements']], kinds);
  if (ids.length === 0) return dropped('NoIds');
  const requestId = matching(detail['requestID'], /^[\w-]{1,64}$/);
  return { kind: 'hint', hint: { account, region, call, requestId, ids } };
}

function dropped(reason: DropReason): HintOrReason {
  return { kind: 'dropped', reason };
}

function parsed(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function callOf(detail: Fields): string | undefined {
  const source = matching(detail['eventSource'], /^(ec2|iam)\.amazonaws\.com(\.cn)?$/);
  const name = matching(detail['eventName'], /^\w{1,64}$/);
  return source === undefined || name === undefined ? undefined : `${source.slice(0, 3)}:${name}`;
}

function kindsOf(call: string): readonly IdKind[] | undefined {
  return Object.hasOwn(driftCalls, call) ? driftCalls[call] : undefined;
}

/** The most ids that are taken from one event: AWS tags up to 1000 resources with one call. */
const mostIds = 1_000;

/** Values of one event that are looked at: more than any call of `driftCalls` has. */
const mostValues = 50_000;

const patterns: Readonly<Record<IdKind, RegExp>> = {
  vpce: /^vpce-[0-9a-f]{8,17}$/,
  sg: /^sg-[0-9a-f]{8,17}$/,
  vpc: /^vpc-[0-9a-f]{8,17}$/,
  subnet: /^subnet-[0-9a-f]{8,17}$/,
  policy: /^arn:aws[a-z-]{0,20}:iam::\d{12}:policy\/[\w+=,.@/-]{1,640}$/,
};

/**
 * Every text in the values that is an id of these kinds, wherever it is: CloudTrail's form of a
 * call's parameters differs from operation to operation and is documented for none.
 */
function idsIn(values: readonly unknown[], kinds: readonly IdKind[]): readonly string[] {
  const ids = new Set<string>();
  const left: unknown[] = [...values];
  for (let seen = 0; left.length > 0 && seen < mostValues && ids.size < mostIds; seen += 1) {
    const value = left.pop();
    if (typeof value === 'string') {
      if (kinds.some((kind) => patterns[kind].test(value))) ids.add(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const part of Object.values(value)) left.push(part);
    }
  }
  return [...ids];
}
