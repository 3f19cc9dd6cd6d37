import type { View } from '../../ledger.ts';
import { membersOf, wholeSecondsOf, type XmlElement } from '../../protocol/xml.ts';
import { principalsOf } from '../context.ts';
import { encodedDocument } from './policy-document.ts';
import type { Policy, PolicyVersion, Principal } from '../records.ts';
import type { IamState } from '../state.ts';
import { tagsXml } from '../tags.ts';

export function attachedTo(iam: IamState, arn: string, view: View): Principal[] {
  return principalsOf(iam, view).filter((p) => p.attachedPolicyArns.includes(arn));
}

export function boundaryOf(iam: IamState, arn: string, view: View): Principal[] {
  return principalsOf(iam, view).filter((principal) => principal.boundaryArn === arn);
}

/** A policy as lists answer it: without description and tags. */
export function policyXml(iam: IamState, policy: Policy, view: View): XmlElement {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attachedTo(iam, policy.arn, view).length,
    PermissionsBoundaryUsageCount: boundaryOf(iam, policy.arn, view).length,
    IsAttachable: true,
    CreateDate: wholeSecondsOf(policy.createdAtMs),
    UpdateDate: wholeSecondsOf(policy.updatedAtMs),
  };
}

/** A policy as CreatePolicy and GetPolicy answer it. */
export function wholePolicyXml(iam: IamState, policy: Policy, view: View): XmlElement {
  return {
    ...policyXml(iam, policy, view),
    Description: policy.description,
    Tags: tagsXml(policy.tags),
  };
}

export function versionXml(
  policy: Policy,
  version: PolicyVersion,
  withDocument: boolean,
): XmlElement {
  return {
    Document: withDocument ? encodedDocument(version.document) : undefined,
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: wholeSecondsOf(version.createdAtMs),
  };
}

export function attachedPoliciesXml(iam: IamState, arns: readonly string[]): XmlElement {
  return membersOf(
    arns.map((PolicyArn) => ({
      PolicyName: iam.policies.get(PolicyArn)?.name ?? PolicyArn.split('/').at(-1),
      PolicyArn,
    })),
  );
}
