/** An endpoint with an address on this machine in each of two zones, as a link's status shows it. */
import type {
  EndpointStatus,
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../../src/api/sagemaker-private-link.ts';

const region = 'us-east-1';
export const apiName = 'api.sagemaker.us-east-1.amazonaws.com';
export const addresses = ['127.0.0.21', '127.0.0.22'] as const;
export const endpointId = 'vpce-0a1b2c3d4e5f67890';

/** The endpoint for the SageMaker API. @param port of `url`: 443 at AWS */
export function apiEndpoint(port: number, given: Partial<EndpointStatus> = {}): EndpointStatus {
  return {
    service: 'api',
    serviceName: `com.amazonaws.${region}.sagemaker.api`,
    id: endpointId,
    state: 'available',
    privateDNS: true,
    url: `https://${apiName}:${port}`,
    dnsNames: [`${endpointId}-1a2b3c4d.api.sagemaker.${region}.vpce.amazonaws.com`, apiName],
    networkInterfaces: addresses.map((ipv4, index) => ({
      id: `eni-0a1b2c3d4e5f6789${index}`,
      subnetId: `subnet-0a1b2c3d4e5f6789${index}`,
      zone: `${region}${'ab'[index]}`,
      ipv4,
    })),
    ...given,
  };
}

/** A link with these endpoints. */
export function linkWith(...endpoints: readonly EndpointStatus[]): {
  readonly name: string;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly status: SageMakerPrivateLinkStatus;
} {
  const services = endpoints.map(({ service = 'api' }) => ({ service, privateDNS: true }));
  return {
    name: 'ml',
    spec: { region, endpoints: services } as unknown as SageMakerPrivateLinkSpec,
    status: { observedGeneration: 1, conditions: [], endpoints },
  };
}
