/** Whether one endpoint policy lets through less than another, as far as their form tells. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { PolicyDocument } from '../facts.ts';
import { globMatches } from '../notebook-policy/document/action-patterns.ts';
import { fullAccessPolicy, policiesAreEqual } from './policy-equality.ts';

type Statement = Readonly<Record<string, unknown>>;

/**
 * True unless everything that the former policy allows is certainly allowed by the next one: what
 * only AWS's evaluation could tell counts as narrower, so that nobody is cut off without a word.
 *
 * @param former undefined: AWS's own, which allows everything
 */
export function isNarrower(
  former: PolicyDocument = fullAccessPolicy,
  next: PolicyDocument = fullAccessPolicy,
): boolean {
  if (policiesAreEqual(former, next)) return false;
  const allowed = statementsOf(next).filter(isAllow);
  const covers = (one: Statement): boolean => allowed.some((other) => coversStatement(other, one));
  const denials = statementsOf(next).filter((one) => !isAllow(one));
  const formerDenials = statementsOf(former).filter((one) => !isAllow(one));
  return (
    !statementsOf(former).filter(isAllow).every(covers) ||
    !denials.every((one) => formerDenials.some((other) => isSame(one, other)))
  );
}

function statementsOf({ Statement: statements }: PolicyDocument): readonly Statement[] {
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  return list.filter((one): one is Statement => typeof one === 'object' && one !== null);
}

function isAllow({ Effect: effect }: Statement): boolean {
  return effect === 'Allow';
}

function isSame(a: Statement, b: Statement): boolean {
  return policiesAreEqual({ Statement: [withoutSid(a)] }, { Statement: [withoutSid(b)] });
}

function withoutSid({ Sid: _sid, ...rest }: Statement): Statement {
  return rest;
}

/** A statement without conditions covers one whose principal, actions and resources it matches. */
function coversStatement(wide: Statement, narrow: Statement): boolean {
  if (isSame(wide, narrow)) return true;
  const isPlain = ['NotAction', 'NotResource', 'NotPrincipal'].every(
    (key) => !(key in wide) && !(key in narrow),
  );
  const conditionsAreKept =
    wide['Condition'] === undefined || isDeepStrictEqual(wide['Condition'], narrow['Condition']);
  return (
    isPlain &&
    conditionsAreKept &&
    coversPrincipal(wide['Principal'], narrow['Principal']) &&
    coversPatterns(wide['Action'], narrow['Action'], 'anyCase') &&
    coversPatterns(wide['Resource'], narrow['Resource'], 'exactCase')
  );
}

function coversPrincipal(wide: unknown, narrow: unknown): boolean {
  const isEverybody = wide === '*' || isDeepStrictEqual(wide, { AWS: '*' });
  return isEverybody || isDeepStrictEqual(wide, narrow);
}

function coversPatterns(wide: unknown, narrow: unknown, letters: 'anyCase' | 'exactCase'): boolean {
  const patterns = textsOf(wide);
  return textsOf(narrow).every((text) =>
    patterns.some(
      (pattern) =>
        pattern === '*' ||
        pattern === text ||
        (letters === 'anyCase' && globMatches(pattern, text)),
    ),
  );
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map(String);
}
