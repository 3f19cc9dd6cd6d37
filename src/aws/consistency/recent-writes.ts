import type { ActionResults } from '../../plan/actions.ts';
import type { Endpoint, Holdings } from '../../plan/facts.ts';
import type { Clock } from '../../runtime/clock.ts';
import { mergeRecentWrites } from './merge-recent-writes.ts';
import { type Ec2Action, type RecentWrite, recentWritesOf } from './recent-write.ts';

/**
 * What this process changed lately, so that reads which do not show it yet are not taken for
 * someone else's doing. Forgets a change as soon as a read shows it (a deletion not even then), and
 * after the settle window in any case: then AWS's answer stands.
 */
export interface RecentWrites {
  record(action: Ec2Action, result: ActionResults[keyof ActionResults]): void;
  /** Puts the changes into a read of all that the cluster owns. */
  mergeOwned(read: Holdings): Holdings;
  /** Puts the changes into a read of the endpoints of a VPC for some services. */
  mergeVpcEndpoints(
    read: readonly Endpoint[],
    scope: { readonly vpcId: string; readonly serviceNames: readonly string[] },
  ): readonly Endpoint[];
}

interface Entry {
  readonly write: RecentWrite;
  readonly madeAt: number;
}

/** @param settleMs How long a change may stay invisible, in milliseconds. */
export function createRecentWrites(clock: Clock, settleMs: number): RecentWrites {
  let entries: readonly Entry[] = [];

  function current(): readonly RecentWrite[] {
    const oldest = clock.now() - settleMs;
    entries = entries.filter(({ madeAt }) => madeAt > oldest);
    return entries.map(({ write }) => write);
  }

  function record(action: Ec2Action, result: ActionResults[keyof ActionResults]): void {
    const madeAt = clock.now();
    const added = recentWritesOf(action, result).map((write) => ({ write, madeAt }));
    // A later modification has the last word, so the one before may never be seen by itself.
    const kept = entries.filter(({ write }) => !isReplacedBy(write, action));
    entries = [...kept, ...added];
  }

  return {
    record,
    mergeOwned(read) {
      const writes = current();
      if (writes.length === 0) return read;
      const { holdings, unseen } = mergeRecentWrites(read, writes);
      entries = entries.filter(({ write }) => unseen.includes(write) || isForGood(write));
      return holdings;
    },
    mergeVpcEndpoints(read, { vpcId, serviceNames }) {
      const writes = current();
      if (writes.length === 0) return read;
      const { holdings } = mergeRecentWrites({ endpoints: read, securityGroups: [] }, writes);
      return holdings.endpoints.filter(
        (endpoint) => endpoint.vpcId === vpcId && serviceNames.includes(endpoint.serviceName),
      );
    },
  };
}

/** What was deleted never comes back: a read that shows it again is older than the one before. */
function isForGood({ kind }: RecentWrite): boolean {
  return kind === 'EndpointDeleted' || kind === 'GroupDeleted';
}

function isReplacedBy(write: RecentWrite, action: Ec2Action): boolean {
  return (
    write.kind === 'EndpointModified' &&
    action.kind === 'ModifyVpcEndpoint' &&
    write.change.endpointId === action.endpointId
  );
}
