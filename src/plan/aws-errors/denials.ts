/**
 * Refusals for want of a permission, by the policy that AWS's text names. Source of the texts:
 * "Troubleshoot access denied error messages" of the IAM user guide.
 */
import { denialCodes, type ErrorRow } from './error-row.ts';

const denied = { codes: denialCodes, kind: 'Denied', reason: 'AccessDenied' } as const;
const stalled = { severity: 'stalled' } as const;

export const denials: readonly ErrorRow[] = [
  {
    ...denied,
    ...stalled,
    text: /service control polic(y|ies)/i,
    where: 'a service control policy (SCP)',
    actor: 'OrganizationAdministrator',
    advice:
      "A policy of the AWS organization forbids it, whatever the account grants. Ask the organization's administrator to let the operator's role do it.",
  },
  {
    ...denied,
    ...stalled,
    text: /resource control polic(y|ies)/i,
    where: 'a resource control policy (RCP)',
    actor: 'OrganizationAdministrator',
    advice:
      "A policy of the AWS organization on its resources forbids it, whatever the account grants. Ask the organization's administrator to let the operator's role do it.",
  },
  {
    ...denied,
    ...stalled,
    text: /permissions boundary/i,
    where: 'a permissions boundary',
    actor: 'AccountAdministrator',
    advice:
      "The permissions boundary of the operator's role limits it, whatever its policies grant. Ask the account's administrator to let the boundary allow the action.",
  },
  {
    ...denied,
    ...stalled,
    text: /VPC endpoint polic(y|ies)/i,
    where: 'the policy of a VPC endpoint on the way to AWS',
    actor: 'NetworkOwner',
    advice:
      "The call left through a VPC endpoint for AWS's own API (ec2, iam or sts) whose policy does not let it pass. Ask the owner of that VPC to let the endpoint's policy allow the action.",
  },
  {
    ...denied,
    ...stalled,
    text: /session polic(y|ies)/i,
    where: 'a session policy',
    actor: 'AccountAdministrator',
    advice:
      "The session that the operator works in was made with a policy that limits it, whatever the role grants. Ask the account's administrator, or whoever hands out the session, to widen it.",
  },
  {
    ...denied,
    ...stalled,
    text: /role trust polic(y|ies)/i,
    where: 'the trust policy of a role',
    actor: 'AccountAdministrator',
    advice:
      "The role does not trust the operator. Ask the administrator of the role's account to name the operator's role and its external id in the trust policy (deploy/iam has one).",
  },
  {
    ...denied,
    ...stalled,
    text: /resource-based polic(y|ies)/i,
    where: 'a policy of the resource itself',
    actor: 'ResourceOwner',
    advice:
      "The policy of the resource does not let the operator's role do it. Ask the resource's owner to allow it there.",
  },
  {
    ...denied,
    ...stalled,
    text: /explicit deny/i,
    where: "an explicit deny in the role's own policies",
    actor: 'AccountAdministrator',
    advice:
      "One of the policies of the operator's role forbids it, and no grant outweighs that. Ask the account's administrator to take the operator out of the denying statement.",
  },
  {
    ...denied,
    ...stalled,
    actor: 'OperatorAdministrator',
    advice: 'Grant the action to the operator (deploy/iam has the policy).',
  },
  {
    codes: ['AuthFailure'],
    text: /^(?!.*(not able to validate|could ?n.t (be )?validate|not formatted correctly)).+/is,
    where: 'any text but that credentials could not be validated or read',
    kind: 'Denied',
    reason: 'AccessDenied',
    severity: 'stalled',
    actor: 'OperatorAdministrator',
    advice:
      "AWS takes the operator's credentials for ones that have no right to this resource. Check that the spec names the resource of the right account, and that the operator works in that account.",
  },
];
