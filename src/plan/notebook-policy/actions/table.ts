/** The table of the actions on a notebook policy: all that the machinery knows of them. */
import type { ActionRow, ActionTable, Before, KnownResources } from '../../actions/action-table.ts';
import { missingPrincipal } from '../../aws-errors/missing-principal.ts';
import type { Principal, PrincipalPolicies } from '../../facts.ts';
import { withoutTags, withTags } from '../../tags/actions/tag-changes.ts';
import { removalLines, setLines, tagsBefore } from '../../tags/actions/tag-lines.ts';
import type { PolicyAction, PolicyResults } from '../actions.ts';
import { imaginedPolicy, nextVersionId } from './imagined-policy.ts';
import {
  attached,
  defaultVersionSet,
  detached,
  policyCreated,
  policyDeleted,
  policyTagged,
  versionDeleted,
} from './policy-changes.ts';

const subject = () => 'NotebookAccessEnforced' as const;

/** Columns of a change of a policy that is there. */
const ofPolicy = {
  subject,
  resourceIds: ({ arn }: { readonly arn: string }) => [arn],
} satisfies Partial<ActionRow<{ readonly arn: string }, object>>;

/** Columns of a change of what a policy is attached to. */
const ofAttachment = {
  ...ofPolicy,
  about: ({ arn, principal }: Attachment) => `${arn}, ${principal.kind} ${principal.name}`,
} satisfies Partial<ActionRow<Attachment, object>>;

interface Attachment {
  readonly arn: string;
  readonly principal: Principal;
}

export const policyActions: ActionTable<PolicyAction, PolicyResults> = {
  CreatePolicy: {
    subject,
    eventReason: 'PolicyCreated',
    resourceIds: () => [],
    about: ({ name }) => name,
    changes: policyCreated,
    createdId: ({ policy, existed }) => (existed ? undefined : policy.arn),
    imagined: (action, imagination) => ({
      policy: imaginedPolicy(action, imagination.caller()),
      existed: false,
    }),
    text: ({ path, name, document }) => ({
      sign: '+',
      title: `IAM policy ${path}${name}`,
      details: [],
      document: { before: undefined, after: document },
    }),
  },
  CreatePolicyVersion: {
    ...ofPolicy,
    eventReason: 'PolicyVersionCreated',
    changes: ({ arn, document }, { versionId }) =>
      defaultVersionSet(arn, { versionId, document, isNew: true }),
    createdId: ({ versionId }) => versionId,
    imagined: ({ arn }, imagination) => ({
      versionId: nextVersionId(imagination.policyVersions(arn)),
    }),
    before: documentBefore,
    text: ({ arn, document }, before) => ({
      sign: '~',
      title: `IAM policy ${arn}`,
      details: [],
      document: { before: before['document'], after: document },
    }),
  },
  SetDefaultPolicyVersion: {
    ...ofPolicy,
    eventReason: 'PolicyVersionSet',
    changes: ({ arn, versionId, document }) =>
      defaultVersionSet(arn, { versionId, document, isNew: false }),
    before: documentBefore,
    text: ({ arn, versionId, document }, before) => ({
      sign: '~',
      title: `IAM policy ${arn}`,
      details: [`default version ${versionId}`],
      document: { before: before['document'], after: document },
    }),
  },
  DeletePolicyVersion: {
    ...ofPolicy,
    eventReason: 'PolicyVersionDeleted',
    changes: ({ arn, versionId }) => [versionDeleted(arn, versionId)],
    text: ({ arn, versionId }) => ({
      sign: '-',
      title: `version ${versionId} of ${arn}`,
      details: [],
    }),
  },
  AttachPolicy: {
    ...ofAttachment,
    eventReason: 'PolicyAttached',
    changes: ({ arn, principal }) => [attached(arn, principal)],
    // IAM refuses to attach to a principal that is not there.
    check: ({ principal }) => ({
      look: { kind: 'PrincipalPolicies', principals: [principal] },
      refusal: (answer: readonly PrincipalPolicies[]) =>
        answer.length > 0 ? undefined : missingPrincipal(attachingTo(principal), principal),
    }),
    text: ({ arn, principal }) => ({
      sign: '+',
      title: attachmentTitle(arn, principal),
      details: [],
    }),
  },
  DetachPolicy: {
    ...ofAttachment,
    eventReason: 'PolicyDetached',
    changes: ({ arn, principal }) => [detached(arn, principal)],
    text: ({ arn, principal }) => ({
      sign: '-',
      title: attachmentTitle(arn, principal),
      details: [],
    }),
  },
  DeletePolicy: {
    ...ofPolicy,
    eventReason: 'PolicyDeleted',
    changes: ({ arn }) => policyDeleted(arn),
    text: ({ arn }) => ({ sign: '-', title: `IAM policy ${arn}`, details: [] }),
  },
  TagPolicy: {
    ...ofPolicy,
    eventReason: 'TagsWritten',
    changes: ({ arn, tags }) => [policyTagged(arn, (former) => withTags(former, tags))],
    before: ({ arn, tags }, known) => tagsBefore([known.policy(arn)], Object.keys(tags)),
    text: ({ arn, tags }, before) => ({
      sign: '~',
      title: `tags of ${arn}`,
      details: setLines(tags, before),
    }),
  },
  UntagPolicy: {
    ...ofPolicy,
    eventReason: 'TagsRemoved',
    changes: ({ arn, keys }) => [policyTagged(arn, (former) => withoutTags(former, keys))],
    releases: true,
    before: ({ arn, keys }, known) => tagsBefore([known.policy(arn)], keys),
    text: ({ arn, keys }) => ({
      sign: '~',
      title: `tags of ${arn}`,
      details: removalLines(keys),
    }),
  },
};

function documentBefore(
  { arn }: { readonly arn: string },
  known: KnownResources,
): Before | undefined {
  const document = known.policy(arn)?.document;
  return document === undefined ? undefined : { document };
}

function attachmentTitle(arn: string, { kind, name }: Principal): string {
  return `${arn} on ${kind} ${name}`;
}

/** IAM's name of the action. */
function attachingTo({ kind }: Principal): string {
  return `iam:Attach${kind.charAt(0).toUpperCase()}${kind.slice(1)}Policy`;
}
