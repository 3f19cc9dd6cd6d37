import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { CloudError } from '../plan/cloud.ts';
import { CredentialsFailure } from './credentials-failure.ts';

/** A role that the operator takes on to work in another account. */
export interface AssumedRole {
  readonly roleArn: string;
  /** The account of the role: credentials of any other are refused. */
  readonly accountId: string;
  readonly externalId: string;
  /** Shows in CloudTrail. 2 to 64 characters of `[\w+=,.@-]`. */
  readonly sessionName: string;
}

export interface CredentialsOptions {
  readonly region: string;
  readonly requestHandler: NodeHttpHandler;
  /** Wall-clock milliseconds, for expiry. */
  readonly wallNow: () => number;
}

/** Credentials are renewed this long before they expire, as AWS's SDKs do. */
const renewBeforeMs = 300_000;

/**
 * The operator's own identity by the default chain (IRSA, Pod Identity, environment, profile). One
 * provider for all clients: the SDK's own memory is per client.
 */
export function createOwnCredentials(options: CredentialsOptions): AwsCredentialIdentityProvider {
  const { region, requestHandler, wallNow } = options;
  const chain = fromNodeProviderChain({ clientConfig: { region, requestHandler } });
  return memoiseCredentials(chain, 'credentials', wallNow);
}

/** Sessions of a role, taken on with the operator's own identity. */
export function createRoleCredentials(
  role: AssumedRole,
  options: CredentialsOptions & { readonly own: AwsCredentialIdentityProvider },
): AwsCredentialIdentityProvider {
  const { region, requestHandler, wallNow, own } = options;
  const sts = new STSClient({ region, requestHandler, credentials: own, maxAttempts: 2 });
  return memoiseCredentials(() => assume(sts, role), 'sts:AssumeRole', wallNow);
}

async function assume(sts: STSClient, role: AssumedRole): Promise<AwsCredentialIdentity> {
  const answer = await sts.send(
    new AssumeRoleCommand({
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName,
      ExternalId: role.externalId,
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw wrongAnswer('answered without credentials; check the endpoint of STS');
  }
  const account = answer.AssumedRoleUser?.Arn?.split(':')[4];
  if (account !== role.accountId) throw wrongAccount('sts:AssumeRole', role, account);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration === undefined ? {} : { expiration: Expiration }),
  };
}

function wrongAnswer(what: string): CloudError {
  const action = 'sts:AssumeRole';
  return new CloudError({
    kind: 'Credentials',
    action,
    code: 'IncompleteAnswer',
    message: `${action} ${what}`,
  });
}

/** AWS says that credentials are of another account than the role that they were asked for. */
export function wrongAccount(
  action: string,
  role: Pick<AssumedRole, 'roleArn' | 'accountId'>,
  account: string | undefined,
): CloudError {
  const seen = account ?? 'no account';
  return new CloudError({
    kind: 'Credentials',
    action,
    code: 'WrongAccount',
    message: `${action} shows ${seen} for the role ${role.roleArn}, not ${role.accountId}; nothing is done with such credentials`,
  });
}

/**
 * Calls the provider once for all who ask, and again shortly before expiry. When a renewal fails,
 * credentials that are still valid go on being used. Throws `CredentialsFailure`.
 */
export function memoiseCredentials(
  provider: () => Promise<AwsCredentialIdentity>,
  step: string,
  wallNow: () => number,
): AwsCredentialIdentityProvider {
  let current: AwsCredentialIdentity | undefined;
  let renewal: Promise<AwsCredentialIdentity> | undefined;

  function remainingMs(identity: AwsCredentialIdentity): number {
    const expiresAtMs = identity.expiration?.getTime();
    return expiresAtMs === undefined ? Number.POSITIVE_INFINITY : expiresAtMs - wallNow();
  }

  async function renew(): Promise<AwsCredentialIdentity> {
    try {
      current = await provider();
      return current;
    } catch (error) {
      if (current !== undefined && remainingMs(current) > 0) return current;
      throw new CredentialsFailure(step, error);
    } finally {
      renewal = undefined;
    }
  }

  return async () => {
    if (current !== undefined && remainingMs(current) > renewBeforeMs) return current;
    renewal ??= renew();
    return renewal;
  };
}
