import { expect, test } from '@jest/globals';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { withRefusal } from '../../../../src/plan/actions/effects.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { nothingObserved, withAnswer } from '../../../../src/plan/observation.ts';
import { ownedIn } from '../../../../src/plan/ownership/observed-holdings.ts';
import { ownershipTagsOf } from '../../../../src/plan/ownership/ownership.ts';

const owner = { clusterId: 'c', uid: 'u', name: 'ml' };

const endpoint: Endpoint = {
  id: 'vpce-1',
  serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
  vpcId: 'vpc-1',
  state: 'available',
  subnetIds: ['subnet-1'],
  securityGroupIds: ['sg-1'],
  networkInterfaceIds: [],
  privateDnsEnabled: false,
  dnsNames: [],
  requesterManaged: false,
  tags: ownershipTagsOf(owner, 'endpoint'),
};
const modification = {
  kind: 'ModifyVpcEndpoint',
  reason: 'r',
  endpointId: 'vpce-1',
  addSubnetIds: [],
  removeSubnetIds: [],
  addSecurityGroupIds: [],
  removeSecurityGroupIds: [],
  addresses: [],
  privateDnsEnabled: true,
} as const;

function endpointAfter(code: string, message: string): Endpoint | undefined {
  const known = withAnswer(
    nothingObserved,
    { kind: 'Owned', owner },
    { endpoints: [endpoint], securityGroups: [] },
  );
  const action = 'ec2:ModifyVpcEndpoint';
  const error = new CloudError({ kind: 'InTransition', action, code, message });
  return ownedIn(withRefusal(known, owner, modification, error), owner)?.endpoints[0];
}

test('an endpoint whose change AWS refuses for an earlier one is not as the reads say', () => {
  expect(endpointAfter('OperationInProgress', 'modify operation in progress')).toMatchObject({
    state: 'available',
    settling: true,
  });
});

test('a refusal that tells nothing of the endpoint leaves it as it was read', () => {
  const text = 'Private DNS can only be enabled after the endpoint connection is accepted';
  expect(endpointAfter('InvalidParameter', text)).toEqual(endpoint);
});
