import type { ActionTable, CallContext } from '../../actions.ts';
import { type Form, textOf } from '../../protocol/form.ts';
import { membersOf, wholeSecondsOf, type XmlElement } from '../../protocol/xml.ts';
import { iamOf, keyOf, principalIn, principalsOf } from '../context.ts';
import { noSuchEntity, quotaExceeded } from '../errors.ts';
import { pageOf } from '../paging.ts';
import { principalXml } from './principals.ts';

/** IAM's quota, not adjustable. */
const maxGroupsPerUser = 10;

export const membershipActions: ActionTable = {
  AddUserToGroup: {
    readOnly: false,
    required: ['GroupName', 'UserName'],
    run: addUserToGroup,
  },
  RemoveUserFromGroup: {
    readOnly: false,
    required: ['GroupName', 'UserName'],
    run: removeUserFromGroup,
  },
  ListGroupsForUser: {
    readOnly: true,
    required: ['UserName'],
    optional: ['Marker', 'MaxItems'],
    run: listGroupsForUser,
  },
  CreateAccessKey: { readOnly: false, optional: ['UserName'], run: createAccessKey },
};

function addUserToGroup(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const group = principalIn(iam, 'group', form, context.view);
  const user = principalIn(iam, 'user', form, context.view);
  if (user.groupNames.includes(group.name)) return {};
  if (user.groupNames.length >= maxGroupsPerUser) {
    throw quotaExceeded('GroupsPerUser', maxGroupsPerUser);
  }
  iam.principals.change(keyOf(user), { groupNames: [...user.groupNames, group.name] });
  return {};
}

function removeUserFromGroup(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const group = principalIn(iam, 'group', form, context.view);
  const user = principalIn(iam, 'user', form, context.view);
  if (!user.groupNames.includes(group.name)) {
    throw noSuchEntity(`User ${user.name} is not in the group ${group.name}.`);
  }
  const groupNames = user.groupNames.filter((name) => name !== group.name);
  iam.principals.change(keyOf(user), { groupNames });
  return {};
}

function listGroupsForUser(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const user = principalIn(iam, 'user', form, context.view);
  const groups = principalsOf(iam, context.view, 'group').filter(({ name }) =>
    user.groupNames.includes(name),
  );
  const { rows, rest } = pageOf(iam, groups, form);
  return { Groups: membersOf(rows.map(principalXml)), ...rest };
}

/** A lasting key that acts as the user. */
function createAccessKey(context: CallContext, form: Form): XmlElement {
  const { world, caller } = context;
  const iam = iamOf(context);
  const name = textOf(form, 'UserName') ?? caller.resource.split('/').at(-1) ?? '';
  const user = principalIn(iam, 'user', { UserName: name }, context.view);
  const accessKeyId = iam.ids.accessKey('AKIA');
  const secretAccessKey = iam.ids.hex('secret', 40);
  world.principals.add(accessKeyId, {
    secretAccessKey,
    accountId: iam.accountId,
    userId: user.id,
    resource: user.arn.split(':').slice(2).join(':'),
  });
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: accessKeyId,
      Status: 'Active',
      SecretAccessKey: secretAccessKey,
      CreateDate: wholeSecondsOf(iam.ledger.now()),
    },
  };
}
