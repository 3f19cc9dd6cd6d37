import { scrub } from '../../telemetry/redaction.ts';

/** Longest text of AWS's that is passed on, in characters. */
const longestText = 500;

/** Parts of a text that change from one attempt to the next, or are nobody's business. */
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

/** Characters that a terminal or a log viewer would act on. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** AWS's text without what differs between attempts, on one line, of bounded length. */
export function stableText(text: string): string {
  // A session name is chosen anew with each set of credentials.
  let stable = text.replace(/(:assumed-role\/[\w+=,.@-]+)\/[\w+=,.@-]+/g, '$1');
  for (const pattern of passing) stable = stable.replace(pattern, '');
  // A message goes into the status, where everybody reads it who may read links.
  stable = scrub(stable).replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
  return stable.length > longestText ? `${stable.slice(0, longestText)}...` : stable;
}

/**
 * Says which permission is missing, to whom, on what, and by which policy: all that AWS's text
 * tells. A call may need more than its own permission: creating with tags needs `ec2:CreateTags`
 * too, and AWS names the one that failed.
 */
export function describeDenial(action: string, text: string): string {
  const named = part(text, /to perform:? ([a-z0-9-]+:\w+)/i) ?? action;
  const principal = part(text, /\bUser: (\S+) is not authorized/i);
  const resource = part(
    text,
    /on resource: (.+?)(?= because no | with an explicit deny |\.? *$|\. )/i,
  );
  const needed = named === action ? '' : ` (${action} needs it)`;
  const whom = principal === undefined ? '' : ` to ${principal}`;
  const where = resource === undefined ? '' : ` on ${resource}`;
  return `${named} is denied${whom}${where}${because(text, principal)}${needed}`;
}

/** The policy that denies, in AWS's words; else whatever AWS says that is worth reading. */
function because(text: string, principal: string | undefined): string {
  const explicit = part(text, /with an explicit deny in (?:an? |the )?(.+?)(?:\.? *$|\. )/i);
  if (explicit !== undefined) return ` by an explicit deny in the ${explicit}`;
  const missing = part(text, /because (no [\w -]+?) allows? the/i);
  if (missing !== undefined) return `: ${missing} allows it`;
  const says = text.replace(/^You are not authorized to perform this operation\.?$/i, '');
  return principal === undefined && says !== '' ? `: ${says}` : '';
}

function part(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}
