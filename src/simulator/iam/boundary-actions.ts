import type { Action, ActionTable } from '../actions.ts';
import { requiredTextOf } from '../protocol/form.ts';
import { iamOf } from './context.ts';
import { noSuchEntity } from './errors.ts';
import { checkBoundary } from './principal-actions.ts';
import { principalChange } from './principal-change.ts';

export const boundaryActions: ActionTable = {
  PutRolePermissionsBoundary: putAction('role'),
  PutUserPermissionsBoundary: putAction('user'),
  DeleteRolePermissionsBoundary: deleteAction('role'),
  DeleteUserPermissionsBoundary: deleteAction('user'),
};

function putAction(kind: 'role' | 'user'): Action {
  return principalChange(kind, ['PermissionsBoundary'], (_principal, form, context) => {
    const boundaryArn = requiredTextOf(form, 'PermissionsBoundary');
    checkBoundary(iamOf(context), boundaryArn);
    return { boundaryArn };
  });
}

function deleteAction(kind: 'role' | 'user'): Action {
  return principalChange(kind, [], ({ name, boundaryArn }) => {
    if (boundaryArn !== undefined) return { boundaryArn: undefined };
    throw noSuchEntity(`${name} does not have a permission boundary.`);
  });
}
