import type { CallPurpose } from '../call-purpose.ts';
import type { AwsAction } from '../client/operations.ts';

/** Operations of EC2 about security groups. */
export const securityGroupPurposes = {
  'ec2:DescribeSecurityGroups': {
    purpose:
      "reads the cluster's groups by their tag, the groups that a spec lists, and for a plan the one that has the managed group's name",
  },
  'ec2:DescribeSecurityGroupRules': { purpose: 'compares the rules of the managed group' },
  'ec2:CreateSecurityGroup': {
    purpose: 'makes the managed group, with its tags',
    alsoNeeds: ['ec2:CreateTags'],
  },
  'ec2:DeleteSecurityGroup': { purpose: 'removes the managed group when nothing uses it' },
  'ec2:AuthorizeSecurityGroupIngress': {
    purpose: 'admits the sources of `securityGroup.ingress`, with tags on the rules',
    alsoNeeds: ['ec2:CreateTags'],
  },
  'ec2:RevokeSecurityGroupIngress': { purpose: 'removes what the spec does not admit' },
  'ec2:RevokeSecurityGroupEgress': {
    purpose: "removes AWS's rule that lets everything out: an endpoint opens no connection",
  },
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress': { purpose: 'corrects descriptions of rules' },
} as const satisfies Partial<Readonly<Record<AwsAction, CallPurpose>>>;
