import { isDeepStrictEqual } from 'node:util';
import type { PolicyDocument } from '../facts.ts';

/**
 * True if two policy documents mean the same to AWS as far as their form goes: one value or an
 * array of it, order of sets, `"*"` or `{"AWS": "*"}` as principal, a missing version. Two
 * documents that only AWS's evaluation would find equal count as different.
 */
export function policiesAreEqual(a: PolicyDocument, b: PolicyDocument): boolean {
  // AWS nearly always shows a policy word for word as it was written.
  const isSameText = JSON.stringify(a) === JSON.stringify(b);
  return isSameText || isDeepStrictEqual(normalisedPolicy(a), normalisedPolicy(b));
}

/**
 * The policy that AWS puts on an endpoint created without one: everything is allowed to
 * everybody. Sent explicitly when a policy has to go: `ResetPolicy` is documented for gateway
 * endpoints only.
 */
export const fullAccessPolicy: PolicyDocument = {
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};

function normalisedPolicy(document: PolicyDocument): unknown {
  const statements = asArray(document['Statement']).map(normalisedStatement);
  const rest: Record<string, unknown> = { ...document };
  delete rest['Statement'];
  delete rest['Id'];
  // The version only matters for policy variables, which older documents take literally.
  if (!JSON.stringify(statements).includes('${')) delete rest['Version'];
  return { ...rest, Statement: sortedSet(statements) };
}

function normalisedStatement(statement: unknown): unknown {
  if (!isRecord(statement)) return statement;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(statement)) {
    result[key] = normalisedElement(key, value);
  }
  return result;
}

function normalisedElement(key: string, value: unknown): unknown {
  if (key === 'Sid' || key === 'Effect') return value;
  if (key === 'Principal' || key === 'NotPrincipal') return normalisedPrincipal(value);
  if (key === 'Condition' && isRecord(value)) return mapValues(value, normalisedOperator);
  if (key === 'Action' || key === 'NotAction') {
    // Action names are not case-sensitive.
    return sortedSet(asArray(value).map((action) => String(action).toLowerCase()));
  }
  return sortedSet(asArray(value));
}

function normalisedPrincipal(value: unknown): unknown {
  if (isRecord(value) && isDeepStrictEqual(mapValues(value, asArray), { AWS: ['*'] })) return '*';
  return isRecord(value) ? mapValues(value, (one) => sortedSet(asArray(one))) : value;
}

function normalisedOperator(keys: unknown): unknown {
  if (!isRecord(keys)) return keys;
  const entries = Object.entries(keys).map(([key, values]): [string, unknown] => [
    // Condition key names are not case-sensitive; values may be.
    key.toLowerCase(),
    sortedSet(asArray(values).map(String)),
  ]);
  return Object.fromEntries(entries);
}

function asArray(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function sortedSet(values: readonly unknown[]): readonly unknown[] {
  const byText = new Map(values.map((value) => [canonicalText(value), value]));
  return [...byText.keys()].sort().map((text) => byText.get(text));
}

function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'undefined';
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key])}`);
  return `{${fields.join(',')}}`;
}

function mapValues(
  record: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
