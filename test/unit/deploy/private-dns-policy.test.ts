import { expect, test } from '@jest/globals';
import { type Authorization, isAllowed } from './authorize.ts';
import { ireland, policyFor } from './iam-documents.ts';
import { stillDenyingAll, wider } from './minimal-policy.ts';

const policy = policyFor('operator-private-dns-policy.json', ireland);

/** What IAM is asked when EC2 turns private DNS on in the operator's name. */
function association(vpcs: readonly string[] | undefined): Authorization {
  return {
    action: 'route53:AssociateVPCWithHostedZone',
    resource: 'arn:aws:route53:::hostedzone/Z1',
    context: vpcs === undefined ? {} : { 'route53:VPCs': vpcs },
  };
}

const own = `VPCId=${ireland.VPC_ID},VPCRegion=${ireland.REGION}`;

const forbidden = [
  association([`VPCId=vpc-0b1b2c3d4e5f67890,VPCRegion=${ireland.REGION}`]),
  association([`VPCId=${ireland.VPC_ID},VPCRegion=us-east-1`]),
  association(undefined),
];

test('names of the named VPC alone may be pointed to a hosted zone', async () => {
  expect(await isAllowed([policy], association([own]))).toBe(true);
  for (const question of forbidden) expect(await isAllowed([policy], question)).toBe(false);
});

test('no condition is idle', async () => {
  expect(await stillDenyingAll(wider(policy), forbidden)).toEqual([]);
});
