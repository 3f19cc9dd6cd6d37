/** The administrator's account map: which names stand for which roles of other AWS accounts. */

/** The role that a name of the map stands for. */
export interface AccountEntry {
  readonly roleArn: string;
  /** Undefined: derived, see `externalIdOf`. */
  readonly externalId?: string;
  /** Twelve digits, from the role's ARN. */
  readonly accountId: string;
}

/** Entries by name. */
export type AccountMap = ReadonlyMap<string, AccountEntry>;

/**
 * The external id of an entry. The derived one names the cluster, so that no other cluster that
 * shares the operator's role gets in, and the name, so that two names of one account are two.
 */
export function externalIdOf(entry: AccountEntry, name: string, clusterId: string): string {
  return entry.externalId ?? `${clusterId}/${name}`;
}
