import { annotations, type SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import type { Remembered } from '../plan/plan-input.ts';
import { rememberedFrom } from '../plan/report/remembered.ts';
import type { ReportInput } from '../plan/report/report-input.ts';

/** A link and what else its report is made from, beside the end of a pass. */
export interface ReportSources extends Pick<ReportInput, 'clients' | 'verification' | 'now'> {
  readonly owner: OwnerIdentity;
}

/** The part of a link's status that its next pass may use. */
export function rememberedOf({ metadata, status = {} }: SageMakerPrivateLink): Remembered {
  return rememberedFrom(status, metadata.generation, metadata.deletionTimestamp !== undefined);
}

/** The input of a link's report. */
export function reportInputOf(link: SageMakerPrivateLink, sources: ReportSources): ReportInput {
  const { metadata, spec, status = {} } = link;
  const requested = metadata.annotations?.[annotations.reconcileRequestedAt];
  return {
    ...sources,
    spec,
    generation: metadata.generation,
    deleting: metadata.deletionTimestamp !== undefined,
    former: status,
    remembered: rememberedOf(link),
    ...(requested === undefined ? {} : { reconcileRequestedAt: requested }),
  };
}
