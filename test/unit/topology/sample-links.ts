/** Links as the API server keeps them: one that is well, one in trouble, one that nobody looked at. */
import type {
  Condition,
  SageMakerPrivateLinkStatus,
} from '../../../src/api/sagemaker-private-link.ts';
import type { LinkView } from '../../../src/topology/topology.ts';
import { plainSpec } from '../../model/generated-specs.ts';

const zones = ['eu-west-1a', 'eu-west-1b'] as const;
const region = 'eu-west-1';

export function condition(
  type: string,
  status: Condition['status'],
  reason = 'Succeeded',
  message = 'The message.',
): Condition {
  return { type, status, reason, message, lastTransitionTime: '2026-11-01T00:00:00Z' };
}

function endpoint(service: string, number: number) {
  const id = `vpce-0000000000000000${number}`;
  return {
    service,
    serviceName: `com.amazonaws.${region}.sagemaker.${service}`,
    id,
    state: 'available',
    privateDNS: true,
    url: `https://${service}.sagemaker.${region}.amazonaws.com`,
    dnsNames: [
      `${id}-abc.${service}.sagemaker.${region}.vpce.amazonaws.com`,
      `${service}.sagemaker.${region}.amazonaws.com`,
    ],
    networkInterfaces: zones.map((zone, index) => ({
      id: `eni-${number}${index}`,
      subnetId: `subnet-${index}`,
      zone,
      ipv4: `10.0.${index}.${number}`,
    })),
  };
}

const wellStatus: SageMakerPrivateLinkStatus = {
  observedGeneration: 1,
  account: '111122223333',
  partition: 'aws',
  vpcId: 'vpc-main',
  available: '2/2',
  subnets: zones.map((zone, index) => ({ id: `subnet-${index}`, zone })),
  endpoints: [endpoint('api', 1), endpoint('runtime', 2)],
  securityGroup: { id: 'sg-0aaa', managed: true },
  notebookAccess: {
    policyArn: 'arn:aws:iam::111122223333:policy/smpl-ml',
    versionId: 'v3',
    attachedTo: { roles: ['DataScientist'] },
  },
  clients: { namespaces: 3, ready: 3 },
  conditions: [
    'Ready',
    'Available',
    'NetworkResolved',
    'SecurityGroupReady',
    'EndpointsAvailable',
    'NotebookAccessEnforced',
    'ClientsConfigured',
  ].map((type) => condition(type, 'True')),
};

export const wellLink: LinkView = {
  name: 'ml-prod',
  spec: {
    ...plainSpec,
    endpoints: [
      { service: 'api', privateDNS: true },
      { service: 'runtime', privateDNS: true },
    ],
    securityGroup: { ingress: [{ cidr: '10.0.0.0/16', description: 'the VPC' }] },
    notebookAccess: {
      allowedCIDRs: ['203.0.113.0/24'],
      allowEndpoints: true,
      actions: ['NotebookInstances'],
      attachTo: { roles: ['DataScientist'] },
      onImpact: 'Fail',
    },
    clients: {
      namespaceSelector: { matchLabels: { ml: 'true' } },
      configMap: { name: 'sagemaker-endpoints' },
    },
  },
  status: wellStatus,
};

const taken =
  'Private DNS of com.amazonaws.eu-west-1.sagemaker.runtime in vpc-main is taken by vpce-0f0f0f0f0f0f0f0f0, which belongs to SageMakerPrivateLink other of another cluster. Ask its owner first: others may rely on it.';
const [api, runtime] = [endpoint('api', 1), endpoint('runtime', 2)];

/**
 * Somebody else has the private name of `runtime`, which is not there; `api` lacks its interface in
 * the second zone; a principal too many; a namespace without its objects.
 */
export const troubledLink: LinkView = {
  ...wellLink,
  name: 'ml-broken',
  status: {
    ...wellStatus,
    available: '1/2',
    endpoints: [
      { ...api, networkInterfaces: api.networkInterfaces.slice(0, 1) },
      { service: 'runtime', serviceName: runtime.serviceName },
    ],
    notebookAccess: { ...wellStatus.notebookAccess, attachedTo: { roles: ['Stranger'] } },
    clients: {
      namespaces: 3,
      ready: 2,
      failing: [{ namespace: 'fraud', message: 'ConfigMap sagemaker-endpoints is not ours.' }],
    },
    drift: [
      {
        resource: 'sg-0aaa',
        field: 'ingress',
        desired: 'absent',
        actual: '0.0.0.0/0',
        since: '2026-11-02T00:00:00Z',
      },
    ],
    conditions: [
      condition('Ready', 'False', 'PrivateDNSConflict', taken),
      condition('Stalled', 'True', 'PrivateDNSConflict', taken),
      condition('NetworkResolved', 'True'),
      condition('SecurityGroupReady', 'False', 'DriftDetected', 'sg-0aaa has a rule too many.'),
      condition('EndpointsAvailable', 'False', 'PrivateDNSConflict', taken),
      condition('NotebookAccessEnforced', 'False', 'ForeignAttachment', 'Stranger has it, too.'),
      condition('ClientsConfigured', 'False', 'OwnedByAnother', 'fraud: not ours.'),
    ],
  },
};

export const newLink: LinkView = { name: 'ml-new', spec: wellLink.spec };

/** Its VPC is not there. */
export const lostLink: LinkView = {
  ...newLink,
  name: 'ml-broken',
  status: {
    conditions: [
      condition('Ready', 'False', 'VPCNotFound', 'vpc-main is not there.'),
      condition('Stalled', 'True', 'VPCNotFound', 'vpc-main is not there.'),
      condition('NetworkResolved', 'False', 'VPCNotFound', 'vpc-main is not there.'),
    ],
  },
};
