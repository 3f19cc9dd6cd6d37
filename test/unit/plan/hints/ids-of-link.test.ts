import { expect, test } from '@jest/globals';
import { driftCalls } from '../../../../src/plan/hints/drift-calls.ts';
import { idsOfLink, isOfNetwork } from '../../../../src/plan/hints/ids-of-link.ts';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';

function linkOf(spec: object, status?: object): SageMakerPrivateLink {
  return { metadata: { name: 'ml', uid: 'u' }, spec, status } as unknown as SageMakerPrivateLink;
}

const status = {
  vpcId: 'vpc-1',
  subnets: [{ id: 'subnet-1', zone: 'a' }],
  endpoints: [
    { serviceName: 'api', id: 'vpce-1', networkInterfaces: [{ id: 'eni-1' }] },
    { serviceName: 'runtime' },
  ],
  securityGroup: { id: 'sg-1', managed: true },
  notebookAccess: { policyArn: 'arn:aws:iam::111122223333:policy/ml' },
};

test('a link has the ids of its resources and of the network that it stands on', () => {
  const own = { securityGroup: { ids: ['sg-2'] } };
  expect([...idsOfLink(linkOf(own, status))].toSorted()).toEqual([
    'arn:aws:iam::111122223333:policy/ml',
    'sg-1',
    'sg-2',
    'subnet-1',
    'vpc-1',
    'vpce-1',
  ]);
  expect(idsOfLink(linkOf({})).size).toBe(0);
});

test('every kind of id that a call is about is one that links have', () => {
  const own = new Set([...idsOfLink(linkOf({}, status))].map((id) => id.replace(/[-:].*/, '')));
  const kinds = new Set(Object.values(driftCalls).flat());
  const asIds = [...kinds].map((kind) => (kind === 'policy' ? 'arn' : kind));
  expect(asIds.filter((kind) => !own.has(kind))).toEqual([]);
});

test('VPCs and subnets are the network', () => {
  expect(['vpc-1', 'subnet-1', 'vpce-1', 'sg-1'].map(isOfNetwork)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
