import type { CallPurpose } from '../call-purpose.ts';
import type { AwsAction } from '../client/operations.ts';

const lists = 'notebook access: finds what else is attached to a principal, for the impact check';
const reads = 'notebook access: reads what else a principal may do, for the impact check';
const attaches = 'notebook access: attaches the policy as `attachTo` says';
const detaches = 'notebook access: detaches the policy from what `attachTo` names no more';

/** Operations of IAM. */
export const policyPurposes = {
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
} as const satisfies Partial<Readonly<Record<AwsAction, CallPurpose>>>;
