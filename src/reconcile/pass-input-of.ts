import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { WorkItem } from '../kubernetes/queue/work-queue.ts';
import type { Action } from '../plan/actions.ts';
import type { Cloud } from '../plan/cloud.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { LinkReconcilerOptions } from './link-reconciler-options.ts';
import type { PassInput } from './pass.ts';
import { presumedDnsOf } from './first-looks.ts';
import { rivalsAmong } from './rivals-among.ts';
import { freshnessOf } from './waits/freshness.ts';
import { urgencyOf } from './waits/urgency-of.ts';

/** The end that a pass works towards. */
export type PassGoal = Pick<PassInput, 'goal' | 'repair' | 'absenceIsFinal'>;

/** Everything that is about one pass alone. */
export interface PassSources extends Pick<PassInput, 'owner' | 'remembered' | 'signal'> {
  readonly item: WorkItem;
  readonly cloud: Cloud;
  readonly how: PassGoal;
  readonly logger: Logger;
  /** Takes the time of each action that is done. */
  readonly doneAt: Map<Action, Date>;
}

/** The input of a pass over a link. */
export function passInputOf(
  options: LinkReconcilerOptions,
  link: SageMakerPrivateLink,
  { owner, remembered, signal, item, cloud, how, logger, doneAt }: PassSources,
) {
  const { possibleRivals, clientsOf, sightingTimes, patience, quietTime, clock } = options;
  const { uid } = link.metadata;
  return {
    owner,
    remembered,
    signal,
    ...how,
    spec: link.spec,
    rivals: rivalsAmong(link, possibleRivals),
    clients: clientsOf(link),
    elapsed: { sightings: sightingTimes.of(uid, clock.now()), patience },
    ports: { AWS: cloud },
    freshness: freshnessOf(link, item, {
      // The queue's clock and the cloud's may start at different times.
      askedAt: cloud.now() - (clock.now() - item.enqueuedAt),
      absenceIsFinal: how.absenceIsFinal,
    }),
    ...presumedDnsOf(link, item),
    claim: { link: uid, urgency: urgencyOf(link, item) },
    onAction: (action, outcome, id) => {
      quietTime.noteActivity(uid, clock.now());
      if (outcome !== 'done') return;
      const fields = { action: action.kind, reason: action.reason };
      doneAt.set(action, clock.wallTime());
      logger.info(id === undefined ? fields : { ...fields, id }, 'changed at AWS');
    },
  } satisfies PassInput;
}
