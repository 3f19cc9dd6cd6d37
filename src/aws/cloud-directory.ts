import { CloudError, type Cloud } from '../plan/cloud.ts';
import { type AccountIam, createAccountIam } from './account-iam.ts';
import type { CallRecord } from './aws-calls.ts';
import { systemClock } from './clock.ts';
import { budgetOptions, createCloud, type CloudTuning } from './cloud.ts';
import { type AssumedRole, createCredentials } from './credentials.ts';
import { createRequestHandler, createSdkTransport } from './sdk-transport.ts';

/** One request that was sent, with where it went. */
export interface LocatedCallRecord extends CallRecord {
  /** A name of the account map; undefined for the operator's own account. */
  readonly account: string | undefined;
  readonly region: string;
}

export interface CloudDirectoryOptions extends CloudTuning {
  readonly clusterId: string;
  /** The administrator's account map, by name. @default empty */
  readonly accounts?: Readonly<Record<string, AssumedRole>>;
  readonly onCall?: (record: LocatedCallRecord) => void;
  /** Whether this process may change anything at this very moment. @default always */
  readonly mayWrite?: () => boolean;
}

/** Where a link's resources are. */
export interface CloudLocation {
  /** A name of the account map; undefined for the operator's own credentials. */
  readonly account?: string | undefined;
  readonly region: string;
}

/** The clouds of a process: one per account and region, so that all links share its reads. */
export interface CloudDirectory {
  /** Throws an `Invalid` `CloudError` for an account that the map does not have. */
  cloudFor(location: CloudLocation): Cloud;
  /** Closes the idle connections; calls that are under way fail. */
  close(): void;
}

/** Makes clouds over the AWS SDK as they are asked for. */
export function createCloudDirectory(options: CloudDirectoryOptions): CloudDirectory {
  const { clusterId, accounts = {}, onCall, mayWrite, ...tuning } = options;
  const requestHandler = createRequestHandler();
  const clouds = new Map<string, Cloud>();
  const { clock = systemClock() } = tuning;
  const iamOfAccounts = new Map<string | undefined, AccountIam>();

  function iamOf(account: string | undefined): AccountIam {
    const known = iamOfAccounts.get(account);
    if (known !== undefined) return known;
    const iam = createAccountIam(budgetOptions(tuning, clock));
    iamOfAccounts.set(account, iam);
    return iam;
  }

  function roleOf(account: string | undefined): { readonly role?: AssumedRole } {
    if (account === undefined) return {};
    const role = Object.hasOwn(accounts, account) ? accounts[account] : undefined;
    if (role !== undefined) return { role };
    throw new CloudError({
      kind: 'Invalid',
      action: 'sts:AssumeRole',
      code: 'UnknownAccount',
      message: `the account "${account}" is not in the operator's account map; ask its administrator to add it`,
    });
  }

  function create({ account, region }: CloudLocation): Cloud {
    const credentials = createCredentials({
      region,
      requestHandler,
      wallNow: Date.now,
      ...roleOf(account),
    });
    return createCloud({
      ...tuning,
      clock,
      clusterId,
      iam: iamOf(account),
      transport: createSdkTransport({ region, credentials, requestHandler, mayWrite }),
      ...(onCall === undefined
        ? {}
        : { onCall: (record) => onCall({ ...record, account, region }) }),
    });
  }

  return {
    cloudFor(location) {
      const key = JSON.stringify([location.account ?? null, location.region]);
      const known = clouds.get(key);
      if (known !== undefined) return known;
      const cloud = create(location);
      clouds.set(key, cloud);
      return cloud;
    },
    close: () => requestHandler.destroy(),
  };
}
