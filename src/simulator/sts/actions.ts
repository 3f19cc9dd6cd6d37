import type { ActionTable, CallContext } from '../actions.ts';
import { AwsError } from '../protocol/error.ts';
import { type Form, integerOf, requiredTextOf, textOf } from '../protocol/form.ts';
import { timeOf, type XmlElement } from '../protocol/xml.ts';
import { arnOfPrincipal, type Principal } from './principals.ts';
import { trusts } from './trust.ts';

export const stsActions: ActionTable = {
  GetCallerIdentity: { readOnly: true, run: getCallerIdentity },
  AssumeRole: {
    readOnly: false,
    required: ['RoleArn', 'RoleSessionName'],
    optional: ['DurationSeconds', 'ExternalId', 'Policy', 'PolicyArns', 'Tags'],
    run: assumeRole,
  },
};

function getCallerIdentity({ caller, region }: CallContext): XmlElement {
  return {
    Arn: arnOfPrincipal(caller, region),
    UserId: caller.userId,
    Account: caller.accountId,
  };
}

/** Credentials that act in the role's account. The role must exist and trust the caller. */
function assumeRole(context: CallContext, form: Form): XmlElement {
  const { world, caller, region } = context;
  const roleArn = requiredTextOf(form, 'RoleArn');
  const sessionName = requiredTextOf(form, 'RoleSessionName');
  const [, accountId = '', name = ''] =
    /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  const role = world.iam(accountId, region).principals.get(`role/${name.toLowerCase()}`);
  const callerArn = arnOfPrincipal(caller, region);
  const isTrusted =
    role?.arn === roleArn &&
    trusts(role.trustPolicy ?? '{}', caller.accountId, callerArn, textOf(form, 'ExternalId'));
  if (role === undefined || !isTrusted) {
    const message = `User: ${callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new AwsError('AccessDenied', message, 403);
  }
  const durationSeconds = integerOf(form, 'DurationSeconds') ?? 3600;
  const expiresAtMs = world.settings.clock.now() + durationSeconds * 1000;
  const session: Principal = {
    accountId,
    userId: `${role.id}:${sessionName}`,
    resource: `sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
    expiresAtMs,
  };
  const accessKeyId = world.ids.unique('ASIA');
  world.principals.add(accessKeyId, session);
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: world.ids.hex('secret', 40),
      SessionToken: world.ids.hex('session', 64),
      Expiration: timeOf(expiresAtMs),
    },
    AssumedRoleUser: {
      Arn: arnOfPrincipal(session, region),
      AssumedRoleId: session.userId,
    },
  };
}
