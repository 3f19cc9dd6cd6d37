/** Findings about a link that AWS's description of the services gives before the first call. */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { EndpointService } from '../plan/facts.ts';
import type { Problem } from '../plan/findings.ts';
import { partitionOfRegion } from '../plan/network/partitions.ts';
import { serviceNameOf } from '../plan/endpoint/service-catalogue.ts';

export interface ServiceFindings {
  readonly problems: readonly Problem[];
  readonly notes: readonly { readonly reason: 'PendingAcceptance'; readonly message: string }[];
}

/**
 * AWS refuses private DNS for a service that has no private name, and an endpoint of a service with
 * acceptance waits for the service's owner. Source: VPC guide, "Manage DNS names" and "Accept".
 */
export function serviceFindings(
  spec: SageMakerPrivateLinkSpec,
  services: readonly EndpointService[],
): ServiceFindings {
  const partition = partitionOfRegion(spec.region);
  const chosen = spec.endpoints.flatMap((entry) => {
    const name = serviceNameOf(entry, spec.region, partition);
    const service = services.find((one) => one.name === name);
    return service === undefined ? [] : [{ entry, service }];
  });
  return {
    problems: chosen
      .filter(({ entry, service }) => entry.privateDNS && service.privateDnsNames.length === 0)
      .map(({ service }) => nameless(service)),
    notes: chosen
      .filter(({ service }) => service.acceptanceRequired)
      .map(({ service: { name } }) => ({
        reason: 'PendingAcceptance',
        message: `${name} needs acceptance: its endpoint takes no traffic until the owner of the service accepts it, and private DNS is turned on after that.`,
      })),
  };
}

function nameless({ name }: EndpointService): Problem {
  return {
    subject: 'EndpointsAvailable',
    reason: 'InvalidSpec',
    severity: 'stalled',
    message: `${name} has no private name, so AWS refuses private DNS for it: set privateDNS: false on that endpoint.`,
  };
}
