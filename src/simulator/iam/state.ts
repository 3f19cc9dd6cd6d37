import { type IdSource, idSource } from '../ids.ts';
import { Ledger } from '../ledger.ts';
import type { Settings } from '../options.ts';
import { Table } from '../table.ts';
import type { InstanceProfile, Policy, Principal } from './records.ts';

/** The IAM of one account. */
export interface IamState {
  readonly accountId: string;
  readonly partition: string;
  readonly ids: IdSource;
  readonly ledger: Ledger;
  /** Entries of a page at most. */
  readonly pageSize: number;
  /** Customer-managed and AWS-managed policies by ARN. */
  readonly policies: Table<Policy>;
  /** Roles, users and groups by `<kind>/<lower-cased name>`: names do not differ by case alone. */
  readonly principals: Table<Principal>;
  /** By lower-cased name. */
  readonly instanceProfiles: Table<InstanceProfile>;
}

/** An account without principals, and with the policies of AWS that matter here. */
export function createIamState(accountId: string, partition: string, settings: Settings): IamState {
  const ledger = new Ledger(settings.clock, settings.visibilityLag);
  const iam: IamState = {
    accountId,
    partition,
    ids: idSource(`${settings.seed}/${accountId}/${partition}/iam`),
    ledger,
    pageSize: settings.iamPageSize,
    policies: new Table(ledger),
    principals: new Table(ledger),
    instanceProfiles: new Table(ledger),
  };
  ledger.settled(() => {
    for (const [name, action] of Object.entries(awsPolicies)) addAwsPolicy(iam, name, action);
  });
  return iam;
}

/** Names of AWS-managed policies, and the actions that they allow here in place of the real list. */
const awsPolicies: Readonly<Record<string, string>> = {
  AdministratorAccess: '*',
  AmazonSageMakerFullAccess: 'sagemaker:*',
  AmazonSageMakerReadOnly: 'sagemaker:Describe*',
};

function addAwsPolicy(iam: IamState, name: string, Action: string): void {
  const Statement = [{ Effect: 'Allow', Action, Resource: '*' }];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  const createdAtMs = Date.UTC(2017, 10, 29);
  const arn = `arn:${iam.partition}:iam::aws:policy/${name}`;
  iam.policies.put(arn, {
    id: iam.ids.unique('ANPA'),
    arn,
    name,
    path: '/',
    versions: [{ id: 'v1', document, createdAtMs }],
    defaultVersionId: 'v1',
    versionCount: 1,
    createdAtMs,
    updatedAtMs: createdAtMs,
    tags: {},
  });
}
