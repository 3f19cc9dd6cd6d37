import { scrub } from '../telemetry/redaction.ts';

/** Longest text of AWS's that is passed on, in characters. */
const longestText = 500;

/** What changes from one attempt to the next, or is nobody's business. */
const passing: readonly RegExp[] = [
  // An encoded text that holds the caller's policies, for `sts:DecodeAuthorizationMessage`.
  /encoded authorization failure message:.*$/is,
  /\(?(request ?id|requestid)[:=]?\s*[\w-]+\)?[.,;]?/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?\b/g,
  /\b\d{8}T\d{6}Z\b/g,
  // Access key ids are no secrets, but they change when credentials are renewed.
  /\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g,
];

/** AWS's text without what differs between attempts, on one line, of bounded length. */
export function stableText(text: string): string {
  let stable = text;
  for (const pattern of passing) stable = stable.replace(pattern, '');
  // A session name is chosen anew with each set of credentials.
  stable = stable.replace(/(:assumed-role\/[\w+=,.@-]+)\/[\w+=,.@-]+/g, '$1');
  // A message goes into the status, where everybody reads it who may read links.
  stable = scrub(stable).replace(/\s+/g, ' ').trim();
  return stable.length > longestText ? `${stable.slice(0, longestText)}...` : stable;
}

/**
 * Says which permission is missing. A call may need more than its own: creating with tags needs
 * `ec2:CreateTags` too, and AWS names the one that failed in its text.
 */
export function describeDenial(action: string, code: string, message: string): string {
  if (code === 'TagPolicyViolation' || code === 'OperationNotPermitted') {
    return `${action} is refused: ${code}: ${stableText(message)}`;
  }
  const named = /to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? action;
  const needed = named === action ? '' : `, which ${action} needs`;
  const boundary = /with an explicit deny in an? ([a-z -]+?)(?:[.:,]|$)/i.exec(message)?.[1];
  if (boundary !== undefined) {
    return `${named} is denied by an explicit deny in the ${boundary}${needed}`;
  }
  return `${named} is denied${needed}`;
}
