import { type Cloud, CloudError } from '../../plan/cloud.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { AccountEntry, AccountMap } from './account-map.ts';
import {
  type AccountTarget,
  type AwsPlace,
  type CreateTransports,
  createTransports,
  keyOf,
  type MayWrite,
} from './account-transports.ts';
import { type AwsCalls, type CallRecord, createAwsCalls } from '../client/aws-calls.ts';
import {
  budgetOptions,
  type CloudOptions,
  type CloudTuning,
  createCloud,
  type SharedCloud,
} from '../cloud.ts';
import { createCallBudgets, type LocatedWaiting } from './call-budgets.ts';
import { wrongAccount } from './credentials.ts';
import { getOrMake } from '../get-or-make.ts';
import { guardedCloud } from './guarded-cloud.ts';
import type { AwsTransport } from '../client/operations.ts';
import { createRequestHandler, type ProxyFor } from '../client/request-handler.ts';

/** One request that was sent, with where it went. */
export interface LocatedCallRecord extends CallRecord {
  /** A name of the account map; undefined for the operator's own account. */
  readonly account: string | undefined;
  readonly region: string;
}

export interface CloudDirectoryOptions extends CloudTuning {
  readonly clusterId: string;
  /** The administrator's account map as it is now. @default empty */
  readonly accounts?: () => AccountMap;
  readonly onCall?: (record: LocatedCallRecord) => void;
  /** Asked right before each change. @default always */
  readonly mayWrite?: MayWrite;
  /** Ways to AWS. @default over its SDK */
  readonly createTransports?: CreateTransports;
  /** Which HTTP proxy requests go through. @default none */
  readonly proxyFor?: ProxyFor;
}

/** Where a link's resources are. */
export interface CloudLocation extends AwsPlace {
  /** `metadata.uid` of the link: shows in the sessions of its changes in other accounts. */
  readonly uid?: string;
  /** The AWS account number that the link's resources are known to be in. */
  readonly boundTo?: string | undefined;
}

/** The clouds of a process: one per account and region, so that all links share its reads. */
export interface CloudDirectory {
  /**
   * Throws a `CloudError` with the code `UnknownAccount` for a name that the map does not have,
   * and `AccountChanged` for one that stands for another account than the link is bound to. The
   * cloud throws the same as soon as the map changes so.
   */
  cloudFor(location: CloudLocation): Cloud;
  /**
   * Forgets all that was read and written in a place: whoever asks for it next gets another cloud. The budget
   * of its calls stays.
   */
  forget(place: AwsPlace): void;
  /** The calls that wait for their turns, by account and region. */
  waiting(): readonly LocatedWaiting[];
  /** Calls with the operator's own identity in a region, within its account's budget there. */
  ownCalls(region: string): Pick<AwsCalls, 'call'>;
  /** Closes the idle connections; calls that are under way fail. */
  close(): void;
}

/** Makes clouds over the AWS SDK as they are asked for. */
export function createCloudDirectory(options: CloudDirectoryOptions): CloudDirectory {
  const { clusterId, accounts = () => new Map(), onCall, mayWrite, proxyFor, ...rest } = options;
  const { createTransports: createWays = createTransports, ...tuning } = rest;
  const { clock = systemClock() } = tuning;
  const requestHandler = createRequestHandler(proxyFor);
  const perCloud = new Map<string, SharedCloud>();
  const madeFor = new Map<string, AwsPlace>();
  const budgets = createCallBudgets(budgetOptions(tuning, clock));

  /** Where calls are told about; nowhere when nobody wants to know. */
  function recorder(account: string | undefined, region: string): Pick<CloudOptions, 'onCall'> {
    if (onCall === undefined) return {};
    return { onCall: (record) => onCall({ ...record, account, region }) };
  }

  function ownCalls(region: string, transport: AwsTransport): AwsCalls {
    const budget = budgets.of(undefined, region);
    return createAwsCalls({ transport, budget, clock, ...recorder(undefined, region) });
  }

  const transports = createWays({ clusterId, requestHandler, mayWrite, ownCalls });

  function create(key: string, region: string, target: AccountTarget | undefined): SharedCloud {
    madeFor.set(key, { account: target?.name, region });
    const accountId = target?.entry.accountId;
    return createCloud({
      ...tuning,
      clock,
      clusterId,
      iam: budgets.iamOf(accountId),
      budget: budgets.of(accountId, region),
      transport: transports.reading(region, target),
      ...(target === undefined ? {} : { checkCaller: callerCheck(target.entry) }),
      ...recorder(target?.name, region),
    });
  }

  return {
    cloudFor({ account, region, uid, boundTo }) {
      if (account === undefined) {
        const own = keyOf(region);
        return getOrMake(perCloud, own, () => create(own, region, undefined));
      }
      const find = (): AccountEntry => entryOf(accounts(), account, boundTo);
      const target = { name: account, entry: find() };
      const key = keyOf(region, target);
      const cloud = getOrMake(perCloud, key, () => create(key, region, target));
      const bySession =
        uid === undefined ? cloud : cloud.writingBy(transports.writing(region, target, uid));
      return guardedCloud(bySession, target.entry.roleArn, () => {
        if (keyOf(region, { name: account, entry: find() }) !== key) throw changed(account);
      });
    },
    forget(place) {
      for (const [key, { account, region }] of madeFor) {
        if (account !== place.account || region !== place.region) continue;
        perCloud.delete(key);
        madeFor.delete(key);
      }
    },
    waiting: () => budgets.waiting(),
    ownCalls: (region) => ownCalls(region, transports.reading(region, undefined)),
    close: () => requestHandler.destroy(),
  };
}

function callerCheck(entry: AccountEntry): (caller: { readonly account: string }) => void {
  return ({ account }) => {
    if (account !== entry.accountId) throw wrongAccount('sts:GetCallerIdentity', entry, account);
  };
}

function entryOf(accounts: AccountMap, name: string, boundTo: string | undefined): AccountEntry {
  const entry = accounts.get(name);
  if (entry === undefined) {
    const message = `the account "${name}" of spec.account is not in the operator's account map; ask its administrator to add it`;
    throw refusal('UnknownAccount', message);
  }
  if (boundTo !== undefined && boundTo !== entry.accountId) {
    const message = `the account "${name}" stands for ${entry.accountId} in the operator's account map now, but what this link has is in ${boundTo}; put the former account back, or delete the link before the name is given to another account`;
    throw refusal('AccountChanged', message);
  }
  return entry;
}

function refusal(code: string, message: string): CloudError {
  return new CloudError({ kind: 'Invalid', action: 'sts:AssumeRole', code, message });
}

/** The role or the external id of an account changed under a pass: the next one takes the new. */
function changed(name: string): CloudError {
  return new CloudError({
    kind: 'Aborted',
    action: 'sts:AssumeRole',
    code: 'AccountMapChanged',
    message: `the entry of the account "${name}" in the operator's account map was just changed`,
  });
}
