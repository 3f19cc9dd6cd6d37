import { idSource } from '../ids.ts';
import type { Settings } from '../options.ts';
import { partitionOf } from '../partitions.ts';

/** The principal that makes a call. */
export interface Principal {
  readonly accountId: string;
  /** The unique id that GetCallerIdentity answers as UserId. */
  readonly userId: string;
  /** The part after `arn:<partition>:`, as in `iam::111122223333:user/operator`. */
  readonly resource: string;
  /** When temporary credentials end; undefined for lasting ones. */
  readonly expiresAtMs?: number | undefined;
  /** Of keys that the simulator issued: what their requests are signed with. */
  readonly secretAccessKey?: string | undefined;
  /** Of temporary credentials: goes with every request. */
  readonly sessionToken?: string | undefined;
  /** Its tags go on to the sessions of the roles that it assumes. */
  readonly hasTransitiveTags?: boolean | undefined;
}

export interface Principals {
  /** Undefined: AWS does not know this access key. */
  byAccessKey(accessKeyId: string): Principal | undefined;
  /** Makes the key known. */
  add(accessKeyId: string, principal: Principal): void;
  /** From now on only keys that were added are accepted. */
  acceptOnlyKnown(): void;
}

/**
 * Any access key is accepted as a user of the default account, so that people need no set-up. A
 * key of twelve digits acts as a user of that account. Temporary keys (ASIA...) must have come
 * from AssumeRole. A key that was issued here works only with its own secret.
 */
export function createPrincipals(settings: Settings): Principals {
  const known = new Map<string, Principal>();
  let onlyKnown = false;
  return {
    byAccessKey(accessKeyId) {
      const principal = known.get(accessKeyId);
      if (principal !== undefined || onlyKnown) return principal;
      if (accessKeyId.startsWith('ASIA')) return undefined;
      const accountId = /^\d{12}$/.test(accessKeyId) ? accessKeyId : settings.accountId;
      return userOf(accountId, 'operator');
    },
    add: (accessKeyId, principal) => void known.set(accessKeyId, principal),
    acceptOnlyKnown: () => void (onlyKnown = true),
  };
}

/** An IAM user as a caller. */
export function userOf(accountId: string, name: string): Principal {
  return {
    accountId,
    userId: idSource(`${accountId}/${name}`).unique('AIDA'),
    resource: `iam::${accountId}:user/${name}`,
  };
}

export function arnOfPrincipal({ resource }: Principal, region: string): string {
  return `arn:${partitionOf(region).id}:${resource}`;
}
