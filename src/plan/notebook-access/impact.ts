/**
 * Which policies of the attached principals begin to mean something else when private DNS is turned
 * on: requests from inside the VPC come through the endpoints then and have no `aws:SourceIp`.
 */
import type { PolicyDocument, Principal, PrincipalPolicies } from '../facts.ts';
import { globMatches, matchAllOfSageMaker, matchesSageMaker } from './action-patterns.ts';
import { type ConditionImpact, type EndpointPath, impactOnCondition } from './impact-conditions.ts';

export type ImpactEffect = 'BeginsToDeny' | 'StopsDenying' | 'StopsAllowing' | 'BeginsToAllow';

export interface ImpactFinding {
  readonly principal: Principal;
  readonly policyName: string;
  /** Absent for an inline policy. */
  readonly policyArn?: string;
  /** The statement's Sid, or its place in the document: `statement 2`. */
  readonly statement: string;
  readonly effect: ImpactEffect;
  /** What changes, for whom and why. */
  readonly why: string;
  readonly whatToDo: string;
  /** All of it in words, for a condition: policy, statement, what changes, what to do. */
  readonly message: string;
}

type Policy = PrincipalPolicies['policies'][number];

interface Statement {
  readonly label: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, unknown>>;
}

/**
 * The statements that would begin to behave differently for callers inside the VPC.
 *
 * Named are those that use `aws:SourceIp` for SageMaker's actions and do not provide for the link's
 * endpoints. Permissions boundaries and policies of an organization or a session are not seen here.
 * The link's own policy provides for the endpoints, so it may be among the policies.
 *
 * @param path the endpoints that callers will come through, and their VPC
 */
export function findImpact(
  principals: readonly PrincipalPolicies[],
  path: EndpointPath,
): readonly ImpactFinding[] {
  return principals.flatMap(({ principal, policies }) => {
    const allows = policies.flatMap(({ document }) => statementsOf(document));
    return policies.flatMap((policy) =>
      statementsOf(policy.document).flatMap((statement) => {
        const effect = effectOnPath(statement, allows, path);
        return effect === undefined ? [] : [findingOf(principal, policy, statement, effect)];
      }),
    );
  });
}

function effectOnPath(
  statement: Statement,
  others: readonly Statement[],
  path: EndpointPath,
): ImpactEffect | undefined {
  if (!isAboutSageMaker(statement)) return undefined;
  const impact = impactOnCondition(statement.condition, path);
  const effect = impact === undefined ? undefined : effectOf(statement, impact);
  if (effect === 'StopsAllowing' && isMadeUpFor(statement, others, path)) return undefined;
  return effect;
}

function effectOf(
  statement: Statement,
  { before, after, namesEndpoints }: ConditionImpact,
): ImpactEffect | undefined {
  if (after.canHold && before.canFail) {
    if (statement.effect === 'Deny') return 'BeginsToDeny';
    return namesEndpoints ? undefined : 'BeginsToAllow';
  }
  if (after.canFail && before.canHold) {
    if (statement.effect === 'Allow') return 'StopsAllowing';
    // A Deny that lets the endpoints pass by name is meant so; one without their names is not.
    return namesEndpoints ? undefined : 'StopsDenying';
  }
  return undefined;
}

/** Whether another Allow of the principal holds for the same requests on the new way. */
function isMadeUpFor(
  statement: Statement,
  others: readonly Statement[],
  path: EndpointPath,
): boolean {
  return others.some(
    (other) =>
      other.effect === 'Allow' &&
      coversActions(other, statement) &&
      coversResources(other, statement) &&
      holdsOnPath(other, path),
  );
}

function holdsOnPath({ condition }: Statement, path: EndpointPath): boolean {
  if (Object.keys(condition).length === 0) return true;
  // The tests are looked at as if the key were there, for which any test of it will do.
  const asked = { ...condition, NullIfExists: { 'aws:SourceIp': 'true' } };
  const impact = impactOnCondition(asked, path);
  return impact !== undefined && !impact.hasOtherTests && !impact.after.canFail;
}

function coversActions(other: Statement, statement: Statement): boolean {
  const { actions } = other;
  if (actions === undefined) return false;
  const wanted = statement.actions?.filter(matchesSageMaker) ?? ['sagemaker:*'];
  return wanted.every((one) => actions.some((pattern) => globMatches(pattern, narrowed(one))));
}

/** A pattern for more than SageMaker is asked about as far as SageMaker goes. */
function narrowed(pattern: string): string {
  return pattern === '*' ? 'sagemaker:*' : pattern;
}

function coversResources(other: Statement, statement: Statement): boolean {
  return statement.resources.every((one) =>
    other.resources.some((pattern) => globMatches(pattern, one)),
  );
}

function isAboutSageMaker({ actions, notActions }: Statement): boolean {
  if (actions !== undefined) return actions.some(matchesSageMaker);
  return !matchAllOfSageMaker(notActions);
}

function statementsOf(document: PolicyDocument): readonly Statement[] {
  const listed: readonly unknown[] = asList(document['Statement']);
  return listed.flatMap((one, index) => {
    if (!isRecord(one)) return [];
    const { Sid, Effect, Action, NotAction, Resource, Condition } = one;
    if (Effect !== 'Allow' && Effect !== 'Deny') return [];
    return [
      {
        label: typeof Sid === 'string' && Sid !== '' ? Sid : `statement ${index + 1}`,
        effect: Effect,
        actions: Action === undefined ? undefined : asList(Action).map(String),
        notActions: asList(NotAction).map(String),
        // NotResource leaves out some resources, and the statement is about the others.
        resources: Resource === undefined ? ['*'] : asList(Resource).map(String),
        condition: isRecord(Condition) ? Condition : {},
      },
    ];
  });
}

function findingOf(
  principal: Principal,
  { name, arn, through }: Policy,
  { label }: Statement,
  effect: ImpactEffect,
): ImpactFinding {
  const { why, whatToDo } = words[effect];
  const policy = arn ?? `inline policy ${name} of ${through.kind} ${through.name}`;
  return {
    principal,
    policyName: name,
    ...(arn === undefined ? {} : { policyArn: arn }),
    statement: label,
    effect,
    why,
    whatToDo,
    message: `${label} in ${policy} (${principal.kind} ${principal.name}): ${why} ${whatToDo}`,
  };
}

const words: Readonly<Record<ImpactEffect, { readonly why: string; readonly whatToDo: string }>> = {
  BeginsToDeny: {
    why: 'It denies by aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC whose public address is let through today are denied.',
    whatToDo:
      'Add StringNotEquals aws:SourceVpce with the ids of the endpoints to the same Condition, or take SageMaker out of the statement.',
  },
  StopsDenying: {
    why: 'It denies certain public addresses by aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC that are denied today are no longer denied.',
    whatToDo:
      'Deny them by aws:VpcSourceIp with aws:SourceVpce as well, or accept that it is about the internet only.',
  },
  StopsAllowing: {
    why: 'It allows by aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC that are allowed by it today are no longer allowed, and no other statement seen here allows the same.',
    whatToDo:
      'Add a second Allow statement with StringEquals aws:SourceVpce and the ids of the endpoints.',
  },
  BeginsToAllow: {
    why: 'It allows all but certain values of aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC that it does not allow today are allowed.',
    whatToDo: 'Use IpAddress without IfExists, or add a condition on aws:SourceVpce.',
  },
};

function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
