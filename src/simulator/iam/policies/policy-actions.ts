import type { ActionTable, CallContext } from '../../actions.ts';
import { booleanOf, type Form, requiredTextOf, textOf } from '../../protocol/form.ts';
import { membersOf, type XmlElement } from '../../protocol/xml.ts';
import { customerPolicyIn, iamOf, isAwsManaged, policyIn } from '../context.ts';
import { alreadyExists, deleteConflict, quotaExceeded } from '../errors.ts';
import { iamArn } from '../names.ts';
import { pageOf } from '../paging.ts';
import { attachedTo, boundaryOf, policyXml, wholePolicyXml } from './policies.ts';
import { checkManagedPolicy } from './policy-document.ts';
import type { Policy } from '../records.ts';
import type { IamState } from '../state.ts';
import { checkedCount, tagsIn, tagsXml, untagged } from '../tags.ts';

/** IAM's default quota of customer-managed policies. */
const maxCustomerPolicies = 1500;

const paging = ['Marker', 'MaxItems'];

export const policyActions: ActionTable = {
  CreatePolicy: {
    readOnly: false,
    required: ['PolicyName', 'PolicyDocument'],
    optional: ['Path', 'Description', 'Tags'],
    run: createPolicy,
  },
  GetPolicy: { readOnly: true, required: ['PolicyArn'], run: getPolicy },
  DeletePolicy: { readOnly: false, required: ['PolicyArn'], run: deletePolicy },
  ListPolicies: {
    readOnly: true,
    optional: ['Scope', 'OnlyAttached', 'PathPrefix', 'PolicyUsageFilter', ...paging],
    run: listPolicies,
  },
  TagPolicy: { readOnly: false, required: ['PolicyArn', 'Tags'], run: tagPolicy },
  UntagPolicy: { readOnly: false, required: ['PolicyArn', 'TagKeys'], run: untagPolicy },
  ListPolicyTags: {
    readOnly: true,
    required: ['PolicyArn'],
    optional: paging,
    run: listPolicyTags,
  },
};

function createPolicy(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = newPolicy(iam, {
    name: requiredTextOf(form, 'PolicyName'),
    path: textOf(form, 'Path'),
    document: requiredTextOf(form, 'PolicyDocument'),
    description: textOf(form, 'Description'),
    tags: tagsIn(form),
  });
  return { Policy: wholePolicyXml(iam, policy, context.view) };
}

export interface NewPolicy extends Pick<Policy, 'name' | 'description' | 'tags'> {
  readonly path: string | undefined;
  readonly document: string;
}

/** Names are unique in the account, whatever their case and path. */
export function newPolicy(iam: IamState, wanted: NewPolicy): Policy {
  const { name, path = '/' } = wanted;
  checkManagedPolicy(wanted.document);
  const own = iam.policies.list().filter((policy) => !isAwsManaged(policy));
  if (own.some((policy) => policy.name.toLowerCase() === name.toLowerCase())) {
    throw alreadyExists('Policy', name);
  }
  if (own.length >= maxCustomerPolicies) throw quotaExceeded('Policies', maxCustomerPolicies);
  const nowMs = iam.ledger.now();
  const policy: Policy = {
    id: iam.ids.unique('ANPA'),
    arn: iamArn(iam, 'policy', path, name),
    name,
    path,
    description: wanted.description,
    versions: [{ id: 'v1', document: wanted.document, createdAtMs: nowMs }],
    defaultVersionId: 'v1',
    versionCount: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    tags: wanted.tags,
  };
  iam.policies.put(policy.arn, policy);
  return policy;
}

function getPolicy(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  return { Policy: wholePolicyXml(iam, policyIn(iam, form, context.view), context.view) };
}

/** Only the default version may be left, and nothing may use the policy. */
function deletePolicy(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = customerPolicyIn(iam, form, context);
  const users = [
    ...attachedTo(iam, policy.arn, context.view),
    ...boundaryOf(iam, policy.arn, context.view),
  ];
  if (users.length > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  iam.policies.delete(policy.arn);
  return {};
}

function listPolicies(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const { view } = context;
  const scope = textOf(form, 'Scope') ?? 'All';
  const prefix = textOf(form, 'PathPrefix') ?? '/';
  const usage = textOf(form, 'PolicyUsageFilter');
  const isUsed = ({ arn }: Policy): boolean =>
    (usage !== 'PermissionsBoundary' && attachedTo(iam, arn, view).length > 0) ||
    (usage !== 'PermissionsPolicy' && boundaryOf(iam, arn, view).length > 0);
  const policies = iam.policies
    .list(view)
    .filter((policy) => scope === 'All' || isAwsManaged(policy) === (scope === 'AWS'))
    .filter(({ path }) => path.startsWith(prefix))
    .filter((policy) => booleanOf(form, 'OnlyAttached') !== true || isUsed(policy))
    .filter((policy) => usage === undefined || isUsed(policy));
  const { rows, rest } = pageOf(iam, policies, form);
  return { Policies: membersOf(rows.map((policy) => policyXml(iam, policy, view))), ...rest };
}

function tagPolicy(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = customerPolicyIn(iam, form, context);
  iam.policies.change(policy.arn, { tags: checkedCount({ ...policy.tags, ...tagsIn(form) }) });
  return {};
}

function untagPolicy(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = customerPolicyIn(iam, form, context);
  iam.policies.change(policy.arn, { tags: untagged(policy.tags, form) });
  return {};
}

function listPolicyTags(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const { tags } = policyIn(iam, form, context.view);
  const { rows, rest } = pageOf(iam, Object.entries(tags), form);
  return { Tags: tagsXml(Object.fromEntries(rows)), ...rest };
}
