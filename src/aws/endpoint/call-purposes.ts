import type { CallPurpose } from '../call-purpose.ts';
import type { AwsAction } from '../client/operations.ts';

/** Operations of EC2 about endpoints. */
export const endpointPurposes = {
  'ec2:DescribeVpcEndpointServices': {
    purpose: 'checks that the region has the service, its zones, names and address types',
  },
  'ec2:DescribeVpcEndpoints': {
    purpose:
      "reads the cluster's endpoints by their tag, who else has an endpoint in the VPC, and the VPC's endpoints for `clients`",
  },
  'ec2:DescribeNetworkInterfaces': {
    purpose: "reads the endpoints' addresses, and what uses a group that can't be deleted",
  },
  'ec2:CreateVpcEndpoint': {
    purpose: 'makes an endpoint, with its tags',
    alsoNeeds: ['ec2:CreateTags', 'route53:AssociateVPCWithHostedZone'],
  },
  'ec2:ModifyVpcEndpoint': {
    purpose: 'changes subnets, groups, policy, address types and private DNS, all in one call',
    alsoNeeds: ['route53:AssociateVPCWithHostedZone'],
  },
  'ec2:DeleteVpcEndpoints': { purpose: 'removes endpoints, of many links in one call' },
} as const satisfies Partial<Readonly<Record<AwsAction, CallPurpose>>>;
