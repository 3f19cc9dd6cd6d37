/** One link on a small API server in memory, reconciled against the model of AWS. */
import { randomUUID } from 'node:crypto';
import {
  apiVersion,
  finalizer,
  kind,
  type SageMakerPrivateLink,
  type SageMakerPrivateLinkSpec,
  type SageMakerPrivateLinkStatus,
} from '../../../src/api/sagemaker-private-link.ts';
import type { EventRecord } from '../../../src/kubernetes/events/event-recorder.ts';
import type { ApiStatusError } from '../../../src/kubernetes/client/api-error.ts';
import type { ResourceClient } from '../../../src/kubernetes/client/resource-client.ts';
import type { ClientsView } from '../../../src/plan/clients/status/clients-view.ts';
import type { Cloud, CloudError } from '../../../src/plan/cloud.ts';
import {
  createLinkReconciler,
  type LinkReconciler,
} from '../../../src/reconcile/link-reconciler.ts';
import { defaultPatience } from '../../../src/plan/sightings.ts';
import { defaultPaces } from '../../../src/reconcile/waits/next-pass.ts';
import { createQuietTime } from '../../../src/reconcile/waits/quiet-time.ts';
import { createSightingTimes } from '../../../src/reconcile/sighting-times.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { tick } from '../../model/aws-world.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld } from '../../model/generated-worlds.ts';
import { createModelCloud } from '../../model/model-cloud.ts';

export class ReconciledLink {
  readonly world = emptyWorld();
  readonly events: EventRecord[] = [];
  /** Lines of the log, parsed. */
  readonly log: Readonly<Record<string, unknown>>[] = [];
  /** What the calls fail with that match, once each. */
  readonly failures: { readonly action: string; readonly error: CloudError }[] = [];
  /** What a call that was held back would be told now; undefined: its turn is near. */
  stillWaits: NonNullable<Cloud['stillWaits']> = () => undefined;
  /** The resources that a read for others shows. */
  knownHoldings: Cloud['knownHoldings'];
  /** How often the link was put into the queue for later, and with which delays. */
  readonly delays: number[] = [];
  /** Each status that was written, with the tags of all endpoints at that moment. */
  readonly statuses: { status: SageMakerPrivateLinkStatus; tagsAtAws: readonly object[] }[] = [];
  /** Looks and changes that reached AWS. */
  calls = 0;
  /** What the API server says to a write of the status, or of the finalizer, if it refuses it. */
  /** Retries in a row, by the queue's growing delays. */
  retries = 0;
  refusedWrites: { status?: ApiStatusError; finalizer?: ApiStatusError } = {};
  /** The watch tells that the link is gone before the write that let it go is answered. */
  isWatchFirst = false;
  /** Why the link's account may not be used, if it may not. */
  refusal: CloudError | undefined;
  /** How the link's namespaces are. */
  clients: (link: SageMakerPrivateLink) => ClientsView = () => ({
    kind: 'Disabled',
    written: 0,
    policies: 0,
  });
  /** Undefined once the API server has let it go. */
  link: SageMakerPrivateLink | undefined = {
    apiVersion,
    kind,
    metadata: { name: 'ml', uid: 'uid-1', generation: 1, resourceVersion: '1' },
    spec: plainSpec,
  };
  /** The delay that the last pass asked for. */
  nextPassInMs: number | undefined;
  readonly metrics = createMetrics({ processMetrics: false });
  private nowMs = 0;
  private readonly reconciler: LinkReconciler;

  /** @param quietMs how long AWS may take to show what was made */
  constructor(quietMs = 1) {
    this.reconciler = this.createReconciler(quietMs);
  }

  /** The user edits the spec. */
  edit(changes: Partial<SageMakerPrivateLinkSpec>): void {
    const { link } = this;
    if (link === undefined) throw new Error('the link is gone');
    const metadata = { ...link.metadata, generation: link.metadata.generation + 1 };
    this.link = { ...link, metadata, spec: { ...link.spec, ...changes } };
  }

  annotate(annotations: Readonly<Record<string, string>>): void {
    const { link } = this;
    if (link !== undefined) this.link = { ...link, metadata: { ...link.metadata, annotations } };
  }

  /** The user deletes the link. */
  remove(): void {
    const { link } = this;
    if (link === undefined) return;
    const generation = link.metadata.generation + 1;
    const deletionTimestamp = '2026-11-01T00:00:00Z';
    this.link = { ...link, metadata: { ...link.metadata, generation, deletionTimestamp } };
  }

  /** Passes and AWS's work in turn. */
  async passes(count: number, reason = 'Changed'): Promise<void> {
    for (let pass = 0; pass < count; pass += 1) {
      const item = {
        key: 'ml',
        priority: 'high',
        reasons: [reason],
        failures: this.retries,
      } as const;
      await this.reconciler.reconcile(
        { ...item, enqueuedAt: this.nowMs },
        new AbortController().signal,
      );
      tick(this.world);
      this.nowMs += 5_000;
    }
  }

  /** Time passes until the link comes back: because of a turn of its calls, if nothing else is said. */
  async comeBack(afterMs: number, reason = 'Turn'): Promise<void> {
    this.nowMs += afterMs;
    const item = { key: 'ml', priority: 'normal', reasons: [reason], failures: 0 } as const;
    await this.reconciler.reconcile(
      { ...item, enqueuedAt: this.nowMs },
      new AbortController().signal,
    );
  }

  /** Somebody replaces the object as a GitOps tool does that knows nothing of finalizers. */
  takeFinalizerOff(): void {
    const { link } = this;
    if (link === undefined) throw new Error('the link is gone');
    this.link = { ...link, metadata: { ...link.metadata, finalizers: [] } };
  }

  /** The API server has deleted the object, and the watch says so. */
  vanish(): void {
    const { link } = this;
    if (link === undefined) throw new Error('the link is gone');
    this.link = undefined;
    this.reconciler.noteGone(link);
  }

  /** The watch says that the link is gone. */
  tellOfEnd(link: SageMakerPrivateLink): void {
    this.reconciler.noteGone(link);
  }

  condition(type: string) {
    return this.link?.status?.conditions?.find((one) => one.type === type);
  }

  private createReconciler(quietMs: number): LinkReconciler {
    return createLinkReconciler({
      clusterId: 'cluster-1',
      resource: this.resource(),
      watch: {
        cache: { get: () => this.link, stateOf: () => this.link } as never,
        absorb: (object) => {
          if (this.link !== undefined) this.link = object;
        },
      },
      queue: {
        add: () => undefined,
        addAfter: (_key, delayMs) => {
          this.delays.push(delayMs);
          this.nextPassInMs = delayMs;
        },
        addRateLimited: () => {
          this.retries += 1;
          return 0;
        },
        forget: () => void (this.retries = 0),
      },
      cloudFor: () => {
        if (this.refusal !== undefined) throw this.refusal;
        const cloud = createModelCloud({
          world: this.world,
          faultOf: () => {
            this.calls += 1;
            return undefined;
          },
        });
        return this.failing(cloud);
      },
      possibleRivals: () => [],
      clientsOf: (link) => this.clients(link),
      verificationOf: () => ({ kind: 'Disabled' }),
      quietTime: createQuietTime(quietMs),
      sightingTimes: createSightingTimes(),
      patience: defaultPatience,
      paces: defaultPaces,
      clock: { now: () => this.nowMs, wallTime: () => new Date(this.nowMs) } as Clock,
      logger: createLogger({
        destination: { write: (line: string) => void this.log.push(JSON.parse(line)) },
      }),
      recordEvent: (event) => this.events.push(event),
      lastSweep: this.metrics.lastSweep,
    });
  }

  /** Fails what `failures` names, once. */
  private failing(cloud: Cloud): Cloud {
    return {
      ...cloud,
      stillWaits: (action, former, urgency) => this.stillWaits(action, former, urgency),
      ...(this.knownHoldings === undefined ? {} : { knownHoldings: this.knownHoldings }),
      apply: async (action, options) => {
        const at = this.failures.findIndex((failure) => failure.action === action.kind);
        const [failure] = at < 0 ? [] : this.failures.splice(at, 1);
        if (failure !== undefined) throw failure.error;
        return cloud.apply(action, options);
      },
    };
  }

  private resource(): ResourceClient<SageMakerPrivateLink> {
    const stored = (object: SageMakerPrivateLink): SageMakerPrivateLink => {
      const { finalizers = [], deletionTimestamp } = object.metadata;
      const isGone = deletionTimestamp !== undefined && !finalizers.includes(finalizer);
      const metadata = { ...object.metadata, resourceVersion: randomUUID() };
      const next = { ...object, metadata };
      const { link } = this;
      this.link = isGone ? undefined : next;
      if (isGone && this.isWatchFirst && link !== undefined) this.reconciler.noteGone(link);
      return next;
    };
    return {
      get: async () => this.link,
      patch: async (_id: unknown, patch: Pick<SageMakerPrivateLink, 'metadata'>) => {
        if (this.link === undefined) throw new Error('the link is gone');
        if (this.refusedWrites.finalizer !== undefined) throw this.refusedWrites.finalizer;
        return stored({ ...this.link, metadata: { ...this.link.metadata, ...patch.metadata } });
      },
      replaceStatus: async (object: SageMakerPrivateLink) => {
        if (this.refusedWrites.status !== undefined) throw this.refusedWrites.status;
        const tagsAtAws = [...this.world.endpoints.values()].map(({ tags }) => tags);
        this.statuses.push({ status: object.status ?? {}, tagsAtAws });
        return stored(object);
      },
    } as unknown as ResourceClient<SageMakerPrivateLink>;
  }
}
