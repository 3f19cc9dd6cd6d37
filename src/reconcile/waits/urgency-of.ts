import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { WorkItem } from '../../kubernetes/queue/work-queue.ts';
import type { Urgency } from '../../plan/urgency.ts';
import { changed } from './link-reasons.ts';

/**
 * How urgent the calls of a pass are, by its trigger: the object that it works on, and the queue's
 * item. A pass of low priority is a sweep, a slow look at a link that somebody has to act on, or the
 * first look after a restart at one that is well: two hundred links that a quota stalls ask again for
 * ever, and must not stand before an edit. Any other pass of a generation is part of a user's change
 * until all of it is applied, however many passes that takes.
 */
export function urgencyOf(
  { metadata, status }: SageMakerPrivateLink,
  { priority, reasons }: Pick<WorkItem, 'priority' | 'reasons'>,
): Urgency {
  if (metadata.deletionTimestamp !== undefined) return 'Deletion';
  if (priority === 'low') return 'Resync';
  const isApplied = status?.appliedGeneration === metadata.generation;
  return isApplied && !reasons.includes(changed) ? 'Repair' : 'Change';
}
