import type { Action, ActionTable } from '../actions.ts';
import { requiredTextOf } from '../protocol/form.ts';
import { checkModifiable, iamOf, keyOf, kindNames, principalIn } from './context.ts';
import { noSuchEntity } from './errors.ts';
import { checkBoundary } from './principal-actions.ts';

export const boundaryActions: ActionTable = {
  PutRolePermissionsBoundary: putAction('role'),
  PutUserPermissionsBoundary: putAction('user'),
  DeleteRolePermissionsBoundary: deleteAction('role'),
  DeleteUserPermissionsBoundary: deleteAction('user'),
};

function putAction(kind: 'role' | 'user'): Action {
  return {
    readOnly: false,
    required: [`${kindNames[kind]}Name`, 'PermissionsBoundary'],
    run: (context, form) => {
      const iam = iamOf(context);
      const principal = principalIn(iam, kind, form, context.view);
      checkModifiable(principal);
      const boundaryArn = requiredTextOf(form, 'PermissionsBoundary');
      checkBoundary(iam, boundaryArn);
      iam.principals.change(keyOf(principal), { boundaryArn });
      return {};
    },
  };
}

function deleteAction(kind: 'role' | 'user'): Action {
  return {
    readOnly: false,
    required: [`${kindNames[kind]}Name`],
    run: (context, form) => {
      const iam = iamOf(context);
      const principal = principalIn(iam, kind, form, context.view);
      checkModifiable(principal);
      if (principal.boundaryArn === undefined) {
        throw noSuchEntity(`${principal.name} does not have a permission boundary.`);
      }
      iam.principals.change(keyOf(principal), { boundaryArn: undefined });
      return {};
    },
  };
}
