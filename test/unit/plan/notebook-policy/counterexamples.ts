/** Cases that were found by generated ones, or that faults in plausible documents were found by. */
import type { NotebookAccessSpec } from '../../../../src/api/sagemaker-private-link.ts';
import type { AccessRequest } from '../../../../src/plan/notebook-policy/document/evaluate.ts';
import type { LinkPlace } from './allowed-places.ts';

const place: LinkPlace = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  endpointIds: ['vpce-0a00000000000000a'],
};
const spec: NotebookAccessSpec = {
  allowEndpoints: true,
  actions: ['NotebookInstances'],
  onImpact: 'Fail',
};
const notebook = {
  action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
  resource: 'arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/demo',
};

export const counterexamples: readonly {
  readonly name: string;
  readonly access: NotebookAccessSpec;
  readonly place: LinkPlace;
  readonly request: AccessRequest;
}[] = [
  {
    name: 'an allowed public address is not asked for an endpoint as well',
    access: { ...spec, allowedCIDRs: ['203.0.113.0/24'] },
    place,
    request: { ...notebook, sourceIp: '203.0.113.7', viaAWSService: false },
  },
  {
    name: 'an allowed endpoint is not asked for a public address as well',
    access: { ...spec, allowedCIDRs: ['203.0.113.0/24'] },
    place,
    request: { ...notebook, sourceVpce: 'vpce-0a00000000000000a', vpcSourceIp: '10.0.0.1' },
  },
  {
    name: 'without any key the request is denied: the conditions fail closed',
    access: { ...spec, allowedCIDRs: ['203.0.113.0/24'] },
    place,
    request: notebook,
  },
  {
    name: 'private addresses narrow the endpoints of other VPCs too',
    access: {
      ...spec,
      additionalEndpointIds: ['vpce-0b00000000000000a'],
      allowedPrivateCIDRs: ['10.0.16.0/24'],
    },
    place,
    request: { ...notebook, sourceVpce: 'vpce-0b00000000000000a', vpcSourceIp: '10.0.17.1' },
  },
  {
    name: 'an endpoint request without its private address is outside of the narrow path',
    access: { ...spec, allowedPrivateCIDRs: ['10.0.16.0/24'] },
    place,
    request: { ...notebook, sourceVpce: 'vpce-0a00000000000000a' },
  },
  {
    name: 'private addresses do not narrow the internet path',
    access: { ...spec, allowedCIDRs: ['203.0.113.0/24'], allowedPrivateCIDRs: ['10.0.16.0/24'] },
    place,
    request: { ...notebook, sourceIp: '203.0.113.7' },
  },
  {
    name: 'Studio stays covered as a whole when notebook instances are named',
    access: { ...spec, actions: ['NotebookInstances', 'Studio'], notebookInstances: ['demo'] },
    place,
    request: {
      action: 'sagemaker:CreatePresignedDomainUrl',
      resource: 'arn:aws:sagemaker:eu-west-1:111122223333:user-profile/d-1/ana',
      sourceIp: '198.51.100.1',
    },
  },
  {
    name: 'a named instance is covered by its lower-case ARN too',
    access: { ...spec, notebookInstances: ['Demo'] },
    place,
    request: { ...notebook, sourceIp: '198.51.100.1' },
  },
  {
    name: 'another region is none of this link’s business',
    access: spec,
    place,
    request: {
      ...notebook,
      resource: 'arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/demo',
      sourceVpce: 'vpce-0c00000000000000c',
    },
  },
];
