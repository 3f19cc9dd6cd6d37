import type { AwsAction } from './client/operations.ts';

/** What one of AWS's operations is called for. */
export interface CallPurpose {
  /** When and what for, to follow the name of the operation. */
  readonly purpose: string;
  /** Permissions that AWS asks for beside the operation's own. */
  readonly alsoNeeds?: readonly string[];
  /** False where AWS asks for no permission. @default true */
  readonly needsPermission?: boolean;
}

const lists = 'notebook access: finds what else is attached to a principal, for the impact check';
const reads = 'notebook access: reads what else a principal may do, for the impact check';
const attaches = 'notebook access: attaches the policy as `attachTo` says';
const detaches = 'notebook access: detaches the policy from what `attachTo` names no more';

/**
 * Every operation that the operator calls, and what for: `docs/aws-calls.md` is made from it. A new
 * operation does not compile without its purpose.
 */
export const callPurposes: Readonly<Record<AwsAction, CallPurpose>> = {
  'sts:AssumeRole': { purpose: 'works in the account that `spec.account` names' },
  'sts:GetCallerIdentity': {
    purpose:
      "learns the account and the partition before anything else, with each identity's first use",
    needsPermission: false,
  },

  'ec2:DescribeVpcs': { purpose: 'finds the VPC and its CIDR blocks' },
  'ec2:DescribeVpcAttribute': { purpose: 'checks the DNS attributes that private DNS needs' },
  'ec2:DescribeSubnets': { purpose: 'chooses one subnet of each zone' },
  'ec2:DescribeVpcEndpointServices': {
    purpose: 'checks that the region has the service, its zones, names and address types',
  },
  'ec2:DescribeVpcEndpoints': {
    purpose: "reads the cluster's endpoints by their tag, and who else has an endpoint in the VPC",
  },
  'ec2:DescribeSecurityGroups': {
    purpose: "reads the cluster's groups by their tag, and the groups that a spec lists",
  },
  'ec2:DescribeSecurityGroupRules': { purpose: 'compares the rules of the managed group' },
  'ec2:DescribeManagedPrefixLists': {
    purpose: 'checks the prefix lists of a spec and their weight',
  },
  'ec2:DescribeNetworkInterfaces': {
    purpose: "reads the endpoints' addresses, and what uses a group that can't be deleted",
  },
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
  'ec2:CreateVpcEndpoint': {
    purpose: 'makes an endpoint, with its tags',
    alsoNeeds: ['ec2:CreateTags', 'route53:AssociateVPCWithHostedZone'],
  },
  'ec2:ModifyVpcEndpoint': {
    purpose: 'changes subnets, groups, policy, address types and private DNS, all in one call',
    alsoNeeds: ['route53:AssociateVPCWithHostedZone'],
  },
  'ec2:DeleteVpcEndpoints': { purpose: 'removes endpoints, of many links in one call' },
  'ec2:CreateTags': { purpose: 'puts back tags that were removed, and takes over with `adoption`' },
  'ec2:DeleteTags': {
    purpose: 'removes tags that left `spec.tags`, and lets go with `deletionPolicy: Retain`',
  },

  'iam:ListPolicies': { purpose: 'notebook access: finds policies below the path of the operator' },
  'iam:GetPolicy': { purpose: 'notebook access: reads the policy and its tags' },
  'iam:GetPolicyVersion': { purpose: 'notebook access: reads what a policy says' },
  'iam:ListPolicyVersions': { purpose: 'notebook access: makes room for a new version' },
  'iam:ListEntitiesForPolicy': { purpose: 'notebook access: reads what the policy is attached to' },
  'iam:GetRole': { purpose: 'notebook access: checks that a role is there, and its boundary' },
  'iam:GetUser': { purpose: 'notebook access: checks that a user is there, and its boundary' },
  'iam:ListAttachedRolePolicies': { purpose: lists },
  'iam:ListAttachedUserPolicies': { purpose: lists },
  'iam:ListAttachedGroupPolicies': { purpose: lists },
  'iam:ListRolePolicies': { purpose: lists },
  'iam:ListUserPolicies': { purpose: lists },
  'iam:ListGroupPolicies': { purpose: lists },
  'iam:GetRolePolicy': { purpose: reads },
  'iam:GetUserPolicy': { purpose: reads },
  'iam:GetGroupPolicy': { purpose: reads },
  'iam:ListGroupsForUser': {
    purpose: 'notebook access: a user has the policies of its groups, too',
  },
  'iam:CreatePolicy': {
    purpose: 'notebook access: makes the policy, with its tags',
    alsoNeeds: ['iam:TagPolicy'],
  },
  'iam:CreatePolicyVersion': { purpose: 'notebook access: changes what the policy says' },
  'iam:SetDefaultPolicyVersion': {
    purpose: 'notebook access: goes back to a version that says it already',
  },
  'iam:DeletePolicyVersion': { purpose: 'notebook access: makes room, and clears up on deletion' },
  'iam:DeletePolicy': { purpose: 'notebook access: removes the policy on deletion' },
  'iam:AttachRolePolicy': { purpose: attaches },
  'iam:AttachUserPolicy': { purpose: attaches },
  'iam:AttachGroupPolicy': { purpose: attaches },
  'iam:DetachRolePolicy': { purpose: detaches },
  'iam:DetachUserPolicy': { purpose: detaches },
  'iam:DetachGroupPolicy': { purpose: detaches },
  'iam:TagPolicy': { purpose: 'notebook access: puts back tags that were removed' },
  'iam:UntagPolicy': { purpose: 'notebook access: removes tags that left the spec' },
};
