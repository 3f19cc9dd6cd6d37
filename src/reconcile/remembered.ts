import type { SageMakerPrivateLinkStatus } from '../api/sagemaker-private-link.ts';
import type { Remembered } from '../plan/plan.ts';

/** What the planner may use of a former status. */
export function rememberedFrom(status: SageMakerPrivateLinkStatus): Remembered {
  const endpoints = status.endpoints ?? [];
  return {
    endpointIds: Object.fromEntries(
      endpoints.flatMap(({ serviceName, id }) => (id === undefined ? [] : [[serviceName, id]])),
    ),
    networkInterfaces: endpoints.flatMap(({ networkInterfaces }) => networkInterfaces ?? []),
    tagKeys: status.appliedTagKeys ?? [],
  };
}
