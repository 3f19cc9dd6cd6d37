import type { Clock } from '../../runtime/clock.ts';
import type { CallOptions } from '../api-calls.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../client/api-error.ts';
import type { ObjectMeta } from '../client/object.ts';
import { type Lease, leaseApiVersion } from './lease.ts';
import { microTime } from './micro-time.ts';
import type { ResourceClient } from '../client/resource-client.ts';

export interface LeaseLockOptions {
  readonly leases: Pick<ResourceClient<Lease>, 'get' | 'create' | 'replace'>;
  readonly namespace: string;
  readonly name: string;
  /** Unique for each process, restarts included. */
  readonly identity: string;
  readonly leaseDurationMs: number;
  readonly clock: Clock;
  /** Put on the Lease with each write. @default nothing */
  readonly marks?: () => LeaseMarks;
  /**
   * Several processes hold the lease together under one identity, and none of them gives it back.
   * @default false
   */
  readonly isShared?: boolean;
}

/** Everything that a lease shows beside its spec. */
export type LeaseMarks = Pick<ObjectMeta, 'labels' | 'annotations' | 'ownerReferences'>;

export type LockAttempt =
  /** We hold the lease; the request for it began at `since`, so it lasts at least from there. */
  | { readonly kind: 'held'; readonly since: number }
  /** Someone else holds it. */
  | { readonly kind: 'taken'; readonly holder: string };

/** The lease as a lock that expires. */
export interface LeaseLock {
  /**
   * Takes or renews the lease if it is free, expired or ours. Rejects when the API server does not
   * answer or refuses: then nothing is known, and the write may have taken effect.
   */
  tryHold(call: CallOptions): Promise<LockAttempt>;
  /** Gives the lease back, if it is still ours. */
  release(call: CallOptions): Promise<void>;
}

/** Creates the lock; it remembers what it saw of the lease and when. */
export function createLeaseLock(options: LeaseLockOptions): LeaseLock {
  return new ObservedLease(options);
}

class ObservedLease implements LeaseLock {
  private readonly options: LeaseLockOptions;
  private lease: Lease | undefined;
  /**
   * When a change of the lease was last seen, by our own monotonic clock. Expiry is judged by this
   * and never by the timestamps in the lease, which another machine's clock wrote.
   */
  private changeSeenAt = 0;
  /** Whether a write of ours went out whose answer was not heard: it may have taken effect. */
  private isUnsure = false;

  constructor(options: LeaseLockOptions) {
    this.options = options;
  }

  async tryHold(call: CallOptions): Promise<LockAttempt> {
    // The holder writes at once: the resource version tells if anything happened in between. Of a
    // lease that others renew too, something has.
    if (!this.isOurs() || this.options.isShared === true) await this.look(call);
    const { lease } = this;
    if (lease !== undefined && !this.isOurs() && !this.isFree(lease)) {
      return { kind: 'taken', holder: lease.spec?.holderIdentity ?? '' };
    }
    const since = this.options.clock.now();
    try {
      await this.writeAndObserve(lease, call);
      return { kind: 'held', since };
    } catch (error) {
      if (!isConflict(error) && !isAlreadyExists(error) && !isNotFound(error)) throw error;
      return this.afterLostRace(call);
    }
  }

  async release(call: CallOptions): Promise<void> {
    if (this.options.isShared === true) return;
    // An attempt that was cut off may have taken the lease after all.
    if (!this.isOurs() && this.isUnsure) await this.look(call);
    if (!this.isOurs() || this.lease === undefined) return;
    try {
      await this.giveUp(this.lease, call);
    } catch (error) {
      if (!isConflict(error)) throw error;
      // A renewal that was cut off had taken effect after all.
      await this.look(call);
      if (this.isOurs()) await this.giveUp(this.lease, call);
    }
  }

  private async giveUp(lease: Lease, call: CallOptions): Promise<void> {
    const now = microTime(this.options.clock.wallTime());
    const spec = {
      ...lease.spec,
      // Empty means free; one second is the least that the API allows.
      holderIdentity: '',
      leaseDurationSeconds: 1,
      acquireTime: now,
      renewTime: now,
    };
    this.lease = await this.options.leases.replace({ ...lease, spec }, call);
  }

  /**
   * The lease was not what we thought. It may have been our own earlier write, whose answer was
   * lost: then we still hold it, from an unknown time on, so the next attempt has to renew it.
   */
  private async afterLostRace(call: CallOptions): Promise<LockAttempt> {
    await this.look(call);
    if (this.lease !== undefined && !this.isOurs()) {
      return { kind: 'taken', holder: this.lease.spec?.holderIdentity ?? '' };
    }
    const since = this.options.clock.now();
    await this.writeAndObserve(this.lease, call);
    return { kind: 'held', since };
  }

  private async look(call: CallOptions): Promise<void> {
    const { namespace, name, leases } = this.options;
    try {
      this.observe(await leases.get({ namespace, name }, call));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.lease = undefined;
    }
  }

  private observe(lease: Lease): void {
    const before = this.lease?.metadata;
    const isSame =
      before?.uid === lease.metadata.uid &&
      before?.resourceVersion === lease.metadata.resourceVersion;
    this.lease = lease;
    if (!isSame) this.changeSeenAt = this.options.clock.now();
  }

  private isOurs(): boolean {
    return this.lease?.spec?.holderIdentity === this.options.identity;
  }

  private isFree(lease: Lease): boolean {
    if (!lease.spec?.holderIdentity) return true;
    // The holder may have been configured with a longer duration than ours.
    const itsDurationMs = (lease.spec.leaseDurationSeconds ?? 0) * 1000;
    const durationMs = Math.max(itsDurationMs, this.options.leaseDurationMs);
    return this.options.clock.now() > this.changeSeenAt + durationMs;
  }

  private async writeAndObserve(lease: Lease | undefined, call: CallOptions): Promise<void> {
    this.isUnsure = true;
    try {
      this.observe(await this.write(lease, call));
      this.isUnsure = false;
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error) || isNotFound(error)) this.isUnsure = false;
      throw error;
    }
  }

  private write(lease: Lease | undefined, call: CallOptions): Promise<Lease> {
    const { namespace, name, identity, leaseDurationMs, leases, marks } = this.options;
    const now = microTime(this.options.clock.wallTime());
    const isRenewal = lease?.spec?.holderIdentity === identity;
    const transitions = lease?.spec?.leaseTransitions ?? 0;
    const spec = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
      acquireTime: isRenewal ? (lease?.spec?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: lease === undefined || isRenewal ? transitions : transitions + 1,
    };
    if (lease !== undefined) {
      const metadata = { ...lease.metadata, ...marks?.() };
      return leases.replace({ ...lease, metadata, spec }, call);
    }
    const metadata = { namespace, name, ...marks?.() };
    return leases.create({ apiVersion: leaseApiVersion, kind: 'Lease', metadata, spec }, call);
  }
}
