import type { Action, ActionTable, CallContext } from '../../actions.ts';
import { type Form, integerOf, requiredTextOf, textOf } from '../../protocol/form.ts';
import { membersOf, type XmlElement } from '../../protocol/xml.ts';
import {
  checkModifiable,
  iamOf,
  keyOf,
  kindNames,
  policyArnIn,
  principalIn,
  principalsOf,
} from '../context.ts';
import { deleteConflict, noSuchPolicy } from '../errors.ts';
import { checkInNoProfile } from './instance-profiles.ts';
import { pageOf } from '../paging.ts';
import { checkTrustPolicy } from '../policies/policy-document.ts';
import { principalChange } from './principal-change.ts';
import { newPrincipal, principalXml, wholePrincipalXml } from './principals.ts';
import type { PrincipalKind } from '../records.ts';
import type { IamState } from '../state.ts';
import { checkedCount, tagsIn, tagsXml, untagged } from '../tags.ts';

const paging = ['Marker', 'MaxItems'];

export const principalActions: ActionTable = {
  CreateRole: createAction(
    'role',
    ['AssumeRolePolicyDocument'],
    ['Description', 'MaxSessionDuration'],
  ),
  CreateUser: createAction('user', [], []),
  CreateGroup: createAction('group', [], []),
  GetRole: getAction('role'),
  GetUser: { readOnly: true, optional: ['UserName'], run: getUser },
  GetGroup: {
    readOnly: true,
    required: ['GroupName'],
    optional: paging,
    run: getGroup,
  },
  DeleteRole: deleteAction('role'),
  DeleteUser: deleteAction('user'),
  DeleteGroup: deleteAction('group'),
  ListRoles: listAction('role'),
  ListUsers: listAction('user'),
  ListGroups: listAction('group'),
  TagRole: tagAction('role'),
  TagUser: tagAction('user'),
  UntagRole: untagAction('role'),
  UntagUser: untagAction('user'),
  ListRoleTags: listTagsAction('role'),
  ListUserTags: listTagsAction('user'),
  UpdateRole: {
    ...principalChange('role', [], ({ description, maxSessionSeconds }, form) => ({
      description: textOf(form, 'Description') ?? description,
      maxSessionSeconds: integerOf(form, 'MaxSessionDuration') ?? maxSessionSeconds,
    })),
    optional: ['Description', 'MaxSessionDuration'],
  },
  UpdateRoleDescription: {
    readOnly: false,
    required: ['RoleName', 'Description'],
    run: updateRoleDescription,
  },
  UpdateAssumeRolePolicy: principalChange('role', ['PolicyDocument'], (_role, form) => {
    const trustPolicy = requiredTextOf(form, 'PolicyDocument');
    checkTrustPolicy(trustPolicy);
    return { trustPolicy };
  }),
};

function createAction(
  kind: PrincipalKind,
  required: readonly string[],
  optional: readonly string[],
): Action {
  const ofPeople = kind === 'group' ? [] : ['PermissionsBoundary', 'Tags'];
  return {
    readOnly: false,
    required: [`${kindNames[kind]}Name`, ...required],
    optional: ['Path', ...ofPeople, ...optional],
    run: (context, form) => {
      const iam = iamOf(context);
      const boundaryArn =
        textOf(form, 'PermissionsBoundary') === undefined ? undefined : boundaryIn(iam, form);
      const principal = newPrincipal(iam, {
        kind,
        name: requiredTextOf(form, `${kindNames[kind]}Name`),
        path: textOf(form, 'Path'),
        trustPolicy: textOf(form, 'AssumeRolePolicyDocument'),
        maxSessionSeconds: integerOf(form, 'MaxSessionDuration'),
        description: textOf(form, 'Description'),
        boundaryArn,
        tags: tagsIn(form),
      });
      return { [kindNames[kind]]: wholePrincipalXml(principal) };
    },
  };
}

/** The ARN of the policy that a request names as a boundary. */
export function boundaryIn(iam: IamState, form: Form): string {
  const arn = policyArnIn(form, 'PermissionsBoundary');
  if (iam.policies.get(arn) === undefined) throw noSuchPolicy(arn);
  return arn;
}

function getAction(kind: PrincipalKind): Action {
  const word = kindNames[kind];
  return {
    readOnly: true,
    required: [`${word}Name`],
    run: (context, form) => {
      const principal = principalIn(iamOf(context), kind, form, context.view);
      return { [word]: wholePrincipalXml(principal) };
    },
  };
}

/** Without a name: the calling user. */
function getUser(context: CallContext, form: Form): XmlElement {
  const name = textOf(form, 'UserName') ?? context.caller.resource.split('/').at(-1) ?? '';
  const user = principalIn(iamOf(context), 'user', { UserName: name }, context.view);
  return { User: wholePrincipalXml(user) };
}

function getGroup(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const group = principalIn(iam, 'group', form, context.view);
  const members = principalsOf(iam, context.view, 'user').filter((user) =>
    user.groupNames.includes(group.name),
  );
  const { rows, rest } = pageOf(iam, members, form);
  return { Group: principalXml(group), Users: membersOf(rows.map(principalXml)), ...rest };
}

/** The older way, which answers with the role. */
function updateRoleDescription(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const role = principalIn(iam, 'role', form, context.view);
  checkModifiable(role);
  const changed = iam.principals.change(keyOf(role), { description: textOf(form, 'Description') });
  return { Role: wholePrincipalXml(changed) };
}

/** Policies must be detached and deleted, and groups left, before. */
function deleteAction(kind: PrincipalKind): Action {
  return {
    readOnly: false,
    required: [`${kindNames[kind]}Name`],
    run: (context, form) => {
      const iam = iamOf(context);
      const principal = principalIn(iam, kind, form, context.view);
      checkModifiable(principal);
      if (principal.attachedPolicyArns.length > 0) {
        throw deleteConflict('Cannot delete entity, must detach all policies first.');
      }
      if (Object.keys(principal.inlinePolicies).length > 0) {
        throw deleteConflict('Cannot delete entity, must delete policies first.');
      }
      const members = principalsOf(iam, context.view, 'user').filter((user) =>
        user.groupNames.includes(principal.name),
      );
      if (principal.groupNames.length > 0 || (kind === 'group' && members.length > 0)) {
        throw deleteConflict('Cannot delete entity, must remove users from group first.');
      }
      if (kind === 'role') checkInNoProfile(iam, principal.name);
      iam.principals.delete(keyOf(principal));
      return {};
    },
  };
}

function listAction(kind: PrincipalKind): Action {
  return {
    readOnly: true,
    optional: ['PathPrefix', ...paging],
    run: (context, form) => {
      const iam = iamOf(context);
      const prefix = textOf(form, 'PathPrefix') ?? '/';
      const principals = principalsOf(iam, context.view, kind).filter(({ path }) =>
        path.startsWith(prefix),
      );
      const { rows, rest } = pageOf(iam, principals, form);
      return { [`${kindNames[kind]}s`]: membersOf(rows.map(principalXml)), ...rest };
    },
  };
}

function tagAction(kind: PrincipalKind): Action {
  return principalChange(kind, ['Tags'], ({ tags }, form) => ({
    tags: checkedCount({ ...tags, ...tagsIn(form) }),
  }));
}

function untagAction(kind: PrincipalKind): Action {
  return principalChange(kind, ['TagKeys'], ({ tags }, form) => ({
    tags: checkedCount(untagged(tags, form)),
  }));
}

function listTagsAction(kind: PrincipalKind): Action {
  return {
    readOnly: true,
    required: [`${kindNames[kind]}Name`],
    optional: paging,
    run: (context, form) => {
      const iam = iamOf(context);
      const { tags } = principalIn(iam, kind, form, context.view);
      const { rows, rest } = pageOf(iam, Object.entries(tags), form);
      return { Tags: tagsXml(Object.fromEntries(rows)), ...rest };
    },
  };
}
