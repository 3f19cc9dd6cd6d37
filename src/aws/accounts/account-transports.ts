import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { LRUCache } from 'lru-cache';
import { type AccountEntry, externalIdOf } from './account-map.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { createOwnCredentials, createRoleCredentials } from './credentials.ts';
import { getOrMake } from '../get-or-make.ts';
import type { AwsTransport } from '../client/operations.ts';
import { regionNotFound } from '../client/region-not-found.ts';
import { createSdkTransport } from '../client/sdk-transport.ts';
import type { SharedCredentials } from './shared-credentials.ts';

/** An entry of the account map with its name. */
export interface AccountTarget {
  readonly name: string;
  readonly entry: AccountEntry;
}

/** An account and region; the account is a name of the account map, none is the process's own. */
export interface AwsPlace {
  readonly account?: string | undefined;
  readonly region: string;
}

/** Whether this process may change anything in a place at this very moment. */
export type MayWrite = (place: AwsPlace) => boolean;

export interface TransportsOptions {
  readonly clusterId: string;
  readonly requestHandler: NodeHttpHandler;
  readonly mayWrite: MayWrite | undefined;
  /** Calls by this transport that count as the operator's own account's in the region. */
  readonly ownCalls: (region: string, transport: AwsTransport) => Pick<AwsCalls, 'call'>;
}

/** Makes the ways to AWS of a process. */
export type CreateTransports = (options: TransportsOptions) => Transports;

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

/**
 * Sessions in other accounts are taken on by calls like any other: they pass the budget and the
 * metric of the operator's own account, where AWS counts them. A call may hold a turn of its own
 * action while it waits for that of `sts:AssumeRole`; nothing waits the other way round, because
 * the operator's own identity needs no role.
 */
export function createTransports(options: TransportsOptions): Transports {
  const { clusterId, requestHandler, mayWrite } = options;
  const wallNow = Date.now;
  const own = new Map<string, AwsTransport>();
  const writers = new LRUCache<string, AwsTransport>({ max: mostWriteSessions });

  function transportBy(place: AwsPlace, credentials: SharedCredentials): AwsTransport {
    const { region } = place;
    const sdk = createSdkTransport({
      region,
      credentials: credentials.provide,
      requestHandler,
      ...(mayWrite === undefined ? {} : { mayWrite: () => mayWrite(place) }),
    });
    return {
      async send(action, input, sendOptions) {
        try {
          await credentials.ready(sendOptions.signal);
          return await sdk.send(action, input, sendOptions);
        } catch (error) {
          throw regionNotFound(action, region, error) ?? error;
        }
      },
    };
  }

  function ownOf(region: string): AwsTransport {
    return getOrMake(own, region, () =>
      transportBy({ region }, createOwnCredentials({ region, requestHandler, wallNow })),
    );
  }

  function sessionOf(region: string, target: AccountTarget, sessionName: string): AwsTransport {
    const { name, entry } = target;
    const { roleArn, accountId } = entry;
    const externalId = externalIdOf(entry, name, clusterId);
    const role = { roleArn, accountId, externalId, sessionName };
    const calls = options.ownCalls(region, ownOf(region));
    return transportBy({ account: name, region }, createRoleCredentials(role, { calls, wallNow }));
  }

  return {
    reading: (region, target) =>
      target === undefined ? ownOf(region) : sessionOf(region, target, sessionPrefix),
    writing: (region, target, uid) =>
      getOrMake(writers, keyOf(region, target, uid), () =>
        sessionOf(region, target, `${sessionPrefix}-${uid}`),
      ),
  };
}

/** A text that is the same for equal parts. */
export function keyOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map((part) => part ?? null));
}
