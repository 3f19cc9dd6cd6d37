/** Links with clients, for the tests of what namespaces get. */
import type {
  EndpointStatus,
  SageMakerPrivateLink,
  SageMakerPrivateLinkSpec,
} from '../../../../src/api/sagemaker-private-link.ts';
import { plainSpec } from '../../../model/generated-specs.ts';

type Clients = NonNullable<SageMakerPrivateLinkSpec['clients']>;
type Policy = NonNullable<Clients['networkPolicy']>;

/** A policy with every default of the schema. */
export const plainPolicy: Policy = {
  podSelector: {},
  enforcement: 'Enforce',
  egress: { namespaces: 'Own', kubernetesAPI: false, podIdentity: true },
};

export function policyWith(egress: Partial<Policy['egress']>): Policy {
  return { ...plainPolicy, egress: { ...plainPolicy.egress, ...egress } };
}

const apiEndpoint: EndpointStatus = {
  service: 'api',
  serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
  id: 'vpce-0a1b2c3d4e5f67890',
  state: 'available',
  privateDNS: true,
  url: 'https://api.sagemaker.eu-west-1.amazonaws.com',
  networkInterfaces: [
    { id: 'eni-b', subnetId: 'subnet-b', zone: 'eu-west-1b', ipv4: '10.0.2.17' },
    {
      id: 'eni-a',
      subnetId: 'subnet-a',
      zone: 'eu-west-1a',
      ipv4: '10.0.1.17',
      ipv6: '2001:db8::17',
    },
  ],
};

export interface LinkParts {
  readonly name?: string;
  readonly clients?: Partial<Clients>;
  readonly spec?: Partial<SageMakerPrivateLinkSpec>;
  readonly status?: Partial<NonNullable<SageMakerPrivateLink['status']>>;
}

/** A link whose api endpoint is there, with a policy of defaults unless `clients` says otherwise. */
export function clientLink({
  name = 'ml',
  clients,
  spec,
  status,
}: LinkParts = {}): SageMakerPrivateLink {
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name, uid: `uid-${name}`, generation: 1, resourceVersion: '1' },
    spec: {
      ...plainSpec,
      clients: {
        namespaceSelector: { matchLabels: { ml: 'true' } },
        ...(clients ?? { networkPolicy: plainPolicy }),
      },
      ...spec,
    },
    status: {
      observedGeneration: 1,
      endpoints: [apiEndpoint],
      clients: { namespaces: 0, ready: 0, availableOnce: true },
      ...status,
    },
  };
}
