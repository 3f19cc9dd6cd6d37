import { expect, test } from '@jest/globals';
import { allAllowed, isAllowed } from './authorize.ts';
import { ireland, policyFor } from './iam-documents.ts';
import { narrower, stillAllowingAll, stillDenyingAll, wider } from './minimal-policy.ts';
import { IamQuestions } from './notebook-access-calls.ts';
import {
  clusterTag,
  Ec2Questions,
  requestedCluster,
  resourceCluster,
  uidTag,
} from './operator-calls.ts';

const base = policyFor('operator-policy.json', ireland);
const adoption = policyFor('operator-adoption-policy.json', ireland);
const ec2 = new Ec2Questions(ireland);
const iam = new IamQuestions(ireland);
const own = ireland.CLUSTER_ID;

function claim(resource: string, cluster: string, owner?: string) {
  return ec2.ask('CreateTags', resource, {
    [requestedCluster]: cluster,
    'aws:TagKeys': [clusterTag, uidTag],
    ...(owner === undefined ? {} : { [resourceCluster]: owner }),
  });
}

function policyClaim(cluster: string, owner: string, arn = iam.ours) {
  const context = iam.withTags(cluster, [clusterTag, uidTag]);
  return iam.ask('TagPolicy', arn, { ...context, [resourceCluster]: owner });
}

const claims = [
  claim('vpc-endpoint/vpce-1', own),
  claim('security-group/sg-1', own),
  // Of an earlier link of this cluster.
  claim('vpc-endpoint/vpce-1', own, own),
  claim('security-group/sg-1', own, own),
  policyClaim(own, own),
];
const forbidden = [
  claim('vpc-endpoint/vpce-1', 'another-cluster', own),
  claim('instance/i-1', own, own),
  claim('vpc-endpoint/vpce-1', own, 'another-cluster'),
  claim('security-group/sg-1', 'another-cluster'),
  claim('instance/i-1', own),
  policyClaim(own, 'another-cluster'),
  policyClaim('another-cluster', own),
  policyClaim(own, own, `${iam.account}:policy/elsewhere`),
];

test('what has no owner, or an earlier link, can be claimed with the adoption policy, and not without it', async () => {
  expect(await allAllowed([base, adoption], claims)).toBe(true);
  for (const question of claims) {
    expect(await isAllowed([base], question)).toBe(false);
  }
});

test.each(forbidden)('nothing else can be claimed', async (question) => {
  expect(await isAllowed([base, adoption], question)).toBe(false);
});

test('nothing in it is spare and no condition is idle', async () => {
  expect(await stillAllowingAll(narrower(adoption), claims)).toEqual([]);
  expect(await stillDenyingAll(wider(adoption), forbidden)).toEqual([]);
});
