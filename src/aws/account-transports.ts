import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { type AccountEntry, externalIdOf } from './account-map.ts';
import { createOwnCredentials, createRoleCredentials } from './credentials.ts';
import type { AwsTransport } from './operations.ts';
import { recentlyUsed } from './recently-used.ts';
import { createSdkTransport } from './sdk-transport.ts';

/** An entry of the account map with its name. */
export interface AccountTarget {
  readonly name: string;
  readonly entry: AccountEntry;
}

export interface TransportsOptions {
  readonly clusterId: string;
  readonly requestHandler: NodeHttpHandler;
  readonly mayWrite: (() => boolean) | undefined;
}

/** Ways to AWS, each with credentials of its own. */
export interface Transports {
  /** With the one session that all links of an account share; undefined: the operator's own. */
  reading(region: string, target: AccountTarget | undefined): AwsTransport;
  /** With a session that carries the UID of the link, so that CloudTrail shows for whom. */
  writing(region: string, target: AccountTarget, uid: string): AwsTransport;
}

const sessionPrefix = 'sagemaker-privatelink';
/** Sessions of changes that are kept for the next change of the same link. */
const mostWriteSessions = 64;

export function createTransports(options: TransportsOptions): Transports {
  const { clusterId, requestHandler, mayWrite } = options;
  const shared = { requestHandler, wallNow: Date.now };
  const ownCredentials = recentlyUsed<AwsCredentialIdentityProvider>();
  const writers = recentlyUsed<AwsTransport>(mostWriteSessions);

  function ownOf(region: string): AwsCredentialIdentityProvider {
    return ownCredentials.get(region, () => createOwnCredentials({ ...shared, region }));
  }

  function sessionOf(region: string, target: AccountTarget, sessionName: string): AwsTransport {
    const { name, entry } = target;
    const { roleArn, accountId } = entry;
    const externalId = externalIdOf(entry, name, clusterId);
    const role = { roleArn, accountId, externalId, sessionName };
    const credentials = createRoleCredentials(role, { ...shared, region, own: ownOf(region) });
    return createSdkTransport({ region, credentials, requestHandler, mayWrite });
  }

  return {
    reading(region, target) {
      if (target !== undefined) return sessionOf(region, target, sessionPrefix);
      const credentials = ownOf(region);
      return createSdkTransport({ region, credentials, requestHandler, mayWrite });
    },
    writing: (region, target, uid) =>
      writers.get(keyOf(region, target, uid), () =>
        sessionOf(region, target, `${sessionPrefix}-${uid}`),
      ),
  };
}

/** A text that is the same for equal parts. */
export function keyOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map((part) => part ?? null));
}
