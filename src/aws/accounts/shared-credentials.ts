import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { abortedBy } from '../client/aborted.ts';
import { CredentialsFailure } from './credentials-failure.ts';
import { waitForTurn } from '../rate-limit/wait-for-turn.ts';

/** Credentials that are got once for all who need them, and again shortly before they expire. */
export interface SharedCredentials {
  /**
   * Resolves when `provide` can answer at once. Throws `CredentialsFailure`, and an `Aborted`
   * error when the signal fires first: the SDK does not hand the signal of a call on to the
   * provider of its credentials, so a call waits here before it is given to the SDK.
   */
  ready(signal: AbortSignal): Promise<void>;
  /** For the SDK. Throws `CredentialsFailure`. */
  readonly provide: AwsCredentialIdentityProvider;
}

export interface SharedCredentialsOptions {
  /** Gets new credentials. The signal fires when nobody waits for them any more. */
  load(signal: AbortSignal): Promise<AwsCredentialIdentity>;
  /** See `CredentialsFailure.step`. */
  readonly step: string;
  /** Wall-clock milliseconds, for expiry. */
  readonly wallNow: () => number;
}

/** Credentials are renewed this long before they expire, as AWS's SDKs do. */
const renewBeforeMs = 300_000;

/** One load that is under way, for all who came while it was. */
interface Renewal {
  readonly identity: Promise<AwsCredentialIdentity>;
  readonly controller: AbortController;
  waiting: number;
}

/** When a renewal fails, credentials that are still valid go on being used. */
export function shareCredentials(options: SharedCredentialsOptions): SharedCredentials {
  const { load, step, wallNow } = options;
  let current: AwsCredentialIdentity | undefined;
  let renewal: Renewal | undefined;

  function remainingMs(identity: AwsCredentialIdentity): number {
    const expiresAtMs = identity.expiration?.getTime();
    return expiresAtMs === undefined ? Number.POSITIVE_INFINITY : expiresAtMs - wallNow();
  }

  async function renewed(signal: AbortSignal): Promise<AwsCredentialIdentity> {
    try {
      current = await load(signal);
      return current;
    } catch (error) {
      if (current !== undefined && remainingMs(current) > 0) return current;
      throw new CredentialsFailure(step, error);
    }
  }

  function begin(): Renewal {
    const controller = new AbortController();
    const begun = { identity: renewed(controller.signal), controller, waiting: 0 };
    const forget = (): void => {
      if (renewal === begun) renewal = undefined;
    };
    begun.identity.then(forget, forget);
    return begun;
  }

  /** Waits with all others for the renewal; the last one to give up ends it. */
  async function join(joined: Renewal, signal: AbortSignal): Promise<AwsCredentialIdentity> {
    joined.waiting += 1;
    await waitForTurn({ action: step, signal }, ({ resolve, reject }) => {
      joined.identity.then(resolve, reject);
      return () => {
        joined.waiting -= 1;
        if (joined.waiting > 0) return;
        if (renewal === joined) renewal = undefined;
        joined.controller.abort();
      };
    });
    return joined.identity;
  }

  async function obtain(signal: AbortSignal): Promise<AwsCredentialIdentity> {
    if (current !== undefined && remainingMs(current) > renewBeforeMs) return current;
    if (signal.aborted) throw abortedBy(step);
    renewal ??= begin();
    return join(renewal, signal);
  }

  return {
    async ready(signal) {
      await obtain(signal);
    },
    // Everything that the load waits for has a time limit of its own.
    provide: () => obtain(new AbortController().signal),
  };
}
