/**
 * Which policies of the attached principals begin to mean something else when private DNS is turned
 * on: requests from inside the VPC come through the endpoints then. They lose `aws:SourceIp`, and
 * gain `aws:SourceVpce`, `aws:SourceVpc` and `aws:VpcSourceIp`.
 */
import type { Principal, PrincipalPolicies } from '../../facts.ts';
import { type ConditionImpact, type EndpointPath, impactOnCondition } from './impact-conditions.ts';
import { advice, type ImpactEffect } from './impact-words.ts';
import {
  coversStatement,
  isAboutSageMaker,
  type PolicyStatement,
  statementsOf,
} from './policy-statements.ts';

export type { ImpactEffect } from './impact-words.ts';

export interface ImpactFinding {
  readonly principal: Principal;
  readonly policyName: string;
  /** Absent for an inline policy. */
  readonly policyArn?: string;
  /** The statement's Sid, or its place in the document: `statement 2`. */
  readonly statement: string;
  readonly effect: ImpactEffect;
  /** Says what changes, for whom and why. */
  readonly why: string;
  readonly whatToDo: string;
  /** All of it in words, for a condition: policy, statement, what changes, what to do. */
  readonly message: string;
}

type Policy = PrincipalPolicies['policies'][number];

/** Policies of one kind: a request needs an Allow in each set that the principal has. */
interface PolicySet {
  readonly policies: readonly { readonly words: string; readonly policy: Policy }[];
}

/**
 * The statements that would begin to behave differently for callers inside the VPC.
 *
 * Named are those of SageMaker's actions whose condition comes to another result through the
 * endpoints than over the internet, the permissions boundary's included. Policies of an
 * organization or of a session are not seen here.
 * The link's own policy provides for the endpoints, so it may be among the policies.
 *
 * @param path the endpoints that callers will come through, and their VPC
 */
export function findImpact(
  principals: readonly PrincipalPolicies[],
  path: EndpointPath,
): readonly ImpactFinding[] {
  return principals.flatMap((one) =>
    policySets(one).flatMap(({ policies }) => {
      const inSet = policies.flatMap(({ policy }) => statementsOf(policy.document));
      return policies.flatMap(({ policy, words }) =>
        statementsOf(policy.document).flatMap((statement): readonly ImpactFinding[] => {
          const impact = impactOf(statement, inSet, path);
          if (impact === undefined) return [];
          const { principal } = one;
          return [findingOf({ principal, policy, words, statement, ...impact })];
        }),
      );
    }),
  );
}

function policySets({ policies, boundary }: PrincipalPolicies): readonly PolicySet[] {
  const identity = policies.map((policy) => ({
    policy,
    words:
      policy.arn ?? `inline policy ${policy.name} of ${policy.through.kind} ${policy.through.name}`,
  }));
  if (boundary === undefined) return [{ policies: identity }];
  const words = `permissions boundary ${boundary.arn ?? boundary.name}`;
  return [{ policies: identity }, { policies: [{ policy: boundary, words }] }];
}

interface Impact {
  readonly effect: ImpactEffect;
  readonly keys: readonly string[];
}

function impactOf(
  statement: PolicyStatement,
  others: readonly PolicyStatement[],
  path: EndpointPath,
): Impact | undefined {
  if (!isAboutSageMaker(statement)) return undefined;
  const change = impactOnCondition(statement.condition, path);
  const effect = change === undefined ? undefined : effectOf(statement, change);
  if (change === undefined || effect === undefined) return undefined;
  if (effect === 'StopsAllowing' && isMadeUpFor(statement, others, path)) return undefined;
  return { effect, keys: change.keys };
}

/** A Deny or an Allow that provides for the endpoints may open more through them: it is meant so. */
function effectOf(
  statement: PolicyStatement,
  { before, after, namesEndpoints }: ConditionImpact,
): ImpactEffect | undefined {
  const begins = after.canHold && before.canFail;
  const ends = after.canFail && before.canHold;
  if (statement.effect === 'Deny') {
    if (begins) return 'BeginsToDeny';
    return ends && !namesEndpoints ? 'StopsDenying' : undefined;
  }
  if (ends) return 'StopsAllowing';
  return begins && !namesEndpoints ? 'BeginsToAllow' : undefined;
}

/** Whether another Allow of the same set holds for the same requests on the new way. */
function isMadeUpFor(
  statement: PolicyStatement,
  others: readonly PolicyStatement[],
  path: EndpointPath,
): boolean {
  return others.some(
    (other) =>
      other.effect === 'Allow' && coversStatement(other, statement) && holdsOnPath(other, path),
  );
}

function holdsOnPath({ condition }: PolicyStatement, path: EndpointPath): boolean {
  if (Object.keys(condition).length === 0) return true;
  const impact = impactOnCondition(condition, path);
  return impact !== undefined && !impact.hasOtherTests && !impact.after.canFail;
}

function findingOf({
  principal,
  policy: { name, arn },
  words,
  statement: { label },
  effect,
  keys,
}: Impact & {
  readonly principal: Principal;
  readonly policy: Policy;
  readonly words: string;
  readonly statement: PolicyStatement;
}): ImpactFinding {
  const { why, whatToDo } = advice(effect, keys);
  return {
    principal,
    policyName: name,
    ...(arn === undefined ? {} : { policyArn: arn }),
    statement: label,
    effect,
    why,
    whatToDo,
    message: `${label} in ${words} (${principal.kind} ${principal.name}): ${why} ${whatToDo}`,
  };
}
