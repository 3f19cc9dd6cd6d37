/** Everything that a process works on at the moment: its places, and the duties of the cluster. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { AwsPlace } from '../../aws/accounts/account-transports.ts';
import type { WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import { type ClientsView, withoutClients } from '../../plan/clients/status/clients-view.ts';
import type { VerificationView } from '../../plan/verification/verification-view.ts';
import { enqueueAdded } from '../../reconcile/link-controller.ts';
import type { LinkReconciler } from '../../reconcile/link-reconciler.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ClusterTerm } from './cluster-term.ts';
import type { LinkBrief } from './link-briefs.ts';
import type { PlaceTerm } from './place-term.ts';
import { clusterShard, needsCluster, placeId, placeOfId } from './places.ts';

export interface TermsOptions {
  readonly queue: Pick<WorkQueue, 'add' | 'forget'>;
  readonly link: (name: string) => SageMakerPrivateLink | undefined;
  readonly briefs: () => Iterable<readonly [name: string, brief: LinkBrief]>;
  readonly startCluster: () => ClusterTerm;
  readonly startPlace: (place: AwsPlace, terms: Terms) => PlaceTerm;
  /** A place is worked on no more: nothing of it may be kept. */
  readonly onLeft: (place: AwsPlace) => void;
  readonly drainMs: number;
  readonly metrics: Pick<Metrics, 'leader' | 'places'>;
  /** Label of the metric of the cluster's duties. */
  readonly leaseName: string;
}

/** Holds the terms, and hands each pass to the one that it belongs to. */
export class Terms {
  private readonly options: TermsOptions;
  private readonly places = new Map<string, PlaceTerm>();
  private cluster: ClusterTerm | undefined;
  private isClusterOpen = false;

  constructor(options: TermsOptions) {
    this.options = options;
    this.tellCluster(0);
  }

  gain(id: string): void {
    const { options, places } = this;
    if (id === clusterShard) {
      this.cluster = options.startCluster();
      this.isClusterOpen = true;
      this.tellCluster(1);
    } else {
      const place = placeOfId(id);
      places.set(id, options.startPlace(place, this));
      options.metrics.places.set(labelsOf(place), 1);
    }
    for (const [name, brief] of options.briefs()) {
      const { network } = brief;
      const isNew = id === clusterShard ? brief.needsCluster : placeId(network) === id;
      if (!isNew) continue;
      options.queue.forget(name);
      const term = this.termIn(network, brief.needsCluster);
      if (term === undefined) continue;
      term.reconciler.noteAdded(network);
      enqueueAdded(options.queue, name, brief.isDone);
    }
  }

  /** Begins nothing new for a shard. @returns whether everything ended by itself in time */
  async drain(id: string): Promise<boolean> {
    const { drainMs } = this.options;
    if (id !== clusterShard) return (await this.places.get(id)?.drain(drainMs)) ?? true;
    this.isClusterOpen = false;
    return (await this.cluster?.drain(drainMs)) ?? true;
  }

  release(id: string): void {
    const { options, places } = this;
    if (id === clusterShard) return this.tellCluster(0);
    const place = placeOfId(id);
    places.delete(id);
    options.metrics.places.remove(labelsOf(place));
    options.onLeft(place);
  }

  /** Time is over for everything. */
  cutOff(reason: unknown): void {
    this.isClusterOpen = false;
    this.cluster?.cutOff(reason);
    for (const term of this.places.values()) term.cutOff(reason);
    this.tellCluster(0);
  }

  /** Whether nobody else works on a place. */
  has(id: string): boolean {
    return this.places.has(id);
  }

  /** Whether a pass over a link may begin. */
  mayBegin(link: SageMakerPrivateLink): boolean {
    return this.termOf(link) !== undefined;
  }

  /** The places in which work may begin. */
  open(): readonly PlaceTerm[] {
    return [...this.places.values()].filter(({ isOpen }) => isOpen);
  }

  /** One reconciler of all terms. A pass of a link that is others' business ends at once. */
  reconciler(): LinkReconciler {
    const { queue, link: find } = this.options;
    return {
      noteAdded: (network) => this.openTerm(network)?.reconciler.noteAdded(network),
      noteGone: (link) => this.places.get(placeId(link.spec))?.reconciler.noteGone(link),
      reconcile: async (item) => {
        const link = find(item.key);
        const term = link === undefined ? undefined : this.termOf(link);
        if (term !== undefined) return term.pass(item);
        queue.forget(item.key);
        return 'success';
      },
      close: () => undefined,
    };
  }

  /** A pass that began with the duties of the cluster ends with what was known then. */
  clientsOf(link: SageMakerPrivateLink): ClientsView {
    if (!this.isClusterOpen && !needsCluster(link)) return withoutClients(link);
    return this.cluster?.clientsOf(link) ?? elsewhere;
  }

  verificationOf(link: SageMakerPrivateLink): VerificationView {
    return this.cluster?.verificationOf(link) ?? elsewhere;
  }

  /** Undefined while no pass over the link may begin here. */
  private termOf(link: SageMakerPrivateLink): PlaceTerm | undefined {
    return this.termIn(link.spec, needsCluster(link));
  }

  private termIn(place: AwsPlace, isClusterNeeded: boolean): PlaceTerm | undefined {
    return this.isClusterOpen || !isClusterNeeded ? this.openTerm(place) : undefined;
  }

  private openTerm(place: AwsPlace): PlaceTerm | undefined {
    const term = this.places.get(placeId(place));
    return term?.isOpen === true ? term : undefined;
  }

  private tellCluster(value: 0 | 1): void {
    const { metrics, leaseName: name } = this.options;
    metrics.leader.set({ name }, value);
  }
}

/** Of a link that came to need the cluster while a pass was under way: the next one begins elsewhere. */
const elsewhere = {
  kind: 'Unknown',
  message: 'Another replica of the operator looks after the namespaces of the cluster.',
} as const;

function labelsOf({ account = '', region }: AwsPlace) {
  return { account, region };
}
