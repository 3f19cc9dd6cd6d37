import { type IdSource, idSource } from '../ids.ts';
import { Ledger } from '../ledger.ts';
import type { Settings } from '../options.ts';
import { Table } from '../table.ts';
import type { Policy, Principal } from './records.ts';

/** The IAM of one account. */
export interface IamState {
  readonly accountId: string;
  readonly partition: string;
  readonly ids: IdSource;
  readonly ledger: Ledger;
  /** Customer-managed and AWS-managed policies by ARN. */
  readonly policies: Table<Policy>;
  /** Roles, users and groups by `<kind>/<lower-cased name>`: names differ by more than case. */
  readonly principals: Table<Principal>;
}

export function createIamState(accountId: string, partition: string, settings: Settings): IamState {
  const ledger = new Ledger(settings.clock, settings.visibilityLag);
  return {
    accountId,
    partition,
    ids: idSource(`${settings.seed}/${accountId}/${partition}/iam`),
    ledger,
    policies: new Table(ledger),
    principals: new Table(ledger),
  };
}
