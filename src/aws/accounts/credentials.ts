import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity } from '@smithy/types';
import { CloudError } from '../../plan/cloud.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { type SharedCredentials, shareCredentials } from './shared-credentials.ts';

/** A role that the operator takes on to work in another account. */
export interface AssumedRole {
  readonly roleArn: string;
  /** The account of the role: credentials of any other are refused. */
  readonly accountId: string;
  readonly externalId: string;
  /** Shows in CloudTrail. 2 to 64 characters of `[\w+=,.@-]`. */
  readonly sessionName: string;
}

export interface OwnCredentialsOptions {
  readonly region: string;
  readonly requestHandler: NodeHttpHandler;
  /** Wall-clock milliseconds, for expiry. */
  readonly wallNow: () => number;
}

/**
 * The operator's own identity by the default chain (IRSA, Pod Identity, environment, profile). One
 * provider for all clients: the SDK's own memory is per client. The calls of the chain itself, such
 * as `sts:AssumeRoleWithWebIdentity`, pass no call budget and no metric: there is one an hour for
 * each region, made inside the SDK and signed with a token instead of AWS credentials.
 */
export function createOwnCredentials(options: OwnCredentialsOptions): SharedCredentials {
  const { region, requestHandler, wallNow } = options;
  const load = fromNodeProviderChain({ clientConfig: { region, requestHandler } });
  return shareCredentials({ load: () => load(), step: 'credentials', wallNow });
}

export interface RoleCredentialsOptions {
  /** Calls with the operator's own identity, which pass the budget of its account and region. */
  readonly calls: Pick<AwsCalls, 'call'>;
  /** Wall-clock milliseconds, for expiry. */
  readonly wallNow: () => number;
}

/** Sessions of a role, taken on with the operator's own identity. */
export function createRoleCredentials(
  role: AssumedRole,
  { calls, wallNow }: RoleCredentialsOptions,
): SharedCredentials {
  const load = (signal: AbortSignal): Promise<AwsCredentialIdentity> => assume(calls, role, signal);
  return shareCredentials({ load, step: action, wallNow });
}

const action = 'sts:AssumeRole';

async function assume(
  calls: Pick<AwsCalls, 'call'>,
  role: AssumedRole,
  signal: AbortSignal,
): Promise<AwsCredentialIdentity> {
  const answer = await calls.call(
    action,
    { RoleArn: role.roleArn, RoleSessionName: role.sessionName, ExternalId: role.externalId },
    { signal, place: `${role.roleArn}/${role.sessionName}` },
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw wrongAnswer('answered without credentials; check the endpoint of STS');
  }
  const account = answer.AssumedRoleUser?.Arn?.split(':')[4];
  if (account !== role.accountId) throw wrongAccount(action, role, account);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration === undefined ? {} : { expiration: Expiration }),
  };
}

function wrongAnswer(what: string): CloudError {
  return new CloudError({
    kind: 'Credentials',
    action,
    code: 'IncompleteAnswer',
    message: `${action} ${what}`,
  });
}

/** AWS says that credentials are of another account than the role that they were asked for. */
export function wrongAccount(
  askedBy: string,
  role: Pick<AssumedRole, 'roleArn' | 'accountId'>,
  account: string | undefined,
): CloudError {
  const seen = account ?? 'no account';
  return new CloudError({
    kind: 'Credentials',
    action: askedBy,
    code: 'WrongAccount',
    message: `${askedBy} shows ${seen} for the role ${role.roleArn}, not ${role.accountId}; nothing is done with such credentials`,
  });
}
