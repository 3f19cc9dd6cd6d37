/** The writes of a replica to Leases of shards, and of replicas that are dead. */
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { CallOptions } from '../api-calls.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../client/api-error.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { type Lease, leaseApiVersion } from '../lease/lease.ts';
import { microTime } from '../lease/micro-time.ts';
import {
  type LeaseFamily,
  replicaLeaseName,
  shardLeaseName,
  type ShardMarks,
  shardMarks,
} from './shard-lease.ts';
import type { ShardView } from './shard-view.ts';

export interface ShardWriterOptions {
  readonly leases: ResourceClient<Lease>;
  readonly family: LeaseFamily;
  readonly identity: string;
  readonly leaseMs: number;
  readonly renewDeadlineMs: number;
  readonly view: ShardView;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Each write has the version of the Lease that the plan saw as its condition, so of several replicas
 * one gets it. The methods resolve to whether it was done; if not, another plan follows.
 */
export class ShardWriter {
  private readonly options: ShardWriterOptions;

  constructor(options: ShardWriterOptions) {
    this.options = options;
  }

  /** Writes our name into the Lease of a shard. @param isInTime asked right before the write */
  take(id: string, marks: ShardMarks, isInTime: () => boolean): Promise<boolean> {
    return this.attempt(id, async (call) => {
      const known = this.options.view.leaseOf(id);
      const holder = known?.spec?.holderIdentity ?? '';
      const { identity } = this.options;
      if (holder !== '' && holder !== identity && !(await this.isSilent(holder, call)))
        return false;
      return isInTime() && (await this.write(id, { known, holder: identity, marks }, call));
    });
  }

  /** Takes our name out of the Lease of a shard. */
  release(id: string): Promise<boolean> {
    return this.attempt(id, async (call) => {
      const known = this.options.view.leaseOf(id);
      return known === undefined || this.write(id, { known, holder: '' }, call);
    });
  }

  /** Deletes the Lease of a shard that nobody needs: by its holder, so that nobody takes it meanwhile. */
  clean(id: string): Promise<boolean> {
    return this.attempt(id, async (call) => {
      const { view, identity, leases } = this.options;
      const known = view.leaseOf(id);
      if (known === undefined) return true;
      const holder = known.spec?.holderIdentity ?? '';
      if (holder !== '' && !(await this.isSilent(holder, call))) return false;
      await this.write(id, { known, holder: identity }, call);
      const own = view.leaseOf(id);
      if (own?.spec?.holderIdentity !== identity) return false;
      await this.remove(leases, own, call);
      view.noteGone(own);
      return true;
    });
  }

  /** Deletes the presence Lease of a replica that is dead. */
  bury(identity: string): Promise<boolean> {
    const { view, leases } = this.options;
    return this.attempt(identity, async (call) => {
      const known = view.presenceOf(identity);
      if (known !== undefined && (await this.isSilent(identity, call))) {
        await this.remove(leases, known, call);
        view.noteGone(known);
      }
      return true;
    });
  }

  /** Deletes our own presence, when nothing is ours any more. Others delete one that stays. */
  removeOwnPresence(): Promise<boolean> {
    const { leases, family, identity } = this.options;
    return this.attempt(identity, async (call) => {
      const name = replicaLeaseName(family, identity);
      await this.remove(
        leases,
        await leases.get({ namespace: family.namespace, name }, call),
        call,
      );
      return true;
    });
  }

  /**
   * Asks the API server itself whether a replica has given no sign of life since the last one that the
   * watch brought: a watch may have fallen behind.
   */
  private async isSilent(identity: string, call: CallOptions): Promise<boolean> {
    const { view, leases, family } = this.options;
    const known = view.presenceOf(identity);
    const ref = { namespace: family.namespace, name: replicaLeaseName(family, identity) };
    try {
      const now = await leases.get(ref, call);
      const isSame =
        known !== undefined &&
        now.metadata.uid === known.metadata.uid &&
        now.metadata.resourceVersion === known.metadata.resourceVersion;
      if (!isSame) view.noteLease(now);
      return isSame;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if (known === undefined) return true;
      view.noteGone(known);
      return false;
    }
  }

  private async write(
    id: string,
    how: {
      readonly known: Lease | undefined;
      readonly holder: string;
      readonly marks?: ShardMarks;
    },
    call: CallOptions,
  ): Promise<boolean> {
    const { leases, family, view } = this.options;
    const { known, holder, marks } = how;
    const spec = this.specOf(known, holder);
    const own = marks === undefined ? {} : shardMarks(family, id, marks);
    const metadata = { namespace: family.namespace, name: shardLeaseName(family, id), ...own };
    const written =
      known === undefined
        ? await leases.create({ apiVersion: leaseApiVersion, kind: 'Lease', metadata, spec }, call)
        : await leases.replace({ ...known, metadata: { ...known.metadata, ...own }, spec }, call);
    view.noteLease(written);
    return true;
  }

  private specOf(known: Lease | undefined, holder: string): NonNullable<Lease['spec']> {
    const { clock, leaseMs } = this.options;
    const now = microTime(clock.wallTime());
    return {
      holderIdentity: holder,
      leaseDurationSeconds: holder === '' ? 1 : Math.ceil(leaseMs / 1000),
      acquireTime: now,
      renewTime: now,
      leaseTransitions: (known?.spec?.leaseTransitions ?? 0) + (holder === '' ? 0 : 1),
    };
  }

  private remove(
    leases: ShardWriterOptions['leases'],
    { metadata }: Lease,
    call: CallOptions,
  ): Promise<void> {
    const { uid, resourceVersion } = metadata;
    const precondition = {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    return leases.delete(metadata, { ...call, ...precondition });
  }

  /** A lost race is no failure: what is there now is looked at, and another plan follows. */
  private async attempt(
    subject: string,
    work: (call: CallOptions) => Promise<boolean>,
  ): Promise<boolean> {
    const { logger } = this.options;
    try {
      return await work(this.call());
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error) || isNotFound(error)) {
        await this.lookAgain(subject).catch(() => undefined);
        return false;
      }
      logger.warn({ err: error, subject }, 'a Lease could not be read or written');
      return false;
    }
  }

  private call(): CallOptions {
    const { signal } = new AbortController();
    const deadlineMs = this.options.renewDeadlineMs / 2;
    return { signal, deadlineMs, attempts: 1, unlimited: true };
  }

  private async lookAgain(id: string): Promise<void> {
    const { leases, family, view } = this.options;
    const ref = { namespace: family.namespace, name: shardLeaseName(family, id) };
    try {
      view.noteLease(await leases.get(ref, this.call()));
    } catch (error) {
      const known = view.leaseOf(id);
      if (isNotFound(error) && known !== undefined) view.noteGone(known);
    }
  }
}
