import { isDeepStrictEqual } from 'node:util';
import { canonicalCidr } from '../../network/cidr.ts';
import type { PolicyDocument } from '../../facts.ts';
import type { Clause } from './clauses.ts';
import { simplifiedClauses } from './clauses.ts';
import { type GeneratedStatement, generatedStatements } from './statements.ts';

/**
 * The clauses of a document as IAM returns it, parsed: the inverse of `renderDocument`.
 *
 * @returns undefined for a document that this operator does not generate
 */
export function readClauses(document: PolicyDocument): readonly Clause[] | undefined {
  const clauses = generatedStatements(document)?.map(clauseOf);
  if (clauses === undefined || clauses.includes(undefined)) return undefined;
  return simplifiedClauses(clauses as readonly Clause[]);
}

function clauseOf(statement: GeneratedStatement): Clause | undefined {
  const { NotIpAddress, StringNotEquals, StringEquals, BoolIfExists, ...rest } =
    statement.condition;
  if (Object.keys(rest).length > 0) return undefined;
  if (!isDeepStrictEqual(BoolIfExists, { 'aws:viaawsservice': ['false'] })) return undefined;
  const { actions, resources } = statement;
  if (actions.some((name) => !/^(sagemaker:[A-Za-z]+|sagemaker-mlflow:\*)$/.test(name)))
    return undefined;
  if (resources.some((arn) => !/^arn:[^*?]+\*?$/.test(arn))) return undefined;
  if (StringEquals !== undefined) {
    const endpointIds = onlyValue(StringEquals, 'aws:sourcevpce');
    const privateCidrs = blocksOf(NotIpAddress, 'aws:vpcsourceip');
    if (StringNotEquals !== undefined || endpointIds.length === 0 || privateCidrs.length === 0) {
      return undefined;
    }
    return { kind: 'OutsidePrivateAddresses', actions, resources, endpointIds, privateCidrs };
  }
  const publicCidrs = blocksOf(NotIpAddress, 'aws:sourceip');
  const endpointIds = onlyValue(StringNotEquals, 'aws:sourcevpce');
  const isWhole =
    (NotIpAddress === undefined) === (publicCidrs.length === 0) &&
    (StringNotEquals === undefined) === (endpointIds.length === 0);
  if (!isWhole) return undefined;
  return { kind: 'OutsideNetworks', actions, resources, publicCidrs, endpointIds };
}

/** The values of the key, if the operator has this one only. */
function onlyValue(
  keys: Readonly<Record<string, readonly string[]>> | undefined,
  key: string,
): readonly string[] {
  if (keys === undefined || Object.keys(keys).length !== 1) return [];
  return keys[key] ?? [];
}

function blocksOf(
  keys: Readonly<Record<string, readonly string[]>> | undefined,
  key: string,
): readonly string[] {
  const blocks = onlyValue(keys, key);
  return blocks.every((block) => canonicalCidr(block) !== undefined) ? blocks : [];
}
