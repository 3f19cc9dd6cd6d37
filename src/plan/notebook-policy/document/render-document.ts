import type { PolicyDocument } from '../../facts.ts';
import type { Clause } from './clauses.ts';
import { simplifiedClauses } from './clauses.ts';

/** Sids of the statements; further ones of a kind are numbered from 2. */
const sids = {
  OutsideNetworks: 'DenyOutsideAllowedNetworks',
  OutsidePrivateAddresses: 'DenyOutsideAllowedPrivateAddresses',
} as const;

/**
 * The policy document of these clauses, always in the same form: the same clauses in any order give
 * the same text. Nothing is denied that a clause does not deny.
 *
 * One clause is one statement, because IAM ANDs the operators of a Condition: networks in separate
 * statements would have to be used all at once, which nobody can.
 *
 * A list without entries is left out with its operator: an empty one matches nothing, which turns
 * a negated operator into a Deny for everybody.
 *
 * @throws RangeError for no clause, and for one without action, resource or addresses
 */
export function renderDocument(clauses: readonly Clause[]): PolicyDocument {
  if (clauses.length === 0) throw new RangeError('a policy document needs a statement');
  const numbers = new Map<Clause['kind'], number>();
  const statements = simplifiedClauses(clauses).map((clause) => {
    const number = (numbers.get(clause.kind) ?? 0) + 1;
    numbers.set(clause.kind, number);
    return {
      Sid: `${sids[clause.kind]}${number === 1 ? '' : number}`,
      Effect: 'Deny',
      Action: clause.actions,
      Resource: clause.resources,
      Condition: conditionOf(clause),
    };
  });
  return { Version: '2012-10-17', Statement: statements };
}

function conditionOf(clause: Clause): Readonly<Record<string, unknown>> {
  if (clause.actions.length === 0 || clause.resources.length === 0) {
    throw new RangeError('a statement needs an action and a resource');
  }
  // `IfExists`: whether the notebooks' own HTTP checks have the key is not documented, and without
  // it a plain `Bool` would leave everything open.
  const notOnBehalf = { BoolIfExists: { 'aws:ViaAWSService': 'false' } };
  const { endpointIds } = clause;
  if (clause.kind === 'OutsidePrivateAddresses') {
    if (endpointIds.length === 0 || clause.privateCidrs.length === 0) {
      throw new RangeError('a limit of private addresses needs endpoints and addresses');
    }
    return {
      StringEquals: { 'aws:SourceVpce': endpointIds },
      NotIpAddress: { 'aws:VpcSourceIp': clause.privateCidrs },
      ...notOnBehalf,
    };
  }
  return {
    ...(clause.publicCidrs.length === 0
      ? {}
      : { NotIpAddress: { 'aws:SourceIp': clause.publicCidrs } }),
    ...(endpointIds.length === 0 ? {} : { StringNotEquals: { 'aws:SourceVpce': endpointIds } }),
    ...notOnBehalf,
  };
}
