import type * as iam from '@aws-sdk/client-iam';
import type { Operation } from './operation.ts';

/** Every IAM operation in use. */
export interface IamOperations {
  'iam:SimulatePrincipalPolicy': Operation<
    iam.SimulatePrincipalPolicyCommandInput,
    iam.SimulatePrincipalPolicyCommandOutput
  >;
  'iam:ListPolicies': Operation<iam.ListPoliciesCommandInput, iam.ListPoliciesCommandOutput>;
  'iam:GetPolicy': Operation<iam.GetPolicyCommandInput, iam.GetPolicyCommandOutput>;
  'iam:GetPolicyVersion': Operation<
    iam.GetPolicyVersionCommandInput,
    iam.GetPolicyVersionCommandOutput
  >;
  'iam:ListPolicyVersions': Operation<
    iam.ListPolicyVersionsCommandInput,
    iam.ListPolicyVersionsCommandOutput
  >;
  'iam:ListEntitiesForPolicy': Operation<
    iam.ListEntitiesForPolicyCommandInput,
    iam.ListEntitiesForPolicyCommandOutput
  >;
  'iam:ListAttachedRolePolicies': Operation<
    iam.ListAttachedRolePoliciesCommandInput,
    iam.ListAttachedRolePoliciesCommandOutput
  >;
  'iam:ListAttachedUserPolicies': Operation<
    iam.ListAttachedUserPoliciesCommandInput,
    iam.ListAttachedUserPoliciesCommandOutput
  >;
  'iam:ListAttachedGroupPolicies': Operation<
    iam.ListAttachedGroupPoliciesCommandInput,
    iam.ListAttachedGroupPoliciesCommandOutput
  >;
  'iam:ListRolePolicies': Operation<
    iam.ListRolePoliciesCommandInput,
    iam.ListRolePoliciesCommandOutput
  >;
  'iam:ListUserPolicies': Operation<
    iam.ListUserPoliciesCommandInput,
    iam.ListUserPoliciesCommandOutput
  >;
  'iam:ListGroupPolicies': Operation<
    iam.ListGroupPoliciesCommandInput,
    iam.ListGroupPoliciesCommandOutput
  >;
  'iam:GetRole': Operation<iam.GetRoleCommandInput, iam.GetRoleCommandOutput>;
  'iam:GetUser': Operation<iam.GetUserCommandInput, iam.GetUserCommandOutput>;
  'iam:GetRolePolicy': Operation<iam.GetRolePolicyCommandInput, iam.GetRolePolicyCommandOutput>;
  'iam:GetUserPolicy': Operation<iam.GetUserPolicyCommandInput, iam.GetUserPolicyCommandOutput>;
  'iam:GetGroupPolicy': Operation<iam.GetGroupPolicyCommandInput, iam.GetGroupPolicyCommandOutput>;
  'iam:ListGroupsForUser': Operation<
    iam.ListGroupsForUserCommandInput,
    iam.ListGroupsForUserCommandOutput
  >;
  'iam:CreatePolicy': Operation<iam.CreatePolicyCommandInput, iam.CreatePolicyCommandOutput>;
  'iam:CreatePolicyVersion': Operation<
    iam.CreatePolicyVersionCommandInput,
    iam.CreatePolicyVersionCommandOutput
  >;
  'iam:SetDefaultPolicyVersion': Operation<
    iam.SetDefaultPolicyVersionCommandInput,
    iam.SetDefaultPolicyVersionCommandOutput
  >;
  'iam:DeletePolicyVersion': Operation<
    iam.DeletePolicyVersionCommandInput,
    iam.DeletePolicyVersionCommandOutput
  >;
  'iam:DeletePolicy': Operation<iam.DeletePolicyCommandInput, iam.DeletePolicyCommandOutput>;
  'iam:AttachRolePolicy': Operation<
    iam.AttachRolePolicyCommandInput,
    iam.AttachRolePolicyCommandOutput
  >;
  'iam:AttachUserPolicy': Operation<
    iam.AttachUserPolicyCommandInput,
    iam.AttachUserPolicyCommandOutput
  >;
  'iam:AttachGroupPolicy': Operation<
    iam.AttachGroupPolicyCommandInput,
    iam.AttachGroupPolicyCommandOutput
  >;
  'iam:DetachRolePolicy': Operation<
    iam.DetachRolePolicyCommandInput,
    iam.DetachRolePolicyCommandOutput
  >;
  'iam:DetachUserPolicy': Operation<
    iam.DetachUserPolicyCommandInput,
    iam.DetachUserPolicyCommandOutput
  >;
  'iam:DetachGroupPolicy': Operation<
    iam.DetachGroupPolicyCommandInput,
    iam.DetachGroupPolicyCommandOutput
  >;
  'iam:TagPolicy': Operation<iam.TagPolicyCommandInput, iam.TagPolicyCommandOutput>;
  'iam:UntagPolicy': Operation<iam.UntagPolicyCommandInput, iam.UntagPolicyCommandOutput>;
}
