/** Links that the API server has deleted. */
import {
  apiVersion,
  finalizer,
  kind,
  type SageMakerPrivateLink,
} from '../api/sagemaker-private-link.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
import type { Logger } from '../telemetry/logger.ts';
import { heldResources } from './held-resources.ts';
import type { QuietTime } from './waits/quiet-time.ts';
import type { Rests } from './rests.ts';
import type { TurnWaits } from './waits/turn-waits.ts';
import type { WorkWatch } from './waits/work-watch.ts';
import type { SightingTimes } from './sighting-times.ts';

/** Everything that the passes of one process know of links, beside what is in them. */
export interface ProcessMemory {
  readonly work: WorkWatch;
  readonly turns: TurnWaits;
  readonly rests: Rests;
  /** UIDs of links that were let go, until the API server has deleted them. */
  readonly released: Set<string>;
  /** By UID: what kept the link from being ready when that was logged last. */
  readonly loggedFailures: Map<string, string>;
  /** By UID: the failed actions of the last pass, in words that stay the same. */
  readonly loggedActions: Map<string, ReadonlySet<string>>;
}

/** Everything that has to hear of a link that is gone. */
interface Listeners {
  readonly quietTime: Pick<QuietTime, 'forget'>;
  readonly sightingTimes: Pick<SightingTimes, 'forget'>;
  readonly logger: Logger;
  readonly recordEvent: (event: EventRecord) => void;
}

/** Forgets a link that is gone; one that the operator did not let go leaves its resources behind. */
export function noteGone(
  { quietTime, sightingTimes, logger, recordEvent }: Listeners,
  memory: ProcessMemory,
  link: SageMakerPrivateLink,
): void {
  const { uid, name } = link.metadata;
  quietTime.forget(uid);
  sightingTimes.forget(uid);
  memory.work.end(name);
  memory.turns.forget(uid);
  memory.loggedFailures.delete(uid);
  memory.loggedActions.delete(uid);
  const left = heldResources(link.status);
  if (memory.released.delete(uid) || left.length === 0) return;
  logger.warn({ link: name, uid, resources: left }, 'a link vanished without its finalizer');
  recordEvent({
    regarding: { apiVersion, kind, name, uid },
    type: 'Warning',
    reason: 'ResourcesLeftBehind',
    action: 'Delete',
    note: `The link was deleted without the finalizer ${finalizer}, so nobody took away what it has at AWS: ${left.join(', ')}.`,
  });
}
