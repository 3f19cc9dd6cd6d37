import type { Principal } from '../../plan/facts.ts';
import type { PolicyAction, PolicyResults } from '../../plan/notebook-policy/actions.ts';
import { attachmentOf, defaultVersion } from '../../plan/notebook-policy/actions/policy-changes.ts';
import type { RecentWrite } from '../consistency/recent-write.ts';
import { sentBy, type WriteTable } from '../write-table.ts';
import { attachPolicy, detachPolicy } from './write-attachments.ts';
import { createPolicy, deletePolicy, tagPolicy, untagPolicy } from './write-policies.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from './write-versions.ts';

/** How the actions on a policy are sent. */
export const policyWrites: WriteTable<PolicyAction, PolicyResults> = {
  CreatePolicy: {
    send: createPolicy,
    overtakes: ({ path, name }, { id }) => id.endsWith(`:policy${path}${name}`),
  },
  CreatePolicyVersion: { send: createPolicyVersion, overtakes: overtakesDefault },
  SetDefaultPolicyVersion: {
    ...sentBy(setDefaultPolicyVersion),
    overtakes: overtakesDefault,
  },
  DeletePolicyVersion: sentBy(deletePolicyVersion),
  AttachPolicy: { ...sentBy(attachPolicy), overtakes: overtakesAttachment },
  DetachPolicy: { ...sentBy(detachPolicy), overtakes: overtakesAttachment },
  DeletePolicy: { ...sentBy(deletePolicy), overtakes: ({ arn }, { id }) => id === arn },
  TagPolicy: sentBy(tagPolicy),
  UntagPolicy: sentBy(untagPolicy),
};

function overtakesDefault({ arn }: { readonly arn: string }, { id, aspect }: RecentWrite): boolean {
  return id === arn && aspect === defaultVersion;
}

function overtakesAttachment(
  { arn, principal }: { readonly arn: string; readonly principal: Principal },
  { id, aspect }: RecentWrite,
): boolean {
  return id === arn && aspect === attachmentOf(principal);
}
