/** One account and region, from the moment at which a process gains it to the one at which it gives it back. */
import type { AwsPlace } from '../../aws/accounts/account-transports.ts';
import type { PassResult } from '../../kubernetes/controller.ts';
import type { WorkItem } from '../../kubernetes/queue/work-queue.ts';
import type { Cloud } from '../../plan/cloud.ts';
import type { LinkReconciler } from '../../reconcile/link-reconciler.ts';
import type { SweepGauge } from '../../reconcile/waits/sweep-times.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createInFlight } from './in-flight.ts';

export interface PlaceTermOptions {
  readonly place: AwsPlace;
  readonly clock: Clock;
  readonly lastSweep: SweepGauge & { remove(labels: SweptPlace): void };
  /** A reconciler that remembers nothing yet. */
  readonly createReconciler: (lastSweep: SweepGauge) => LinkReconciler;
}

type SweptPlace = Parameters<SweepGauge['set']>[0];

/** Like a process, but for one place: nothing that it knows outlives it. */
export class PlaceTerm {
  readonly place: AwsPlace;
  readonly reconciler: LinkReconciler;
  private readonly options: PlaceTermOptions;
  private readonly life = new AbortController();
  private readonly inFlight;
  private readonly swept = new Map<string, SweptPlace>();
  private isDraining = false;

  constructor(options: PlaceTermOptions) {
    this.options = options;
    this.place = options.place;
    this.inFlight = createInFlight(options.clock);
    this.reconciler = options.createReconciler({
      set: (labels, value) => {
        this.swept.set(JSON.stringify(labels), labels);
        options.lastSweep.set(labels, value);
      },
    });
  }

  /** Whether work may begin. */
  get isOpen(): boolean {
    return !this.isDraining;
  }

  async pass(item: WorkItem): Promise<PassResult> {
    const { signal } = this.life;
    try {
      return await this.inFlight.run(() => this.reconciler.reconcile(item, signal));
    } catch (error) {
      // The next owner of the place begins anew.
      if (signal.aborted) return 'error';
      throw error;
    }
  }

  /** A cloud for work beside passes, whose changes are waited for as passes are. */
  counted(cloud: Cloud): Cloud {
    return {
      ...cloud,
      apply: async (action, options) => {
        if (!this.isOpen) throw new Error('the place is handed over: nothing begins');
        return this.inFlight.run(() => cloud.apply(action, options));
      },
    };
  }

  /** Begins nothing new. @returns whether everything ended by itself within the limit */
  async drain(limitMs: number): Promise<boolean> {
    this.isDraining = true;
    const cutOff = (): void => this.cutOff(new Error('drain time is over'));
    const isInTime = await this.inFlight.end(limitMs, cutOff);
    this.reconciler.close();
    for (const labels of this.swept.values()) this.options.lastSweep.remove(labels);
    return isInTime;
  }

  /** Stops everything where it is. */
  cutOff(reason: unknown): void {
    this.isDraining = true;
    this.life.abort(reason);
  }
}
