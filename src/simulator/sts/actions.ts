import type { ActionTable, CallContext } from '../actions.ts';
import { invalidArgument } from '../iam/errors.ts';
import { checkSessionPolicy } from '../iam/policies/policy-document.ts';
import { defaultSessionSeconds } from '../iam/principals/principals.ts';
import { AwsError } from '../protocol/error.ts';
import {
  type Form,
  integerOf,
  requiredTextOf,
  structuresOf,
  textOf,
  textsOf,
} from '../protocol/form.ts';
import { wholeSecondsOf, type XmlElement } from '../protocol/xml.ts';
import { arnOfPrincipal, type Principal } from './principals.ts';
import type { World } from '../world.ts';
import { type TrustedAction, trusts, trustsWebIdentities } from './trust.ts';

/** Of a session that comes from another session (IAM user guide, role chaining). */
const maxChainedSeconds = 3600;

export const stsActions: ActionTable = {
  GetCallerIdentity: { readOnly: true, run: getCallerIdentity },
  AssumeRole: {
    readOnly: false,
    required: ['RoleArn', 'RoleSessionName'],
    optional: [
      'DurationSeconds',
      'ExternalId',
      'Policy',
      'PolicyArns',
      'Tags',
      'TransitiveTagKeys',
    ],
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
  const transitive = textsOf(form, 'TransitiveTagKeys').length > 0;
  const isTagged = transitive || structuresOf(form, 'Tags').length > 0;
  const needed: readonly TrustedAction[] = [
    'sts:AssumeRole',
    ...(isTagged || caller.hasTransitiveTags ? (['sts:TagSession'] as const) : []),
  ];
  const trust = role?.trustPolicy ?? '{}';
  const refused = needed.find(
    (action) => !trusts(trust, caller.accountId, callerArn, externalId, action),
  );
  if (role === undefined || refused !== undefined) {
    throw notAllowed(`User: ${callerArn} is not`, refused ?? 'sts:AssumeRole', roleArn);
  }
  const hasTransitiveTags = transitive || caller.hasTransitiveTags;
  return sessionXml(context, role, form, { hasTransitiveTags });
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
  readonly maxSessionSeconds?: number | undefined;
}

function roleNamed(world: World, arn: string, region: string): Role | undefined {
  const parts = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn);
  const [, accountId = '', name = ''] = parts ?? [];
  if (parts === null) throw invalidArgument('Request ARN is invalid');
  const role = world.iam(accountId, region).principals.get(`role/${name.toLowerCase()}`);
  return role?.arn === arn ? { ...role, accountId } : undefined;
}

/** Checks how long a session is asked for; in seconds. */
function durationIn(form: Form, role: Role, caller: Principal): number {
  const seconds = integerOf(form, 'DurationSeconds') ?? 3600;
  if (caller.expiresAtMs !== undefined && seconds > maxChainedSeconds) {
    throw tooLong('the 1 hour session limit for roles assumed by role chaining');
  }
  if (seconds > (role.maxSessionSeconds ?? defaultSessionSeconds)) {
    throw tooLong('the MaxSessionDuration set for this role.');
  }
  return seconds;
}

function tooLong(limit: string): AwsError {
  return new AwsError('ValidationError', `The requested DurationSeconds exceeds ${limit}`);
}

function sessionXml(
  { world, region, caller }: CallContext,
  role: Role,
  form: Form,
  inherited: Pick<Principal, 'hasTransitiveTags'> = {},
): XmlElement {
  const { accountId } = role;
  const sessionName = requiredTextOf(form, 'RoleSessionName');
  const policy = textOf(form, 'Policy');
  if (policy !== undefined) checkSessionPolicy(policy);
  const durationSeconds = durationIn(form, role, caller);
  const expiresAtMs = world.settings.clock.now() + durationSeconds * 1000;
  const sessionToken = world.ids.hex('session', 64);
  const secretAccessKey = world.ids.hex('secret', 40);
  const session: Principal = {
    accountId,
    userId: `${role.id}:${sessionName}`,
    resource: `sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
    expiresAtMs,
    secretAccessKey,
    sessionToken,
    ...inherited,
  };
  const accessKeyId = world.ids.accessKey('ASIA');
  world.principals.add(accessKeyId, session);
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: wholeSecondsOf(world.settings.clock.wallTimeOf(expiresAtMs)),
    },
    AssumedRoleUser: {
      Arn: arnOfPrincipal(session, region),
      AssumedRoleId: session.userId,
    },
  };
}
