import { annotations, type SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import { rememberedFrom } from '../plan/report/remembered.ts';
import type { ReportInput } from '../plan/report/report-input.ts';

/** A link and what else its report is made from, beside the end of a pass. */
export interface ReportSources extends Pick<ReportInput, 'clients' | 'verification' | 'now'> {
  readonly owner: OwnerIdentity;
}

/** The input of a link's report. */
export function reportInputOf(link: SageMakerPrivateLink, sources: ReportSources): ReportInput {
  const { metadata, spec, status = {} } = link;
  const requested = metadata.annotations?.[annotations.reconcileRequestedAt];
  const deleting = metadata.deletionTimestamp !== undefined;
  return {
    ...sources,
    spec,
    generation: metadata.generation,
    deleting,
    former: status,
    remembered: rememberedFrom(status, metadata.generation, deleting),
    ...(requested === undefined ? {} : { reconcileRequestedAt: requested }),
  };
}
