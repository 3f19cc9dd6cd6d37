/** Statements of policies that others wrote, as far as a question about SageMaker needs them. */
import type { PolicyDocument } from '../../facts.ts';
import { globMatches, matchAllOfSageMaker, matchesSageMaker } from '../document/action-patterns.ts';

export interface PolicyStatement {
  /** The statement's Sid, or its place in the document: `statement 2`. */
  readonly label: string;
  readonly effect: 'Allow' | 'Deny';
  /** Undefined for a statement with `NotAction`. */
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, unknown>>;
}

/** The statements of a document; those without a valid `Effect` decide nothing and are left out. */
export function statementsOf(document: PolicyDocument): readonly PolicyStatement[] {
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

/** True if the statement covers some action of SageMaker. */
export function isAboutSageMaker({ actions, notActions }: PolicyStatement): boolean {
  if (actions !== undefined) return actions.some(matchesSageMaker);
  return !matchAllOfSageMaker(notActions);
}

/** True if `other` covers every action of SageMaker that the statement covers, and its resources. */
export function coversStatement(other: PolicyStatement, statement: PolicyStatement): boolean {
  return coversActions(other, statement) && coversResources(other, statement);
}

function coversActions(other: PolicyStatement, statement: PolicyStatement): boolean {
  const { actions } = other;
  if (actions === undefined) return false;
  const wanted = statement.actions?.filter(matchesSageMaker) ?? ['sagemaker:*'];
  return wanted.every((one) => actions.some((pattern) => globMatches(pattern, narrowed(one))));
}

/** A pattern for more than SageMaker is asked about as far as SageMaker goes. */
function narrowed(pattern: string): string {
  return pattern === '*' ? 'sagemaker:*' : pattern;
}

function coversResources(other: PolicyStatement, statement: PolicyStatement): boolean {
  return statement.resources.every((one) =>
    other.resources.some((pattern) => globMatches(pattern, one)),
  );
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
