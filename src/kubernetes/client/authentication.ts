import type { Clock } from '../../runtime/clock.ts';
import type { ClusterCredentials, RequestCredentials } from '../credentials/credentials.ts';

/** Credentials with a number that grows with each reload, to tell an old 401 from a new one. */
export interface VersionedCredentials extends RequestCredentials {
  readonly version: number;
}

export interface Authentication {
  current(): Promise<VersionedCredentials>;
  /**
   * After a 401 with credentials of this version: are there, or can there be, newer ones to retry
   * with? Reloads them at most once per 5 seconds, however many requests were refused.
   */
  renew(refusedVersion: number): Promise<boolean>;
}

const reloadIntervalMs = 5_000;

/** Keeps the credentials and renews them once for all requests that were refused together. */
export function createAuthentication(source: ClusterCredentials, clock: Clock): Authentication {
  let version = 1;
  let reloadedAt = Number.NEGATIVE_INFINITY;
  let reloading: Promise<void> | undefined;
  const reload = async (): Promise<void> => {
    try {
      await source.reload();
      version += 1;
    } finally {
      reloadedAt = clock.now();
      reloading = undefined;
    }
  };
  return {
    async current() {
      await reloading?.catch(() => undefined);
      const credentialsVersion = version;
      return { ...(await source.current()), version: credentialsVersion };
    },
    async renew(refusedVersion) {
      if (refusedVersion < version) return true;
      if (reloading === undefined) {
        if (clock.now() - reloadedAt < reloadIntervalMs) return false;
        reloading = reload();
      }
      await reloading;
      return true;
    },
  };
}
