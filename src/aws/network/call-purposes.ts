import type { CallPurpose } from '../call-purpose.ts';
import type { AwsAction } from '../client/operations.ts';

/** Operations of EC2 about networks. */
export const networkPurposes = {
  'ec2:DescribeVpcs': { purpose: 'finds the VPC and its CIDR blocks' },
  'ec2:DescribeVpcAttribute': { purpose: 'checks the DNS attributes that private DNS needs' },
  'ec2:DescribeSubnets': { purpose: 'chooses one subnet of each zone' },
  'ec2:DescribeManagedPrefixLists': {
    purpose:
      'checks the prefix lists of a spec and their weight, and finds that of a gateway endpoint for `clients`',
  },
  'ec2:GetManagedPrefixListEntries': {
    purpose: "reads a gateway endpoint's addresses, for the policies of `clients`",
  },
} as const satisfies Partial<Readonly<Record<AwsAction, CallPurpose>>>;
