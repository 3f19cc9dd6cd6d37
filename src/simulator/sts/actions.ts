import type { ActionTable, CallContext } from '../actions.ts';
import { validationError } from '../iam/errors.ts';
import { AwsError } from '../protocol/error.ts';
import { type Form, integerOf, requiredTextOf, textOf } from '../protocol/form.ts';
import { timeOf, type XmlElement } from '../protocol/xml.ts';
import { arnOfPrincipal, type Principal } from './principals.ts';
import type { World } from '../world.ts';
import { trusts, trustsWebIdentities } from './trust.ts';

export const stsActions: ActionTable = {
  GetCallerIdentity: { readOnly: true, run: getCallerIdentity },
  AssumeRole: {
    readOnly: false,
    required: ['RoleArn', 'RoleSessionName'],
    optional: ['DurationSeconds', 'ExternalId', 'Policy', 'PolicyArns', 'Tags'],
    run: assumeRole,
  },
  AssumeRoleWithWebIdentity: {
    readOnly: false,
    required: ['RoleArn', 'RoleSessionName', 'WebIdentityToken'],
    optional: ['DurationSeconds', 'ProviderId', 'Policy', 'PolicyArns'],
    run: assumeRoleWithWebIdentity,
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
  const callerArn = arnOfPrincipal(caller, region);
  const role = roleNamed(world, roleArn, region);
  const externalId = textOf(form, 'ExternalId');
  if (role && trusts(role.trustPolicy ?? '{}', caller.accountId, callerArn, externalId)) {
    return sessionXml(context, role, form);
  }
  throw notAllowed(`User: ${callerArn} is not`, 'sts:AssumeRole', roleArn);
}

/** As clusters do it for their service accounts. The token is not verified. */
function assumeRoleWithWebIdentity(context: CallContext, form: Form): XmlElement {
  const roleArn = requiredTextOf(form, 'RoleArn');
  const role = roleNamed(context.world, roleArn, context.region);
  if (role && trustsWebIdentities(role.trustPolicy ?? '{}')) {
    return { ...sessionXml(context, role, form), Provider: 'simulated' };
  }
  throw notAllowed('Not', 'sts:AssumeRoleWithWebIdentity', roleArn);
}

function notAllowed(who: string, permission: string, roleArn: string): AwsError {
  const message = `${who} authorized to perform: ${permission} on resource: ${roleArn}`;
  return new AwsError('AccessDenied', message, 403);
}

interface Role {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly trustPolicy?: string | undefined;
}

function roleNamed(world: World, arn: string, region: string): Role | undefined {
  const parts = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn);
  const [, accountId = '', name = ''] = parts ?? [];
  if (parts === null) return undefined;
  const role = world.iam(accountId, region).principals.get(`role/${name.toLowerCase()}`);
  return role?.arn === arn ? { ...role, accountId } : undefined;
}

function sessionXml({ world, region }: CallContext, role: Role, form: Form): XmlElement {
  const { accountId } = role;
  const sessionName = requiredTextOf(form, 'RoleSessionName');
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw validationError('roleSessionName', sessionName, 'Member must have 2 to 64 characters');
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
