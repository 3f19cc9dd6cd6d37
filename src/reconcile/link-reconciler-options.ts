import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { ResourceClient } from '../kubernetes/client/resource-client.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
import type { WorkQueue } from '../kubernetes/queue/work-queue.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { ClientsView } from '../plan/clients/status/clients-view.ts';
import type { Cloud } from '../plan/cloud.ts';
import type { LinkWithAccess } from '../plan/notebook-policy/rivals.ts';
import type { ReportInput } from '../plan/report/report-input.ts';
import type { Patience } from '../plan/sightings.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { LinkPlace } from './cloud-or-refusal.ts';
import type { QuietTime } from './waits/quiet-time.ts';
import type { SightingTimes } from './sighting-times.ts';
import type { SweepGauge } from './waits/sweep-times.ts';
import type { Paces } from './waits/next-pass.ts';

/** Everything that a reconciler works with. */
export interface LinkReconcilerOptions {
  readonly clusterId: string;
  readonly resource: ResourceClient<SageMakerPrivateLink>;
  readonly watch: Pick<ResourceWatch<SageMakerPrivateLink>, 'cache' | 'absorb'>;
  readonly queue: Pick<WorkQueue, 'add' | 'addAfter' | 'addRateLimited' | 'forget'>;
  /**
   * The AWS account and region of a place, which lets no change out once this process may not act.
   * Throws a `CloudError` for an account it may not use.
   */
  readonly cloudFor: (place: LinkPlace) => Cloud;
  /** All links of the cluster that can be rivals of others. */
  readonly possibleRivals: () => Iterable<LinkWithAccess>;
  /** How the namespaces of a link are. */
  readonly clientsOf: (link: SageMakerPrivateLink) => ClientsView;
  /** The findings of pods about a link. */
  readonly verificationOf: (link: SageMakerPrivateLink) => NonNullable<ReportInput['verification']>;
  readonly quietTime: QuietTime;
  readonly sightingTimes: SightingTimes;
  readonly patience: Patience;
  readonly paces: Paces;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recordEvent: (event: EventRecord) => void;
  readonly lastSweep: SweepGauge;
  /** Told of each pass that ended, by the key of the link. */
  readonly onPass?: ((key: string) => void) | undefined;
}
