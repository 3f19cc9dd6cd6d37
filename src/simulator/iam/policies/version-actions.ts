import type { ActionTable, CallContext } from '../../actions.ts';
import { booleanOf, type Form, requiredTextOf } from '../../protocol/form.ts';
import { membersOf, type XmlElement } from '../../protocol/xml.ts';
import { customerPolicyIn, iamOf, policyIn } from '../context.ts';
import { deleteConflict, limitExceeded, noSuchEntity } from '../errors.ts';
import { pageOf } from '../paging.ts';
import { versionXml } from './policies.ts';
import { checkManagedPolicy } from './policy-document.ts';
import type { Policy, PolicyVersion } from '../records.ts';

/** IAM's quota, not adjustable. */
const maxVersions = 5;

export const versionActions: ActionTable = {
  CreatePolicyVersion: {
    readOnly: false,
    required: ['PolicyArn', 'PolicyDocument'],
    optional: ['SetAsDefault'],
    run: createVersion,
  },
  GetPolicyVersion: {
    readOnly: true,
    required: ['PolicyArn', 'VersionId'],
    run: getVersion,
  },
  ListPolicyVersions: {
    readOnly: true,
    required: ['PolicyArn'],
    optional: ['Marker', 'MaxItems'],
    run: listVersions,
  },
  DeletePolicyVersion: {
    readOnly: false,
    required: ['PolicyArn', 'VersionId'],
    run: deleteVersion,
  },
  SetDefaultPolicyVersion: {
    readOnly: false,
    required: ['PolicyArn', 'VersionId'],
    run: setDefaultVersion,
  },
};

function createVersion(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = customerPolicyIn(iam, form, context);
  const document = requiredTextOf(form, 'PolicyDocument');
  checkManagedPolicy(document);
  if (policy.versions.length >= maxVersions) {
    throw limitExceeded(
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    );
  }
  const versionCount = policy.versionCount + 1;
  const nowMs = iam.ledger.now();
  const version: PolicyVersion = { id: `v${versionCount}`, document, createdAtMs: nowMs };
  const isDefault = booleanOf(form, 'SetAsDefault') === true;
  const changed = iam.policies.change(policy.arn, {
    versions: [...policy.versions, version],
    versionCount,
    defaultVersionId: isDefault ? version.id : policy.defaultVersionId,
    updatedAtMs: nowMs,
  });
  return { PolicyVersion: versionXml(changed, version, false) };
}

/** The version that a request names. */
function versionIn(policy: Policy, form: Form): PolicyVersion {
  const id = requiredTextOf(form, 'VersionId');
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (version !== undefined) return version;
  throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

function getVersion(context: CallContext, form: Form): XmlElement {
  const policy = policyIn(iamOf(context), form, context.view);
  return { PolicyVersion: versionXml(policy, versionIn(policy, form), true) };
}

/** Newest first, without documents. */
function listVersions(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = policyIn(iam, form, context.view);
  const { rows, rest } = pageOf(iam, policy.versions.toReversed(), form);
  return {
    Versions: membersOf(rows.map((version) => versionXml(policy, version, false))),
    ...rest,
  };
}

function deleteVersion(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = customerPolicyIn(iam, form, context);
  const version = versionIn(policy, form);
  if (version.id === policy.defaultVersionId) {
    throw deleteConflict('Cannot delete the default version of a policy.');
  }
  const versions = policy.versions.filter(({ id }) => id !== version.id);
  iam.policies.change(policy.arn, { versions });
  return {};
}

function setDefaultVersion(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const policy = customerPolicyIn(iam, form, context);
  const { id } = versionIn(policy, form);
  const updatedAtMs = iam.ledger.now();
  iam.policies.change(policy.arn, { defaultVersionId: id, updatedAtMs });
  return {};
}
