import type { Action, ActionTable, CallContext } from '../../actions.ts';
import { type Form, textOf } from '../../protocol/form.ts';
import { membersOf, type XmlElement } from '../../protocol/xml.ts';
import { iamOf, kindNames, policyArnIn, policyIn, principalIn } from '../context.ts';
import { noSuchEntity, quotaExceeded } from '../errors.ts';
import { pageOf } from '../paging.ts';
import { attachedPoliciesXml, attachedTo, boundaryOf } from '../policies/policies.ts';
import { principalChange } from './principal-change.ts';
import type { Principal, PrincipalKind } from '../records.ts';

/** IAM's default quotas of managed policies (IAM user guide, quotas). */
const maxAttached = {
  role: { quota: 'PoliciesPerRole', value: 20 },
  user: { quota: 'PoliciesPerUser', value: 10 },
  group: { quota: 'PoliciesPerGroup', value: 10 },
} as const;

export const attachmentActions: ActionTable = {
  AttachRolePolicy: attachAction('role'),
  AttachUserPolicy: attachAction('user'),
  AttachGroupPolicy: attachAction('group'),
  DetachRolePolicy: detachAction('role'),
  DetachUserPolicy: detachAction('user'),
  DetachGroupPolicy: detachAction('group'),
  ListAttachedRolePolicies: listAttachedAction('role'),
  ListAttachedUserPolicies: listAttachedAction('user'),
  ListAttachedGroupPolicies: listAttachedAction('group'),
  ListEntitiesForPolicy: {
    readOnly: true,
    required: ['PolicyArn'],
    optional: ['EntityFilter', 'PathPrefix', 'PolicyUsageFilter', 'Marker', 'MaxItems'],
    run: listEntities,
  },
};

/** Attaching twice is no error. */
function attachAction(kind: PrincipalKind): Action {
  return principalChange(kind, ['PolicyArn'], ({ attachedPolicyArns: attached }, form, context) => {
    const { arn } = policyIn(iamOf(context), form, context.view);
    if (attached.includes(arn)) return {};
    const { quota, value } = maxAttached[kind];
    if (attached.length >= value) throw quotaExceeded(quota, value);
    return { attachedPolicyArns: [...attached, arn] };
  });
}

function detachAction(kind: PrincipalKind): Action {
  return principalChange(kind, ['PolicyArn'], ({ attachedPolicyArns: attached }, form) => {
    const arn = policyArnIn(form);
    if (!attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
    return { attachedPolicyArns: attached.filter((other) => other !== arn) };
  });
}

function listAttachedAction(kind: PrincipalKind): Action {
  return {
    readOnly: true,
    required: [`${kindNames[kind]}Name`],
    optional: ['PathPrefix', 'Marker', 'MaxItems'],
    run: (context, form) => {
      const iam = iamOf(context);
      const prefix = textOf(form, 'PathPrefix') ?? '/';
      const arns = principalIn(iam, kind, form, context.view).attachedPolicyArns.filter((arn) =>
        (iam.policies.get(arn)?.path ?? '/').startsWith(prefix),
      );
      const { rows, rest } = pageOf(iam, arns, form);
      return { AttachedPolicies: attachedPoliciesXml(iam, rows), ...rest };
    },
  };
}

const filterKinds: Readonly<Record<string, PrincipalKind>> = {
  Role: 'role',
  User: 'user',
  Group: 'group',
};

/** The users of a policy, as permissions or as a boundary or both, in pages over all kinds. */
function listEntities(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const { view } = context;
  const { arn } = policyIn(iam, form, view);
  const usage = textOf(form, 'PolicyUsageFilter');
  const kind = filterKinds[textOf(form, 'EntityFilter') ?? ''];
  const prefix = textOf(form, 'PathPrefix') ?? '/';
  const users = new Set([
    ...(usage === 'PermissionsBoundary' ? [] : attachedTo(iam, arn, view)),
    ...(usage === 'PermissionsPolicy' ? [] : boundaryOf(iam, arn, view)),
  ]);
  const entities = [...users]
    .filter((principal) => kind === undefined || principal.kind === kind)
    .filter(({ path }) => path.startsWith(prefix));
  const { rows, rest } = pageOf(iam, entities, form);
  return {
    PolicyGroups: entitiesXml(rows, 'group'),
    PolicyUsers: entitiesXml(rows, 'user'),
    PolicyRoles: entitiesXml(rows, 'role'),
    ...rest,
  };
}

function entitiesXml(principals: readonly Principal[], kind: PrincipalKind): XmlElement {
  const word = kindNames[kind];
  return membersOf(
    principals
      .filter((principal) => principal.kind === kind)
      .map(({ name, id }) => ({ [`${word}Name`]: name, [`${word}Id`]: id })),
  );
}
