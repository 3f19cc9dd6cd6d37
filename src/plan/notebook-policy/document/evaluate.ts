/**
 * The decision of a generated document on a request: for people who ask before they apply, and for
 * tests. It knows the operators that generated documents have and no others, so that it can't give
 * a wrong answer about a document that it does not understand.
 */
import { isInside } from '../../network/cidr.ts';
import type { PolicyDocument } from '../../facts.ts';
import { globMatches } from './action-patterns.ts';
import { coversResource } from './clauses.ts';
import { type GeneratedStatement, generatedStatements } from './statements.ts';

/**
 * A request as IAM sees it. From the internet it has `sourceIp`; through a VPC endpoint it has the
 * other three; a field that is absent is a context key that AWS does not supply.
 */
export interface AccessRequest {
  /** IAM's name, such as `sagemaker:CreatePresignedNotebookInstanceUrl`. */
  readonly action: string;
  /** ARN of the notebook instance, user profile, ... */
  readonly resource: string;
  /** Public address: `aws:SourceIp`. */
  readonly sourceIp?: string;
  /** Address inside the VPC: `aws:VpcSourceIp`. */
  readonly vpcSourceIp?: string;
  readonly sourceVpce?: string;
  readonly sourceVpc?: string;
  /** Whether an AWS service calls on somebody's behalf: `aws:ViaAWSService`. */
  readonly viaAWSService?: boolean;
}

export interface AccessDecision {
  /** `NotDenied` is no permission: the document has no Allow. */
  readonly decision: 'Denied' | 'NotDenied';
  /** The first statement that denies. */
  readonly sid?: string;
  /** For each statement, in order, the tests of its conditions. */
  readonly statements: readonly StatementOutcome[];
}

export interface StatementOutcome {
  readonly sid: string;
  /** False if the statement is about other actions or resources; its conditions don't count then. */
  readonly covers: boolean;
  readonly denies: boolean;
  readonly tests: readonly ConditionTest[];
}

export interface ConditionTest {
  readonly operator: Operator;
  /** In lower case. */
  readonly key: ContextKey;
  readonly values: readonly string[];
  /** The request's value; undefined: the key is absent. */
  readonly actual: string | undefined;
  readonly matches: boolean;
}

const operators = ['NotIpAddress', 'StringNotEquals', 'StringEquals', 'BoolIfExists'] as const;
type Operator = (typeof operators)[number];

const contextKeys = [
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:sourcevpce',
  'aws:sourcevpc',
  'aws:viaawsservice',
] as const;
export type ContextKey = (typeof contextKeys)[number];

/**
 * Decides about a request.
 *
 * @throws RangeError for a document that has anything that generated ones don't have
 */
export function evaluateAccess(document: PolicyDocument, request: AccessRequest): AccessDecision {
  const statements = generatedStatements(document);
  if (statements === undefined) throw notGenerated('its statements have another form');
  const outcomes = statements.map((statement) => outcomeOf(statement, request));
  const deny = outcomes.find(({ denies }) => denies);
  if (deny === undefined) return { decision: 'NotDenied', statements: outcomes };
  return { decision: 'Denied', sid: deny.sid, statements: outcomes };
}

function outcomeOf(statement: GeneratedStatement, request: AccessRequest): StatementOutcome {
  const tests = Object.entries(statement.condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => testOf(operator, key, values, request)),
  );
  const covers =
    // IAM compares names of actions without regard to case, and ARNs with regard to it.
    statement.actions.some((name) => globMatches(name, request.action)) &&
    statement.resources.some((pattern) => coversResource(pattern, request.resource));
  const denies = covers && tests.every(({ matches }) => matches);
  return { sid: statement.sid, covers, denies, tests };
}

function testOf(
  operatorText: string,
  keyText: string,
  values: readonly string[],
  request: AccessRequest,
): ConditionTest {
  const operator = operators.find((one) => one === operatorText);
  const key = contextKeys.find((one) => one === keyText);
  if (operator === undefined) throw notGenerated(`it has the operator ${operatorText}`);
  if (key === undefined) throw notGenerated(`it has the context key ${keyText}`);
  const actual = contextOf(request)[key];
  return { operator, key, values, actual, matches: testMatches(operator, values, actual) };
}

/**
 * An absent key makes a positive operator false, a negated one true and `...IfExists` true.
 * Source: IAM User Guide, condition operators.
 */
function testMatches(
  operator: Operator,
  values: readonly string[],
  actual: string | undefined,
): boolean {
  switch (operator) {
    case 'NotIpAddress':
      return actual === undefined || !isInside(actual, values);
    case 'StringNotEquals':
      return actual === undefined || !values.includes(actual);
    case 'StringEquals':
      return actual !== undefined && values.includes(actual);
    case 'BoolIfExists':
      return actual === undefined || values.includes(actual);
    default:
      return operator satisfies never;
  }
}

function contextOf(request: AccessRequest): Readonly<Record<ContextKey, string | undefined>> {
  return {
    'aws:sourceip': request.sourceIp,
    'aws:vpcsourceip': request.vpcSourceIp,
    'aws:sourcevpce': request.sourceVpce,
    'aws:sourcevpc': request.sourceVpc,
    'aws:viaawsservice':
      request.viaAWSService === undefined ? undefined : String(request.viaAWSService),
  };
}

function notGenerated(why: string): RangeError {
  return new RangeError(`This is no policy document that the operator generates: ${why}.`);
}
