import type {
  NetworkInterfaceStatus,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import { rememberedPrincipals } from '../ownership/applied-memory.ts';
import { listedPrincipals } from '../notebook-policy/protected-principals.ts';
import type { NetworkInterface } from '../facts.ts';
import type { Remembered } from '../plan-input.ts';

/**
 * The part of a former status that the planner may use.
 *
 * @param generation the object's of now
 * @param isDeleting the API server counts the request to delete as a new generation, in which the
 *   spec is the one before
 */
export function rememberedFrom(
  status: SageMakerPrivateLinkStatus,
  generation: number,
  isDeleting: boolean,
): Remembered {
  const endpoints = status.endpoints ?? [];
  const { policyArn, attachedTo } = status.notebookAccess ?? {};
  return {
    endpointIds: Object.fromEntries(
      endpoints.flatMap(({ serviceName, id }) => (id === undefined ? [] : [[serviceName, id]])),
    ),
    networkInterfaces: endpoints
      .flatMap(({ networkInterfaces }) => networkInterfaces ?? [])
      .flatMap(rememberedInterface),
    tagKeys: status.appliedTagKeys ?? [],
    access: {
      ...(policyArn === undefined ? {} : { policyArn }),
      attachedTo: [...listedPrincipals(attachedTo), ...rememberedPrincipals(status)],
      seenAttached: listedPrincipals(attachedTo),
      settledNames: Object.fromEntries(
        endpoints.flatMap(({ id, privateDNS, privateDNSSettled }) =>
          id === undefined || privateDNS === undefined || privateDNSSettled !== true
            ? []
            : [[id, privateDNS]],
        ),
      ),
      isApplied: status.appliedGeneration === (isDeleting ? generation - 1 : generation),
    },
  };
}

/** An interface that was not shown whole is not remembered: AWS is asked about it again. */
function rememberedInterface(one: NetworkInterfaceStatus): readonly NetworkInterface[] {
  const { subnetId, zone, ipv4, ipv6 } = one;
  if (subnetId === undefined || zone === undefined) return [];
  if (ipv4 === undefined && ipv6 === undefined) return [];
  return [{ ...one, subnetId, zone }];
}
