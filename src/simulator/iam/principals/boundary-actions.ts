import type { Action, ActionTable } from '../../actions.ts';
import { iamOf } from '../context.ts';
import { noSuchEntity } from '../errors.ts';
import { boundaryIn } from './principal-actions.ts';
import { principalChange } from './principal-change.ts';

export const boundaryActions: ActionTable = {
  PutRolePermissionsBoundary: putAction('role'),
  PutUserPermissionsBoundary: putAction('user'),
  DeleteRolePermissionsBoundary: deleteAction('role'),
  DeleteUserPermissionsBoundary: deleteAction('user'),
};

function putAction(kind: 'role' | 'user'): Action {
  return principalChange(kind, ['PermissionsBoundary'], (_principal, form, context) => {
    return { boundaryArn: boundaryIn(iamOf(context), form) };
  });
}

function deleteAction(kind: 'role' | 'user'): Action {
  return principalChange(kind, [], ({ name, boundaryArn }) => {
    if (boundaryArn !== undefined) return { boundaryArn: undefined };
    throw noSuchEntity(`${name} does not have a permission boundary.`);
  });
}
