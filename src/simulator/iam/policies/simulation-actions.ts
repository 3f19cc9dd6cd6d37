/**
 * IAM's word on a principal's permissions, as far as policies of the principal decide: no policies of
 * organizations, none of resources. Keys of statements about the action and the resource count as missing.
 */
import type { ActionTable, CallContext } from '../../actions.ts';
import { evaluate, type NamedDocument, type Question } from '../../policies/evaluate.ts';
import { type Form, requiredTextOf, structuresOf, textOf, textsOf } from '../../protocol/form.ts';
import { membersOf, type XmlElement } from '../../protocol/xml.ts';
import type { View } from '../../ledger.ts';
import { iamOf, principalIn, principalKey } from '../context.ts';
import { invalidArgument } from '../errors.ts';
import { pageOf } from '../paging.ts';
import type { Principal } from '../records.ts';
import type { IamState } from '../state.ts';

export const simulationActions: ActionTable = {
  SimulatePrincipalPolicy: {
    readOnly: true,
    required: ['PolicySourceArn', 'ActionNames'],
    optional: ['ResourceArns', 'ContextEntries', 'MaxItems', 'Marker'],
    run: simulatePrincipal,
  },
};

function simulatePrincipal(callContext: CallContext, form: Form): XmlElement {
  const iam = iamOf(callContext);
  const { view } = callContext;
  const principal = sourceIn(iam, form, view);
  const documents = documentsOf(iam, principal, view);
  const boundary = boundaryOf(iam, principal, view);
  const resources = textsOf(form, 'ResourceArns');
  const context = contextIn(form);
  const questions = textsOf(form, 'ActionNames').flatMap((action) =>
    (resources.length === 0 ? ['*'] : resources).map((resource) => ({ action, resource, context })),
  );
  const { rows, rest } = pageOf(iam, questions, form);
  const results = rows.map((question) => resultXml(documents, boundary, question));
  return { EvaluationResults: membersOf(results), ...rest };
}

/** The role, user or group of an ARN. Its path is a part of the ARN: another one is another's. */
function sourceIn(iam: IamState, form: Form, view: View): Principal {
  const arn = requiredTextOf(form, 'PolicySourceArn');
  const kind = /^arn:[^:]+:iam::\d{12}:(role|user|group)\/.+$/.exec(arn)?.[1];
  if (kind !== 'role' && kind !== 'user' && kind !== 'group') {
    throw invalidArgument(
      `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`,
    );
  }
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const found = iam.principals.get(principalKey(kind, name), view);
  if (found?.arn === arn) return found;
  return principalIn(iam, kind, { [`${kindName(kind)}Name`]: `${name} (${arn})` }, view);
}

function kindName(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** A user has the policies of its groups as well. */
function documentsOf(iam: IamState, principal: Principal, view: View): readonly NamedDocument[] {
  const groups = principal.groupNames.flatMap(
    (name) => iam.principals.get(principalKey('group', name), view) ?? [],
  );
  return [principal, ...groups].flatMap(({ inlinePolicies, attachedPolicyArns }) => [
    ...Object.entries(inlinePolicies).map(([name, document]) => ({ name, document })),
    ...attachedPolicyArns.flatMap((arn) => managed(iam, arn, view)),
  ]);
}

function boundaryOf(
  iam: IamState,
  { boundaryArn }: Principal,
  view: View,
): readonly NamedDocument[] | undefined {
  return boundaryArn === undefined ? undefined : managed(iam, boundaryArn, view);
}

function managed(iam: IamState, arn: string, view: View): readonly NamedDocument[] {
  const policy = iam.policies.get(arn, view);
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersionId);
  if (policy === undefined || version === undefined) return [];
  return [{ name: policy.name, document: version.document }];
}

function contextIn(form: Form): Question['context'] {
  return new Map(
    structuresOf(form, 'ContextEntries').map((entry) => [
      (textOf(entry, 'ContextKeyName') ?? '').toLowerCase(),
      textsOf(entry, 'ContextKeyValues'),
    ]),
  );
}

function resultXml(
  documents: readonly NamedDocument[],
  boundary: readonly NamedDocument[] | undefined,
  question: Question,
): XmlElement {
  const own = evaluate(documents, question);
  const bound = boundary === undefined ? undefined : evaluate(boundary, question);
  const decisions = [own.decision, bound?.decision];
  const denied = decisions.includes('explicitDeny') ? 'explicitDeny' : 'implicitDeny';
  const isAllowed = decisions.every((one) => one === undefined || one === 'allowed');
  const missing = new Set([...own.missing, ...(bound?.missing ?? [])]);
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: isAllowed ? 'allowed' : denied,
    MatchedStatements: membersOf(own.decidedBy.map((SourcePolicyId) => ({ SourcePolicyId }))),
    MissingContextValues: membersOf([...missing]),
    PermissionsBoundaryDecisionDetail:
      bound === undefined
        ? undefined
        : { AllowedByPermissionsBoundary: bound.decision === 'allowed' },
  };
}
