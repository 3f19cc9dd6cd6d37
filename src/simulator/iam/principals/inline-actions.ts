import type { Action, ActionTable } from '../../actions.ts';
import { requiredTextOf } from '../../protocol/form.ts';
import { membersOf } from '../../protocol/xml.ts';
import { iamOf, kindNames, principalIn } from '../context.ts';
import { noSuchEntity, quotaExceeded } from '../errors.ts';
import { pageOf } from '../paging.ts';
import { checkIdentityPolicy, encodedDocument } from '../policies/policy-document.ts';
import { principalChange } from './principal-change.ts';
import type { PrincipalKind } from '../records.ts';

/** Quotas of all inline policies of one principal together; whitespace is not counted. */
const maxCharacters = { role: 10_240, user: 2048, group: 5120 } as const;

export const inlineActions: ActionTable = {
  PutRolePolicy: putAction('role'),
  PutUserPolicy: putAction('user'),
  PutGroupPolicy: putAction('group'),
  GetRolePolicy: getAction('role'),
  GetUserPolicy: getAction('user'),
  GetGroupPolicy: getAction('group'),
  DeleteRolePolicy: deleteAction('role'),
  DeleteUserPolicy: deleteAction('user'),
  DeleteGroupPolicy: deleteAction('group'),
  ListRolePolicies: listAction('role'),
  ListUserPolicies: listAction('user'),
  ListGroupPolicies: listAction('group'),
};

function putAction(kind: PrincipalKind): Action {
  return principalChange(kind, ['PolicyName', 'PolicyDocument'], (principal, form) => {
    const name = requiredTextOf(form, 'PolicyName');
    const document = requiredTextOf(form, 'PolicyDocument');
    checkIdentityPolicy(document);
    const inlinePolicies = { ...principal.inlinePolicies, [name]: document };
    const { length } = Object.values(inlinePolicies).join('').replace(/\s/g, '');
    if (length > maxCharacters[kind]) {
      throw quotaExceeded(`${kindNames[kind]}PolicySize`, maxCharacters[kind]);
    }
    return { inlinePolicies };
  });
}

function getAction(kind: PrincipalKind): Action {
  return {
    readOnly: true,
    required: [`${kindNames[kind]}Name`, 'PolicyName'],
    run: (context, form) => {
      const principal = principalIn(iamOf(context), kind, form, context.view);
      const name = requiredTextOf(form, 'PolicyName');
      const document = principal.inlinePolicies[name];
      if (document === undefined) throw noSuchInline(kind, name);
      return {
        [`${kindNames[kind]}Name`]: principal.name,
        PolicyName: name,
        PolicyDocument: encodedDocument(document),
      };
    },
  };
}

function deleteAction(kind: PrincipalKind): Action {
  return principalChange(kind, ['PolicyName'], (principal, form) => {
    const name = requiredTextOf(form, 'PolicyName');
    const { [name]: removed, ...inlinePolicies } = principal.inlinePolicies;
    if (removed === undefined) throw noSuchInline(kind, name);
    return { inlinePolicies };
  });
}

function noSuchInline(kind: PrincipalKind, name: string): Error {
  return noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
}

function listAction(kind: PrincipalKind): Action {
  return {
    readOnly: true,
    required: [`${kindNames[kind]}Name`],
    optional: ['Marker', 'MaxItems'],
    run: (context, form) => {
      const iam = iamOf(context);
      const { inlinePolicies } = principalIn(iam, kind, form, context.view);
      const { rows, rest } = pageOf(iam, Object.keys(inlinePolicies), form);
      return { PolicyNames: membersOf(rows), ...rest };
    },
  };
}
