import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { CredentialsFailure } from './credentials-failure.ts';

/** A role that the operator takes on to work in another account. */
export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
  /** Shows in CloudTrail. @default "sagemaker-privatelink" */
  readonly sessionName?: string;
}

export interface CredentialsOptions {
  readonly region: string;
  readonly requestHandler: NodeHttpHandler;
  /** Undefined: the default chain's own identity (IRSA, Pod Identity, environment, profile). */
  readonly role?: AssumedRole;
  /** Wall-clock milliseconds, for expiry. */
  readonly wallNow: () => number;
}

/** Credentials are renewed this long before they expire, as AWS's SDKs do. */
const renewBeforeMs = 300_000;

/**
 * One provider for all clients of a role: the SDK's own memory is per client, so that two clients
 * would assume the role twice.
 */
export function createCredentials(options: CredentialsOptions): AwsCredentialIdentityProvider {
  const { region, requestHandler, role, wallNow } = options;
  const clientConfig = { region, requestHandler };
  const chain = fromNodeProviderChain({ clientConfig });
  if (role === undefined) return memoiseCredentials(chain, 'credentials', wallNow);
  const assumed = fromTemporaryCredentials({
    masterCredentials: chain,
    clientConfig,
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName ?? 'sagemaker-privatelink',
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
    },
  });
  return memoiseCredentials(assumed, 'sts:AssumeRole', wallNow);
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
