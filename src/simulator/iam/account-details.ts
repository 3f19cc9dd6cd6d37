import type { ActionTable, CallContext } from '../actions.ts';
import type { View } from '../ledger.ts';
import { type Form, textsOf } from '../protocol/form.ts';
import { membersOf, type XmlElement } from '../protocol/xml.ts';
import { iamOf, isAwsManaged, kindNames, principalsOf } from './context.ts';
import { profilesOf } from './principals/instance-profiles.ts';
import { pageOf } from './paging.ts';
import { attachedPoliciesXml, policyXml, versionXml } from './policies/policies.ts';
import { encodedDocument } from './policies/policy-document.ts';
import { boundaryXml, principalXml } from './principals/principals.ts';
import type { Policy, Principal, PrincipalKind } from './records.ts';
import type { IamState } from './state.ts';
import { tagsXml } from './tags.ts';

export const accountDetailActions: ActionTable = {
  GetAccountAuthorizationDetails: {
    readOnly: true,
    optional: ['Filter', 'Marker', 'MaxItems'],
    run: getDetails,
  },
};

type Entry =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'policy'; readonly policy: Policy };

/** Everything in the account that grants something, in pages over users, groups, roles, policies. */
function getDetails(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const { view } = context;
  const filter = textsOf(form, 'Filter');
  const isWanted = (name: string): boolean => filter.length === 0 || filter.includes(name);
  const principals = (['user', 'group', 'role'] as const)
    .filter((kind) => isWanted(kindNames[kind]))
    .flatMap((kind) => principalsOf(iam, view, kind))
    .map((principal) => ({ kind: 'principal', principal }) as const);
  const policies = iam.policies
    .list(view)
    .filter((p) => isWanted(isAwsManaged(p) ? 'AWSManagedPolicy' : 'LocalManagedPolicy'))
    .map((policy) => ({ kind: 'policy', policy }) as const);
  const { rows, rest } = pageOf<Entry>(iam, [...principals, ...policies], form);
  const ofKind = (kind: PrincipalKind): XmlElement =>
    membersOf(
      rows.flatMap((row) =>
        row.kind === 'principal' && row.principal.kind === kind
          ? [principalDetail(iam, row.principal, view)]
          : [],
      ),
    );
  return {
    UserDetailList: ofKind('user'),
    GroupDetailList: ofKind('group'),
    RoleDetailList: ofKind('role'),
    Policies: membersOf(
      rows.flatMap((row) =>
        row.kind === 'policy'
          ? [{ ...policyXml(iam, row.policy, view), PolicyVersionList: versionList(row.policy) }]
          : [],
      ),
    ),
    ...rest,
  };
}

function versionList(policy: Policy): XmlElement {
  return membersOf(policy.versions.map((version) => versionXml(policy, version, true)));
}

function principalDetail(iam: IamState, principal: Principal, view: View): XmlElement {
  const { kind } = principal;
  const inline = Object.entries(principal.inlinePolicies).map(([PolicyName, document]) => ({
    PolicyName,
    PolicyDocument: encodedDocument(document),
  }));
  return {
    ...principalXml(principal),
    [`${kindNames[kind]}PolicyList`]: membersOf(inline),
    GroupList: kind === 'user' ? membersOf(principal.groupNames) : undefined,
    InstanceProfileList: kind === 'role' ? membersOf(profilesOf(iam, principal, view)) : undefined,
    AttachedManagedPolicies: attachedPoliciesXml(iam, principal.attachedPolicyArns),
    PermissionsBoundary: boundaryXml(principal.boundaryArn),
    Tags: kind === 'group' ? undefined : tagsXml(principal.tags),
  };
}
